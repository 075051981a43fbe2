'use strict';

/** `writeRecords`. The file is written in Rust (`src/core/tables`), to which the records are handed over in chunks of JSON. */

const binding = require('../../../binding.js');
const { checkTableOptions } = require('./options.js');
const { Stopper } = require('./Stopper.js');
const { unwrapped } = require('./unwrapped.js');
const { chunksOf, isIterable, toJson } = require('../bulk/chunks.js');
const { describeValue } = require('../options.js');
const { rewrapError } = require('../copies.js');

/**
 * Writes records as a table; see `types/tables.d.ts`.
 *
 * @param {string} path The file.
 * @param {*} records An iterable or async iterable.
 * @param {object} [options] `format`, `separator`, `externalBillingId`, `externalBillingNote`, `signal`.
 * @returns {Promise<object>} `{ path, format, rows }`.
 */
async function writeRecords(path, records, options = {}) {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`writeRecords: expected the path of a file; got ${describeValue(path)}`);
  }
  if (!isIterable(records)) {
    throw new TypeError(
      `writeRecords: the records must be an array or another iterable; got ${describeValue(records)}`,
    );
  }
  checkTableOptions('writeRecords', options);
  const { signal, ...settings } = options;
  const writer = new binding.TableWriter(path, settings);
  const stopper = new Stopper(signal);
  try {
    for await (const chunk of stopper.values(chunksOf(records))) {
      await unwrapped(writer.write(toJson(chunk)));
    }
    const { format, rows } = await unwrapped(writer.finish());
    return { path, format, rows };
  } catch (error) {
    await writer.discard();
    throw rewrapError(error);
  } finally {
    stopper.end();
  }
}

module.exports = { writeRecords };
