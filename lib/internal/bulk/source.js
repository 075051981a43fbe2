'use strict';

/** @import { BulkRun } from '../../../binding.js' */

/** Where the records of `closeMany` come from, and how they cross to Rust. */

const { CHUNK, chunksOf, toJson } = require('./chunks');
const { List } = require('../resources/list');
const { RecordTable } = require('../tables/readRecords');
const { toError } = require('../results/toError');

/**
 * How many records of an array cross to Rust at once. All of them are there, and the main thread writes a thousand as
 * JSON in a third less time than four times 250.
 */
const LARGE_CHUNK = 1000;

/** Splits a list into chunks. */
function* split(list, size) {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
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
    this._notify = () => undefined;
    /** Whether no more records will come, or the run has been aborted. */
    this.isOver = false;
    /** Whether Rust has all records, and has checked them. */
    this._isChecked = false;
    /** Whether all records are known: then each of them is handed over, even if the run ends early. */
    this._isWhole = false;
  }

  /** Says that the run has been aborted, or is over: a source that gives records one by one is left. */
  leave() {
    this.isOver = true;
    this._notify();
  }

  /**
   * Waits until more records have been handed over, or no more will come. This does not keep the process alive: a
   * program whose source never gives anything ends.
   *
   * @returns {Promise<void>} Resolves then.
   */
  moved() {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const previous = this._notify;
      this._notify = () => {
        previous();
        resolve();
      };
    });
  }

  /**
   * Prepares the records; those of an array or a table are checked as a whole before anything is sent.
   *
   * @returns {Promise<void>} Rejects with a TypeError that names the invalid record, or with what is wrong with the table.
   */
  async open() {
    const records = this._records;
    if (Array.isArray(records)) {
      // A copy, as the caller may reuse the array while it is being checked.
      const all = records.slice();
      await this._checkAll(split(all, LARGE_CHUNK));
      this._run.expect(all.length);
    } else if (records instanceof RecordTable) {
      this._run.expect(await this._checkAll(records._chunks()));
    }
  }

  /** Checks records, given in chunks; resolves to how many there were. */
  async _checkAll(chunks) {
    let count = 0;
    for await (const chunk of chunks) {
      // Nothing of an aborted run is sent: an invalid record only ends the list.
      const wasOver = this.isOver;
      const result = await this._run.check(toJson(chunk));
      if (result !== undefined && !wasOver) throw toError(result);
      if (result !== undefined) break;
      count += chunk.length;
    }
    this._isChecked = true;
    return count;
  }

  /**
   * Hands the records over. If all of them are known, they are handed over even if the run ends early, so that its
   * report counts them.
   *
   * @returns {Promise<void>} Rejects with what is wrong with one of them, or with what its source throws.
   */
  async feed() {
    try {
      if (this._isChecked) await this._pushChecked();
      else if (!this.isOver) await this._pushChunks(this._chunks());
    } finally {
      await this._run.end();
      this.leave();
    }
  }

  async _pushChecked() {
    while (await this._run.pushChecked()) this._moved();
  }

  async _pushChunks(chunks) {
    for await (const chunk of chunks) {
      const result = await this._run.push(toJson(chunk));
      if (result === false) return;
      if (result !== true) throw toError(result);
      this._moved();
      if (this.isOver && !this._isWhole) return;
    }
  }

  /** The records of a list or an iterable, as many at a time as cross to Rust at once. */
  async *_chunks() {
    const records = this._records;
    if (records instanceof List) yield* split(await this._listed(records), CHUNK);
    else yield* chunksOf(records);
  }

  /** The records of a list of ours, with the fields that the run looks at. None if the run is aborted meanwhile. */
  async _listed(list) {
    const { listOrdering, listedFields } = this._run;
    const listed = [];
    for await (const page of list.snapshot(listOrdering).pages()) {
      if (this.isOver) return [];
      for (const record of page)
        listed.push(Object.fromEntries(listedFields.map((key) => [key, record[key]])));
    }
    this._run.expect();
    this._isWhole = true;
    return listed;
  }

  _moved() {
    const notify = this._notify;
    this._notify = () => undefined;
    notify();
  }
}

module.exports = { Source };
