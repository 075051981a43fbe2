'use strict';

/**
 * `readRecords`. What a file is and what its rows mean is decided in Rust (`src/core/tables`); here streams are passed on
 * and records come out one by one.
 */

const { Table, checkReading } = require('./Table.js');

/** The records of a table; see `types/tables.d.ts`. */
class RecordTable extends Table {
  constructor(input, options, name = 'readRecords') {
    super(name, input, options);
  }
}

/**
 * Reads records from a table; see `types/tables.d.ts`.
 *
 * @param {*} input A path, a stream, or bytes.
 * @param {object} [options] `sheet`, `hidden`, `format`, `maxBytes`, `signal`.
 * @returns {RecordTable} The records.
 */
function readRecords(input, options = {}) {
  checkReading('readRecords', input, options);
  return new RecordTable(input, { ...options });
}

module.exports = { RecordTable, readRecords };
