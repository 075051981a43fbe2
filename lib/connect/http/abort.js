'use strict';

const binding = require('../../../binding.js');

/**
 * What a request that was called off rejects with: the caller's reason, whose identity is kept.
 *
 * @param {AbortSignal} signal The signal.
 * @returns {*} Its reason; an AbortError where the platform gives none.
 */
function reasonOf(signal) {
  const { reason } = signal;
  if (reason === undefined) {
    return Object.assign(new Error('The user aborted a request.'), { name: 'AbortError', type: 'aborted' });
  }
  // What the platform gives who names no reason has the type of node-fetch's error besides, for whom the original's users
  // tested. A reason of the caller's own stays as it is.
  const isPlatforms = Object.prototype.toString.call(reason) === '[object DOMException]';
  if (
    isPlatforms &&
    reason.name === 'AbortError' &&
    reason.type === undefined &&
    Object.isExtensible(reason)
  ) {
    Object.defineProperty(reason, 'type', { value: 'aborted', configurable: true, writable: true });
  }
  return reason;
}

/**
 * What a run that was called off rejects with: an error of its own, for several runs may share one signal and its reason.
 *
 * @param {AbortSignal} signal The signal.
 * @returns {Error} An AbortError, as Node's own; its `cause` is the caller's reason.
 */
function abortError(signal) {
  const error = new Error('The run was aborted');
  Object.defineProperty(error, 'name', { value: 'AbortError', configurable: true, writable: true });
  Object.defineProperty(error, 'cause', { value: reasonOf(signal), configurable: true, writable: true });
  return Object.assign(error, { code: 'ABORT_ERR', type: 'aborted' });
}

/** Whom each signal calls off. */
const listeners = new WeakMap();

/**
 * Hears a signal. However many calls hear it at once, it has one listener of ours: a month's calls with one signal are no
 * leak, which Node would warn of from the eleventh listener on.
 *
 * @param {AbortSignal} signal The signal.
 * @param {Function} onAbort Called when it is set off.
 * @returns {Function} To be called when it matters no more; the last one takes our listener away.
 */
function hear(signal, onAbort) {
  let calls = listeners.get(signal);
  if (calls === undefined) {
    calls = new Set();
    // A call that is over by the time its turn comes is no longer among them.
    calls.onAbort = () => {
      for (const one of calls) one();
    };
    listeners.set(signal, calls);
  }
  // Each call is one of its own, even if two hear with the same function.
  const heard = () => onAbort();
  if (calls.size === 0) signal.addEventListener('abort', calls.onAbort);
  calls.add(heard);
  return () => {
    if (calls.delete(heard) && calls.size === 0) signal.removeEventListener('abort', calls.onAbort);
  };
}

/**
 * Lets a signal call a request of the engine off.
 *
 * @param {AbortSignal|undefined} signal The signal.
 * @param {Function} send Sends the request, given the engine's switch for it.
 * @returns {Promise<*>} What `send` resolves to; rejects with the signal's reason.
 */
async function abortable(signal, send) {
  if (!signal) return send(undefined);
  if (signal.aborted) throw reasonOf(signal);
  const abort = new binding.Abort();
  const leave = hear(signal, () => abort.abort());
  try {
    const result = await send(abort);
    if (result.failure !== undefined && result.failure.kind === 'abort') throw reasonOf(signal);
    return result;
  } finally {
    leave();
  }
}

module.exports = { abortError, abortable, hear, reasonOf };
