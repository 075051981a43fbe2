'use strict';

const { isDate } = require('util').types;

/**
 * The sandbox's time: the caller's clock plus what `advance` has added. Nothing waits for it; what is due is done when
 * somebody looks.
 */
class Clock {
  /** @param {() => Date | number} read the caller's clock */
  constructor(read) {
    this.read = read;
    this.added = 0;
    this.order = 0;
    this.due = [];
  }

  /** Milliseconds since 1970. */
  now() {
    const time = this.read();
    const milliseconds = typeof time === 'number' || isDate(time) ? Number(time) : NaN;
    // What `Date` can hold, so that every time can be written.
    if (Number.isNaN(new Date(milliseconds + this.added).getTime())) {
      throw new TypeError(
        `startSandbox: now must return a Date or milliseconds since 1970, but returned ${String(time)}`,
      );
    }
    return milliseconds + this.added;
  }

  /** The time in the API's form. */
  iso() {
    return isoText(this.now());
  }

  /** Does something in `ms` milliseconds of this time. */
  schedule(ms, run) {
    this.order += 1;
    this.due.push({ at: this.now() + ms, order: this.order, run });
    this.due.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /** Does what is due. */
  settle() {
    while (this.due.length > 0 && this.due[0].at <= this.now()) this.due.shift().run();
  }

  /** Lets time pass. */
  advance(ms) {
    if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) {
      throw new TypeError('sandbox.advance: expected a number of milliseconds from 0');
    }
    // In steps, so that what is done at its time sees that time.
    const end = this.added + ms;
    for (;;) {
      this.settle();
      const wait = this.due.length > 0 ? this.due[0].at - this.now() : Infinity;
      if (this.added + wait > end) break;
      this.added += wait;
    }
    this.added = end;
  }
}

const isoText = (milliseconds) => new Date(milliseconds).toISOString().replace('Z', '+00:00');

module.exports = { Clock, isoText };
