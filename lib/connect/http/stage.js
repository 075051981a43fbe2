'use strict';

/**
 * How far a request of a run has come when it fails. The run must know whether a record may have been sent, and an error
 * does not say: one object may be thrown by a hook before one request, and by an adapter after another.
 */
class Stage {
  constructor() {
    this._isBegun = false;
    this._maybeSent = false;
  }

  /** The request is being made: hooks see it, and may throw. */
  begin() {
    this._isBegun = true;
  }

  /**
   * What sends it is done.
   *
   * @param {boolean} maybeSent Whether something may have left.
   */
  sent(maybeSent) {
    // A `fetch` of the caller's own may send twice: once is enough.
    this._maybeSent = this._maybeSent || maybeSent;
  }

  /** Whether it is certain that nothing left. */
  get isUnsent() {
    return this._isBegun && !this._maybeSent;
  }
}

/** Of a request that nobody asks about. */
const NOBODYS = { begin: () => undefined, sent: () => undefined };

/** The stages of requests, by their options: the one thing that the whole pipeline hands on. */
const stages = new WeakMap();

/**
 * Follows a request.
 *
 * @param {object} options Its options.
 * @returns {Stage} Its stage.
 */
function follow(options) {
  const stage = new Stage();
  stages.set(options, stage);
  return stage;
}

/** The stage of the request with these options. */
const stageOf = (options) => stages.get(options) || NOBODYS;

module.exports = { follow, stageOf };
