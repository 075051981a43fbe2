'use strict';

/** @import { BulkRun } from '../../../binding.js' */

const { rewrapValue } = require('../copies.js');

/** How often progress is reported, in ms. */
const INTERVAL = 100;

/**
 * How long the end of a run waits for promises that the callback has returned, in ms. One that never settles must not keep the
 * report from the caller, for whom nothing else is left to wait for: the process would end.
 */
const GRACE = 5000;

/**
 * Reports the progress of a run to `onProgress` from time to time.
 *
 * @param {BulkRun} run The run.
 * @param {Function|undefined} onProgress The caller's callback.
 * @param {(error: *) => void} fail Gets what the callback throws or rejects with.
 * @returns {Function} Stops, reports the final progress, and resolves when the callback has handled everything, or the time
 *   for it is up.
 */
function reportProgress(run, onProgress, fail) {
  if (onProgress === undefined) return async () => undefined;
  const pending = new Set();
  let last = -1;
  const report = () => {
    const progress = rewrapValue(run.progress());
    if (progress.done === last) return;
    last = progress.done;
    try {
      // An async callback fails later, which ends the run as well.
      const handled = Promise.resolve(onProgress(progress))
        .catch(fail)
        .finally(() => pending.delete(handled));
      pending.add(handled);
    } catch (error) {
      fail(error);
    }
  };
  const timer = setInterval(report, INTERVAL);
  // Requests in flight keep the process alive, not this timer.
  timer.unref?.();
  return async () => {
    clearInterval(timer);
    report();
    if (pending.size === 0) return;
    let grace;
    const isOver = new Promise((resolve) => {
      grace = setTimeout(resolve, GRACE);
    });
    await Promise.race([Promise.all(pending), isOver]);
    clearTimeout(grace);
  };
}

module.exports = { reportProgress };
