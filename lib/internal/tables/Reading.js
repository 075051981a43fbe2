'use strict';

/** Passes the bytes of a table on to Rust, and its rows back. */

const binding = require('../../../binding.js');
const { Stopper } = require('./Stopper.js');
const { TableError, toError } = require('../results/errors.js');
const { rewrapError } = require('../copies.js');
const { abortReason, onAbort } = require('../transport/abort.js');
const { closeStream, readable, toBytes } = require('../transport/streams.js');

/** How many records or rows cross from Rust at once. */
const CHUNK = 1000;

/** Makes the error of a failure of Rust's. */
function errorOf(result, { name, signal }) {
  const { kind, message } = result.failure;
  if (kind === 'abort') return signal?.aborted ? abortReason(signal) : closed(name);
  // The options have been checked: what is wrong is in the file.
  if (kind !== 'input') return toError(result);
  const { refused, refusedCount } = result;
  return new TableError(message, refused === undefined ? {} : { refused: JSON.parse(refused), refusedCount });
}

/** Whether a value is bytes, of any realm. */
const isBytes = (value) =>
  ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === '[object ArrayBuffer]';

/** How many bytes cross to Rust at once, of those that are in memory. */
const PART = 1 << 20;

/** Bytes in parts, each of which is copied only when it is its turn. */
async function* partsOf(bytes) {
  const all = toBytes(bytes);
  for (let from = 0; from < all.length; from += PART) yield all.subarray(from, from + PART);
}

/** What reading a table rejects with that is closed meanwhile. */
const closed = (name) => new TypeError(`${name}: the table was closed`);

/** One reading of a table, from its check to its last row. */
class Reading {
  /**
   * @param {string} name The function, for messages.
   * @param {*} input A path, a stream, or bytes.
   * @param {object} options `signal`, and those of Rust's reader.
   */
  constructor(name, input, { signal, ...options }) {
    this._name = name;
    this._input = input;
    this._signal = signal;
    this._native = new binding.TableReader(typeof input === 'string' ? input : null, options);
    this._stopper = new Stopper(signal);
    this._unsubscribe = signal ? onAbort(signal, () => this._stop()) : () => undefined;
    if (signal?.aborted) this._native.abort();
  }

  /** Stops what is under way; the copy of a stream is removed. */
  _stop() {
    this._native.abort();
    if (typeof this._input !== 'string' && !isBytes(this._input)) closeStream(this._input);
    return this._native.close();
  }

  /** Reads the whole table once; resolves to its description. */
  async check() {
    try {
      await this._pushAll();
      return JSON.parse(await this._result(this._native.check()));
    } catch (error) {
      await this.close();
      throw this._signal?.aborted ? abortReason(this._signal) : rewrapError(error);
    }
  }

  async _pushAll() {
    if (typeof this._input === 'string') return;
    const source = isBytes(this._input) ? partsOf(this._input) : readable(this._input);
    for await (const chunk of this._stopper.values(source[Symbol.asyncIterator]())) {
      await this._result(this._native.push(toBytes(chunk)));
    }
  }

  /** The records or rows, in chunks. */
  async *chunks() {
    try {
      for (;;) {
        const chunk = await this._result(this._native.next(CHUNK));
        if (chunk === null) return;
        yield JSON.parse(chunk);
      }
    } finally {
      await this.close();
    }
  }

  /** Has a run read the rows; see `Table._checkInto`. */
  async checkInto(run) {
    try {
      const result = await run.checkTable(this._native);
      if (result.table) throw errorOf(result, { name: this._name, signal: this._signal });
      return result;
    } finally {
      await this.close();
    }
  }

  async close() {
    this._unsubscribe();
    this._stopper.end();
    await this._native.close();
  }

  /** Closes it, whatever is under way: that rejects. */
  async cancel() {
    this._stopper.stop(closed(this._name));
    await this._stop();
    await this.close();
  }

  async _result(promise) {
    const result = await promise;
    if (typeof result === 'object' && result !== null)
      throw errorOf(result, { name: this._name, signal: this._signal });
    return result;
  }
}

module.exports = { Reading, isBytes };
