'use strict';

/** The options of a call, which a caller may add behind the documented arguments of any method. */

const binding = require('../../../binding.js');
const { RequestTrace, isWatched } = require('../events/requestTrace');
const { CALL_OPTIONS, DOWNLOAD_OPTIONS } = require('../options/clientOptions');
const { checkOptions, isPlain } = require('../options/validators');
const { toError } = require('../results/toError');
const { abortable } = require('../transport/abort');
const { listHeaders, mergeHeaders } = require('../transport/headers');

/** A call without options. */
const NO_OPTIONS = Object.freeze({});

/** Headers as an object, which hooks and adapters can change; refuses those that frame the body. */
function headersObject(methodName, flat) {
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

/** Whether a value is a plain object with at least one of these options. */
function hasOption(validators, value) {
  return isPlain(value) && Object.keys(value).some((key) => Object.hasOwn(validators, key));
}

/**
 * Reads the options of a call. Only a plain object with at least one known option counts, so that
 * `ids.map(records.get, records)` keeps working.
 *
 * @param {{ name: string, response: string }} method The method.
 * @param {*} input What the caller passed behind its arguments.
 * @returns {object} `signal`, `timeout` (ms), `maxRetries`, `headers`, and `to` for a download; throws a TypeError
 *   for an invalid option.
 */
function readCallOptions({ name, response }, input) {
  const validators = response === 'bytes' ? DOWNLOAD_OPTIONS : CALL_OPTIONS;
  if (!hasOption(validators, input)) return NO_OPTIONS;
  const call = {};
  // As for `fetch`, null is the same as left out.
  for (const [key, value] of Object.entries(input)) call[key] = value === null ? undefined : value;
  checkOptions(validators, call, { prefix: `${name}: `, of: ' for a call' });
  if (call.headers !== undefined) call.headers = headersObject(name, listHeaders(call.headers));
  return call;
}

/**
 * The options of a call, for a method that only calls another one. Anything else is not passed on, so that a stub of
 * the other method gets the arguments that the original passes.
 *
 * @param {Array} rest What the caller passed behind the arguments.
 * @returns {Array} The options, or nothing.
 */
function forward(rest) {
  const [input] = rest;
  return hasOption(CALL_OPTIONS, input) ? [input] : [];
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
 * @param {Function} send Sends; gets the options for the engine, or undefined.
 * @returns {Promise<*>|*} The engine's result; rejects with the signal's reason.
 */
function callEngine(client, method, call, send) {
  const isTraced = isWatched();
  if (call === NO_OPTIONS && !isTraced) return send();
  const { signal } = call;
  const options = engineOptions(call);
  if (!isTraced) return abortable(signal, (abort) => send({ ...options, abort }));
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

module.exports = { NO_OPTIONS, callEngine, engineOptions, forward, readCallOptions };
