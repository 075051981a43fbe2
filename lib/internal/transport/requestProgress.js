'use strict';

/**
 * Whether a request of `closeMany` may have been sent by the time it fails. The run must know it, and an error does
 * not say: the same object may be thrown by a hook before one request and by an adapter after another.
 */
class RequestProgress {
  constructor() {
    this._isStarted = false;
    this._maybeSent = false;
  }

  /** The adapter has the request; hooks, which may throw, come before it is sent. */
  start() {
    this._isStarted = true;
  }

  /**
   * The transport is done with the request, perhaps for the first of several times.
   *
   * @param {boolean} maybeSent Whether any of it may have been sent.
   */
  sent(maybeSent) {
    this._maybeSent = this._maybeSent || maybeSent;
  }

  /** Whether certainly nothing was sent. */
  get isUnsent() {
    return this._isStarted && !this._maybeSent;
  }
}

const UNTRACKED = { start: () => undefined, sent: () => undefined };

/** By the request's options, the one object that the whole pipeline passes on. */
const tracked = new WeakMap();

/**
 * Tracks a request.
 *
 * @param {object} options Its options.
 * @returns {RequestProgress} Its progress.
 */
function trackProgress(options) {
  const progress = new RequestProgress();
  tracked.set(options, progress);
  return progress;
}

/** The progress of the request with these options; nothing is noted of one that is not tracked. */
const progressOf = (options) => tracked.get(options) || UNTRACKED;

module.exports = { progressOf, trackProgress };
