'use strict';

/** A request of the engine with options of its call, or with subscribers to its events. */

const binding = require('../../../binding.js');
const { isWatched } = require('../events/channels.js');
const { RequestTrace } = require('../events/requestTrace.js');
const { toError } = require('../results/errors.js');
const { abortable } = require('../transport/abort.js');
const { listHeaders, mergeHeaders } = require('../transport/headers.js');

/** Headers as an object, which hooks and adapters can change; refuses those that frame the body. */
function headersObject(methodName, headers) {
  const flat = listHeaders(headers);
  const object = {};
  for (let i = 0; i < flat.length; i += 2) {
    if (binding.isFraming(flat[i])) {
      throw new TypeError(
        `${methodName}: the header '${flat[i]}' is set by the SDK and cannot be overridden`,
      );
    }
    object[flat[i]] = flat[i + 1];
  }
  return object;
}

/** The options of a call as the engine takes them. */
function engineOptions({ timeout, maxRetries, to, headers }) {
  return { timeout, maxRetries, to, headers: listHeaders(headers) };
}

/**
 * Sends a request of the engine with the options of its call, and publishes its events if anybody subscribes to them.
 *
 * @param {object} client The client, for its endpoint and key.
 * @param {string} method The HTTP method.
 * @param {object} call The options of the call.
 * @param {Function} send Sends; gets the options for the engine.
 * @returns {Promise<*>|*} The engine's result; rejects with the signal's reason.
 */
function callWithOptions(client, method, call, send) {
  const { signal } = call;
  const options = engineOptions(call);
  if (!isWatched()) return abortable(signal, (abort) => send({ ...options, abort }));
  const trace = new RequestTrace(method, client._apiKey);
  // The URL as the built-in hook writes it.
  const start = (path) =>
    mergeHeaders(options.headers, trace.start(client.addEndpointPrefix(client._endpoint, path).url));
  const onRetry = trace.onRetry();
  return finishTrace(
    trace,
    client._apiKey,
    abortable(signal, (abort) => send({ ...options, abort, start, onRetry })),
  );
}

/** Publishes the end of a request. */
async function finishTrace(trace, key, pending) {
  try {
    const result = await pending;
    const { failure } = result;
    if (failure === undefined) trace.finish(result);
    else trace.finish({ error: toError(result, key), attempts: failure.attempts });
    return result;
  } catch (error) {
    trace.finish({ error });
    throw error;
  }
}

module.exports = { callWithOptions, engineOptions, headersObject };
