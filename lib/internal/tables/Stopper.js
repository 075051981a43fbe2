'use strict';

const { abortReason, onAbort } = require('../transport/abort.js');

/** Stops waiting for a source, when a signal aborts or what reads it is closed. */
class Stopper {
  /** @param {AbortSignal} [signal] The signal. */
  constructor(signal) {
    /** @type {{ reason: * } | undefined} */
    this._stopped = undefined;
    this._reject = (_reason) => undefined;
    const abort = () => this.stop(abortReason(signal));
    this._unsubscribe = signal === undefined ? () => undefined : onAbort(signal, abort);
    if (signal?.aborted) abort();
  }

  /** @param {*} reason What the waiting rejects with. */
  stop(reason) {
    this._stopped = this._stopped || { reason };
    this._reject(reason);
  }

  /** Takes no more notice of the signal. */
  end() {
    this._unsubscribe();
  }

  /** Waits for a value, and for no other at the same time: a promise that is raced for each value would keep all of them. */
  _wait(next) {
    return new Promise((resolve, reject) => {
      this._reject = reject;
      if (this._stopped) reject(this._stopped.reason);
      else Promise.resolve(next()).then(resolve, reject);
    });
  }

  /**
   * The values of an iterator until it is stopped, which does not wait for a slow source.
   *
   * @param {AsyncIterator} iterator The iterator.
   */
  async *values(iterator) {
    try {
      for (;;) {
        const { done, value } = await this._wait(() => iterator.next());
        if (done) return;
        yield value;
      }
    } finally {
      // Not awaited: the source may be waiting for something.
      Promise.resolve(iterator.return?.()).catch(() => undefined);
    }
  }
}

module.exports = { Stopper };
