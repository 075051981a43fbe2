'use strict';

/** `readRows`: rows of any columns, read as `readRecords` reads records. */

const { Table, checkReading } = require('./Table.js');

/**
 * A row: its texts by the headers of their columns, and in `unusable` why a cell has no text that can be used. `row` is Excel's
 * number, or the line of a CSV file.
 *
 * @typedef {{ row: number, hidden?: true, cells: Record<string, string>, unusable?: Record<string, string> }} TableRow
 */

/**
 * What was found in a table.
 *
 * @typedef {{ format: 'csv' | 'xlsx', sheet?: string, encoding?: string, separator?: string, columns: string[],
 *   rows: number }} RowsDescription
 */

/**
 * The rows of a table of any columns. Hidden rows are given, too, and marked.
 *
 * @typedef {AsyncIterable<TableRow> & { describe: () => Promise<RowsDescription>, close: () => Promise<void> }} RowTable
 */

/**
 * Reads a table of any columns. The first row that is not blank has their headers; a column without one is left out. The whole
 * table is checked before the first row is given.
 *
 * @param {*} input A path, a stream, or bytes.
 * @param {object} [options] How to read it.
 * @param {string} [options.sheet] The sheet of a workbook; by default `records`, or the only one.
 * @param {boolean} [options.hidden] Whether hidden sheets and columns may be read. Hidden rows always are.
 * @param {'csv' | 'xlsx'} [options.format] What the file must be.
 * @param {number} [options.maxBytes] How large it may be.
 * @param {AbortSignal} [options.signal] Ends the reading.
 * @returns {RowTable} The rows. A loop over them, and `describe`, reject as those of `readRecords` do.
 */
function readRows(input, options = {}) {
  checkReading('readRows', input, options);
  return new Table('readRows', input, { ...options, anyColumns: true });
}

module.exports = { readRows };
