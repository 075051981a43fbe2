'use strict';

/**
 * Calls after-hooks, and does what the pipeline does around them: it ends a call whose hooks take too long, and keeps what a
 * hook may read away.
 */

const { isPromise } = require('util').types;

const { MAX_TIMER_MS } = require('../options.js');
const { TimeoutError } = require('../results/errors.js');
const { abortReason, onAbort } = require('./abort.js');
const { contentOf } = require('./response.js');

/**
 * Calls each hook with what the one before it has returned, which may be a promise.
 *
 * @param {Function[]} hooks The hooks.
 * @param {object} response The response.
 * @returns {*} What the last hook has returned.
 */
function runHooks(hooks, response) {
  const run = (previous, hook) => {
    // Nobody waits for it if this hook fails: should it reject, too, the process would end.
    const forget = () => {
      if (typeof previous?.then === 'function') previous.then(undefined, () => undefined);
    };
    try {
      const result = hook(previous);
      // An async hook throws here. Of other objects with a `then`, each call might do the work once more.
      if (result !== previous && isPromise(previous) && isPromise(result)) result.then(undefined, forget);
      return result;
    } catch (error) {
      forget();
      throw error;
    }
  };
  return hooks.reduce(run, response);
}

/** The texts of errors that are not ours, by the response. */
const texts = new WeakMap();

/**
 * Keeps the text of an error of the platform's `fetch`: a hook may read it, and the call still rejects with what it says. Ours
 * keeps its body by itself. Others are not copied: the copy of node-fetch's stands still until both are read.
 *
 * @param {object} response What hooks are about to see.
 * @returns {Promise<void>|undefined} Settled when the text is kept: until its copy is read, a hook that cancels the body would
 *   wait for ever. Undefined if there is nothing to keep.
 */
function keepError(response) {
  if (response?.ok !== false || contentOf(response) !== undefined || response.bodyUsed !== false)
    return undefined;
  if (typeof response.body?.getReader !== 'function' || typeof response.clone !== 'function')
    return undefined;
  const keep = (text) => {
    texts.set(response, text);
  };
  // What cannot be read fails again when the call reads it.
  return response
    .clone()
    .text()
    .then(keep, () => undefined);
}

/** The kept text of an error; undefined if there is none. */
const errorTextOf = (response) => texts.get(response);

/**
 * The limits of a call that hold for its after-hooks.
 *
 * @param {*} options The options of the request; those for an adapter of the caller's own may be anything.
 * @param {{ timeout?: number }} client The options of the client.
 * @returns {{ signal?: AbortSignal, timeout?: number, startedAt?: [number, number] }|undefined} The limits; undefined if
 *   there are none.
 */
function limitsOf(options, client) {
  const { signal, timeout = client.timeout } = options || {};
  const hasTimeout = typeof timeout === 'number' && timeout > 0;
  const hasSignal = typeof signal?.addEventListener === 'function';
  if (!hasTimeout && !hasSignal) return undefined;
  return {
    signal: hasSignal ? signal : undefined,
    timeout: hasTimeout ? timeout : undefined,
    startedAt: hasTimeout ? process.hrtime() : undefined,
  };
}

/** How much of its time a call has left; a timer of 0 still lets a hook end that waits for nothing. */
function timeLeft({ timeout, startedAt }) {
  const [seconds, nanoseconds] = process.hrtime(startedAt);
  return Math.min(Math.max(timeout - seconds * 1e3 - nanoseconds / 1e6, 0), MAX_TIMER_MS);
}

/** The error of a call whose time is up. The server has answered, so it has received the request. */
function timeoutError({ timeout }, response) {
  const { attempts, waitedMs } = contentOf(response) || {};
  return new TimeoutError(
    `timed out after ${timeout / 1000} s, while an after-hook had the response (timeout)`,
    { attempts, waitedMs, maybeProcessed: true },
  );
}

/**
 * Waits for the after-hooks, no longer than the limits of the call allow.
 *
 * @param {object} limits As `limitsOf` returns them.
 * @param {*} result What the hooks have returned: a response, or a promise of it.
 * @param {object} response The response that they were given.
 * @returns {*} The result. Rejects with the signal's reason, or with a TimeoutError.
 */
function within(limits, result, response) {
  if (typeof result?.then !== 'function') return result;
  const { signal, timeout } = limits;
  return new Promise((resolve, reject) => {
    let timer;
    let unsubscribe = () => undefined;
    const settle = (end) => (value) => {
      clearTimeout(timer);
      unsubscribe();
      end(value);
    };
    const fail = settle(reject);
    Promise.resolve(result).then(settle(resolve), fail);
    // Two turns later: a hook that aborts all calls once it has seen the response, and is done with that, has its own result.
    const abort = () => Promise.resolve().then(() => Promise.resolve().then(() => fail(abortReason(signal))));
    if (signal?.aborted) abort();
    else if (signal !== undefined) unsubscribe = onAbort(signal, abort);
    if (timeout !== undefined)
      timer = setTimeout(() => fail(timeoutError(limits, response)), timeLeft(limits));
  });
}

module.exports = { errorTextOf, keepError, limitsOf, runHooks, within };
