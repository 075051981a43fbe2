'use strict';

const binding = require('../../../binding.js');

/**
 * What an aborted request rejects with: the signal's reason itself.
 *
 * @param {AbortSignal} signal The signal.
 * @returns {*} Its reason; an AbortError if the platform sets none.
 */
function abortReason(signal) {
  const { reason } = signal;
  if (reason === undefined) {
    return Object.assign(new Error('The user aborted a request.'), { name: 'AbortError', type: 'aborted' });
  }
  // The platform's default reason gets the `type` of node-fetch's AbortError, for which the original's users tested.
  // A reason of the caller's own is left as it is.
  const isPlatformError = Object.prototype.toString.call(reason) === '[object DOMException]';
  if (
    isPlatformError &&
    reason.name === 'AbortError' &&
    reason.type === undefined &&
    Object.isExtensible(reason)
  ) {
    Object.defineProperty(reason, 'type', { value: 'aborted', configurable: true, writable: true });
  }
  return reason;
}

/**
 * What an aborted `closeMany` rejects with. Each run gets an error of its own, which carries its report: several runs
 * may share a signal, and so its reason.
 *
 * @param {AbortSignal} signal The signal.
 * @returns {Error} An AbortError as Node's own; its `cause` is the signal's reason.
 */
function abortError(signal) {
  const error = new Error('The run was aborted');
  Object.defineProperty(error, 'name', { value: 'AbortError', configurable: true, writable: true });
  Object.defineProperty(error, 'cause', { value: abortReason(signal), configurable: true, writable: true });
  return Object.assign(error, { code: 'ABORT_ERR', type: 'aborted' });
}

/** The callbacks of each signal, and the listener that calls them. */
const subscriptions = new WeakMap();

/**
 * Subscribes to a signal. All callbacks share one listener: a month's calls may share one signal, and Node warns of a
 * leak from the eleventh listener on.
 *
 * @param {AbortSignal} signal The signal.
 * @param {() => void} callback Called when it is aborted.
 * @returns {() => void} Unsubscribes; the last callback takes the listener away.
 */
function onAbort(signal, callback) {
  let subscription = subscriptions.get(signal);
  if (subscription === undefined) {
    const callbacks = new Set();
    // Those that unsubscribe during the iteration are skipped by the set.
    const listener = () => {
      for (const notify of callbacks) notify();
    };
    subscription = { callbacks, listener };
    subscriptions.set(signal, subscription);
  }
  const { callbacks, listener } = subscription;
  // One entry for each subscription, even if two have the same callback.
  const entry = () => callback();
  if (callbacks.size === 0) signal.addEventListener('abort', listener);
  callbacks.add(entry);
  return () => {
    if (callbacks.delete(entry) && callbacks.size === 0) signal.removeEventListener('abort', listener);
  };
}

/**
 * Sends a request of the engine that a signal can abort.
 *
 * @param {AbortSignal|undefined} signal The signal.
 * @param {Function} send Sends the request; gets the engine's abort handle, or undefined.
 * @returns {Promise<*>} What `send` resolves to; rejects with the signal's reason.
 */
async function abortable(signal, send) {
  if (!signal) return send(undefined);
  if (signal.aborted) throw abortReason(signal);
  const handle = new binding.Abort();
  const unsubscribe = onAbort(signal, () => handle.abort());
  try {
    const result = await send(handle);
    if (result.failure !== undefined && result.failure.kind === 'abort') throw abortReason(signal);
    return result;
  } finally {
    unsubscribe();
  }
}

/**
 * A signal that follows another one and that we can abort; the other one itself if the platform has no
 * AbortController.
 */
function followSignal(signal) {
  if (typeof AbortController !== 'function')
    return { signal, abort: () => undefined, unsubscribe: () => undefined };
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  let unsubscribe = () => undefined;
  if (signal?.aborted) abort();
  else if (signal) unsubscribe = onAbort(signal, abort);
  return { signal: controller.signal, abort: () => controller.abort(), unsubscribe };
}

module.exports = { abortError, abortReason, abortable, followSignal, onAbort };
