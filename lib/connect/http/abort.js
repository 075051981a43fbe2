'use strict';

const binding = require('../../../binding.js');

/**
 * What a request that was called off rejects with: the caller's reason, whose identity is kept.
 *
 * @param {AbortSignal} signal The signal.
 * @returns {*} Its reason; an AbortError where the platform gives none.
 */
function reasonOf(signal) {
  if (signal.reason !== undefined) return signal.reason;
  return Object.assign(new Error('The user aborted a request.'), { name: 'AbortError', type: 'aborted' });
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
  const onAbort = () => abort.abort();
  signal.addEventListener('abort', onAbort);
  try {
    const result = await send(abort);
    if (result.failure !== undefined && result.failure.kind === 'abort') throw reasonOf(signal);
    return result;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

module.exports = { abortable, reasonOf };
