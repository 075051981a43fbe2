'use strict';

/** @import { BulkRun } from '../../../binding.js' */

/** Where the records of `closeMany` come from, and how they cross to Rust. */

const { chunksOf, toJson } = require('./chunks.js');
const { List } = require('../resources/list.js');
const { followSignal } = require('../transport/abort.js');
const { canSendInRust } = require('../transport/fastPath.js');
const { RecordTable } = require('../tables/readRecords.js');
const { toError } = require('../results/errors.js');

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
    /** Ends the reading of a file or a list. */
    this._stopReading = () => undefined;
    /** Whether no more records will come, or the run has been aborted. */
    this.isOver = false;
    /** Whether Rust has all records, and has checked them: each is handed over, even if the run ends early. */
    this._isChecked = false;
  }

  /** Says that the run has been aborted, or is over: a source that gives records one by one is left. */
  leave() {
    this.isOver = true;
    this._stopReading();
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
    } else if (records instanceof RecordTable) await this._checkTable(records);
  }

  /** Checks records, given in chunks. */
  async _checkAll(chunks) {
    for (const chunk of chunks) {
      // Nothing of an aborted run is sent: an invalid record only ends the list.
      const wasOver = this.isOver;
      const result = await this._run.check(toJson(chunk));
      if (result !== undefined && !wasOver) throw toError(result);
      if (result !== undefined) break;
    }
    this._isChecked = true;
  }

  /** Checks the records of a table, which do not come here. */
  async _checkTable(table) {
    this._stopReading = () => table.close();
    const result = await this._unlessOver(table._checkInto(this._run));
    this._isChecked = true;
    if (typeof result === 'number') this._run.expect(result);
    else if (!this.isOver) throw toError(result);
  }

  /** Reads a list as a whole, and checks its records. */
  async _openList(list) {
    if (canSendInRust(list._resource)) await this._collect(list);
    else await this._checkAll(split(await this._listed(list), LARGE_CHUNK));
    this._run.expect();
  }

  /** Has Rust read a list, whose records do not come here. */
  async _collect(list) {
    const { signal, abort, unsubscribe } = followSignal(list._options.call.signal);
    this._stopReading = abort;
    const { listOrdering } = this._run;
    await this._unlessOver(list.snapshot(listOrdering)._collectInto(this._run, signal).finally(unsubscribe));
    this._isChecked = true;
  }

  /** What is read; what is wrong with it does not matter once the run is over. */
  async _unlessOver(reading) {
    try {
      return await reading;
    } catch (error) {
      if (!this.isOver) throw error;
      return undefined;
    }
  }

  /**
   * Hands the records over. If all of them are known, they are handed over even if the run ends early, so that its
   * report counts them.
   *
   * @returns {Promise<void>} Rejects with what is wrong with one of them, or with what its source throws.
   */
  async feed() {
    try {
      const records = this._records;
      if (records instanceof List && !this.isOver) await this._openList(records);
      if (this._isChecked) await this._run.pushChecked();
      else if (!this.isOver) await this._pushChunks(chunksOf(records));
    } finally {
      await this._run.end();
      this.leave();
    }
  }

  async _pushChunks(chunks) {
    for await (const chunk of chunks) {
      const result = await this._run.push(toJson(chunk));
      if (result === false) return;
      if (result !== true) throw toError(result);
      this._moved();
      if (this.isOver) return;
    }
  }

  /** The records of a list of ours, with the fields that the run looks at. None if the run is aborted meanwhile. */
  async _listed(list) {
    const { listOrdering, listedFields } = this._run;
    const listed = [];
    for await (const page of list.snapshot(listOrdering).pages()) {
      if (this.isOver) return [];
      for (const record of page)
        listed.push(Object.fromEntries(listedFields.map((key) => [key, record?.[key]])));
    }
    return listed;
  }

  _moved() {
    const notify = this._notify;
    this._notify = () => undefined;
    notify();
  }
}

module.exports = { Source };
