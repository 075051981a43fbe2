'use strict';

/** Records from anything that can be looped over, in chunks that the engine takes. */

/** How many records are read from an iterable, and cross to Rust, at once. */
const CHUNK = 250;

/** How long the records that are there wait for more, in ms: a queue may give the next one in an hour. */
const PATIENCE = 100;

const LATE = Symbol('late');

/** Reads records from an iterator, a chunk at a time; of a slow one, what it has given within our patience. */
class Reader {
  constructor(records) {
    // A loop of `for await` over what is there already would cost a turn of the queue for each record.
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
          timer = setTimeout(resolve, PATIENCE, LATE);
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

  /** The next record; or that it is late, in which case it is waited for the next time. */
  async next(late) {
    if (this.pending === undefined) this.pending = this.iterator.next();
    const next = await (late === undefined ? this.pending : Promise.race([this.pending, late]));
    if (next !== LATE) this.pending = undefined;
    return next;
  }
}

/** The records of an iterable in chunks; those that came before its failure, too. */
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
    // Who stops before the end says so, as a loop would.
    const { isOver, iterator } = reader;
    if (!isOver && typeof iterator.return === 'function') await iterator.return();
  }
}

module.exports = { CHUNK, chunksOf };
