'use strict';

/** Records from any iterable, in chunks. */

/** How many records of an iterable cross to Rust at once. */
const CHUNK = 250;

/** How long an incomplete chunk waits for more records, in ms: a queue may give the next one in an hour. */
const MAX_WAIT = 100;

const LATE = Symbol('late');

/** Reads chunks of records from an iterator. A chunk of a slow one is what it gives within the time that we wait. */
class Reader {
  constructor(records) {
    // `for await` over a synchronous iterable would cost a microtask per record.
    this.isSync = records[Symbol.asyncIterator] === undefined;
    this.iterator = (records[Symbol.asyncIterator] || records[Symbol.iterator]).call(records);
    this.pending = undefined;
    this.isOver = false;
  }

  /** Fills a chunk. */
  async fill(chunk) {
    let timer;
    const late = this.isSync
      ? undefined
      : new Promise((resolve) => {
          timer = setTimeout(resolve, MAX_WAIT, LATE);
        });
    try {
      while (chunk.length < CHUNK) {
        const next = this.isSync
          ? this.iterator.next()
          : await this.next(chunk.length === 0 ? undefined : late);
        if (next === LATE) return;
        if (next.done) {
          this.isOver = true;
          return;
        }
        chunk.push(next.value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next record, or `LATE`; then the next call waits for it. */
  async next(late) {
    if (this.pending === undefined) this.pending = this.iterator.next();
    const next = await (late === undefined ? this.pending : Promise.race([this.pending, late]));
    if (next !== LATE) this.pending = undefined;
    return next;
  }
}

/** The records of an iterable in chunks, including those before it fails. */
async function* chunksOf(records) {
  const reader = new Reader(records);
  try {
    while (!reader.isOver) {
      const chunk = [];
      let failure;
      try {
        await reader.fill(chunk);
      } catch (error) {
        reader.isOver = true;
        failure = { error };
      }
      if (chunk.length > 0) yield chunk;
      if (failure !== undefined) throw failure.error;
    }
  } finally {
    // Like a loop that is left early.
    const { isOver, iterator } = reader;
    if (!isOver && typeof iterator.return === 'function') await iterator.return();
  }
}

/** A chunk as JSON. An id may be a bigint, which JSON does not know; looking for one each time costs too much. */
function stringify(chunk) {
  try {
    return JSON.stringify(chunk);
  } catch {
    return JSON.stringify(chunk, (_key, value) => (typeof value === 'bigint' ? `${value}` : value));
  }
}

/** A chunk as Rust takes it: JSON, as bytes. */
const toJson = (chunk) => Buffer.from(stringify(chunk));

/** Whether a value gives records one after the other. */
const isIterable = (value) =>
  typeof value === 'object' &&
  value !== null &&
  [Symbol.iterator, Symbol.asyncIterator].some((key) => typeof value[key] === 'function');

module.exports = { chunksOf, isIterable, toJson };
