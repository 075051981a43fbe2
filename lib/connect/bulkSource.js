'use strict';

/** Where the records of `closeMany` come from, and how they cross to Rust. */

const { CHUNK, chunksOf } = require('./chunks');
const { List } = require('./list');
const { failureOf } = require('./settle');

/**
 * How many records of an array cross to Rust at once: all of them are there, and the main thread writes a thousand as
 * JSON in a third less time than four times 250.
 */
const LARGE_CHUNK = 1000;

/** A chunk as JSON. An id may be a bigint, which JSON does not know; to look for them each time costs too much. */
function stringify(chunk) {
  try {
    return JSON.stringify(chunk);
  } catch {
    return JSON.stringify(chunk, (_key, value) => (typeof value === 'bigint' ? `${value}` : value));
  }
}

/** A chunk as Rust takes it: JSON, as bytes. */
const toJson = (chunk) => Buffer.from(stringify(chunk));

/** Gives a list's members one after the other, and lets go of each. */
function* emptied(list) {
  for (let i = 0; i < list.length; i += 1) {
    const member = list[i];
    list[i] = undefined;
    yield member;
  }
}

/** What comes in chunks, as JSON. */
async function* jsonOf(chunks) {
  for await (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i += CHUNK) yield toJson(chunk.slice(i, i + CHUNK));
  }
}

/** The records of a run, and how far they have been handed over. */
class Source {
  /**
   * @param {BulkRun} run The run.
   * @param {object} records What the caller gave.
   */
  constructor(run, records) {
    this._run = run;
    this._records = records;
    this._wake = () => undefined;
    /** Whether no more records will come, or the run has been called off. */
    this.isOver = false;
  }

  /** Says that the run has been called off: a source that gives records one by one is left. */
  leave() {
    this.isOver = true;
    this._wake();
  }

  /**
   * Waits until there is more, or no more. Nothing is kept alive by it: a program whose source never gives anything ends.
   *
   * @returns {Promise<void>} Resolves then.
   */
  moved() {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const previous = this._wake;
      this._wake = () => {
        previous();
        resolve();
      };
    });
  }

  /**
   * Looks the records over, where all of them are there.
   *
   * @returns {Promise<void>} Rejects with a TypeError that names the record that cannot be used.
   */
  async open() {
    const records = this._records;
    if (records instanceof List) this._texts = jsonOf(this._ids(records));
    else if (!Array.isArray(records)) this._texts = jsonOf(chunksOf(records));
    else {
      // As it is now: the caller may reuse the array while it is looked over.
      const all = records.slice();
      this._texts = emptied(await this._check(all));
      this._run.expect(all.length);
      this._isWhole = true;
    }
  }

  /** An array as JSON, in chunks that are looked over before anything is sent: what was checked is what goes out. */
  async _check(records) {
    const texts = [];
    for (let i = 0; i < records.length; i += LARGE_CHUNK) {
      const text = toJson(records.slice(i, i + LARGE_CHUNK));
      // Of a run that has been called off nothing goes out.
      const result = this.isOver ? undefined : await this._run.check(text);
      if (result !== undefined) throw failureOf(result);
      texts.push(text);
    }
    return texts;
  }

  /** The ids of our own list: the rest of each record is not needed. */
  async *_ids(list) {
    const ids = [];
    for await (const page of list.snapshot('created_time').pages()) {
      if (this.isOver) return;
      ids.push(...page.map(({ id }) => ({ id })));
    }
    this._run.expect();
    this._isWhole = true;
    yield ids;
  }

  /**
   * Hands the records over. Those that are all there are handed over even if the run ends early, so that its report
   * counts them.
   *
   * @returns {Promise<void>} Rejects with what is wrong with one of them, or with what its source throws.
   */
  async feed() {
    try {
      if (this.isOver && !this._isWhole) return;
      for await (const text of this._texts) {
        const taken = await this._run.push(text);
        if (taken === false) return;
        if (taken !== true) throw failureOf(taken);
        this._moved();
        if (this.isOver && !this._isWhole) return;
      }
    } finally {
      await this._run.end();
      this.leave();
    }
  }

  _moved() {
    const wake = this._wake;
    this._wake = () => undefined;
    wake();
  }
}

module.exports = { Source };
