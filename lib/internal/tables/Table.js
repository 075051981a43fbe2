'use strict';

const { Reading, isBytes } = require('./Reading.js');
const { checkTableOptions } = require('./options.js');
const { describeValue } = require('../options.js');
const { isReadable } = require('../transport/streams.js');

/** The rows of a table, whatever they are; see `RecordTable` in `types/tables.d.ts`. */
class Table {
  /**
   * @param {string} name The function, for messages.
   * @param {*} input A path, a stream, or bytes.
   * @param {object} options `signal`, and those of Rust's reader.
   */
  constructor(name, input, options) {
    this._name = name;
    this._input = input;
    this._options = options;
    /** A reading whose table is checked, or is being checked, and that no loop has yet. */
    this._next = undefined;
    this._description = undefined;
    this._isConsumed = false;
    /** The readings that are not over. */
    this._readings = new Set();
  }

  /** Begins a reading. */
  _open() {
    if (this._isConsumed)
      throw new TypeError(`${this._name}: the stream has been read; it can be read only once`);
    this._isConsumed = isReadable(this._input);
    const reading = new Reading(this._name, this._input, this._options);
    this._next = reading;
    this._readings.add(reading);
    this._description = reading.check();
    // Whoever awaits it gets the error.
    this._description.catch(() => {
      if (this._next === reading) this._next = undefined;
      this._readings.delete(reading);
    });
  }

  async describe() {
    if (this._description === undefined) this._open();
    return this._description;
  }

  /** A reading whose table is checked, for one who goes through its rows. */
  async _take() {
    if (this._next === undefined) this._open();
    const reading = this._next;
    this._next = undefined;
    await this._description;
    return reading;
  }

  async *[Symbol.asyncIterator]() {
    const reading = await this._take();
    try {
      for await (const rows of reading.chunks()) yield* rows;
    } finally {
      this._readings.delete(reading);
    }
  }

  /**
   * Has a run read the rows, which do not come to JavaScript.
   *
   * @param {import('../../../binding.js').BulkRun} run The run.
   * @returns {Promise<*>} How many there are, or `{ failure }` if the run refuses one. Rejects as a loop over the rows does.
   */
  async _checkInto(run) {
    const reading = await this._take();
    try {
      return await reading.checkInto(run);
    } finally {
      this._readings.delete(reading);
    }
  }

  async close() {
    const readings = [...this._readings];
    this._readings.clear();
    this._next = undefined;
    await Promise.all(readings.map((reading) => reading.cancel()));
  }
}

/**
 * Checks the arguments of a function that reads a table.
 *
 * @param {string} name The function.
 * @param {*} input What the caller gave.
 * @param {*} options What the caller gave.
 */
function checkReading(name, input, options) {
  const isPath = typeof input === 'string' && input !== '';
  if (isPath && /[\r\n]/.test(input)) {
    throw new TypeError(
      `${name}: expected the path of a file; this text has several lines: pass Buffer.from(text)`,
    );
  }
  if (!isPath && !isBytes(input) && !isReadable(input)) {
    throw new TypeError(
      `${name}: expected the path of a file, a stream, or bytes; got ${describeValue(input)}`,
    );
  }
  checkTableOptions(name, options);
}

module.exports = { Table, checkReading };
