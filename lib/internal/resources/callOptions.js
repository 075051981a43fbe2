'use strict';

/** The options of a call, which a caller may add behind the documented arguments of any method. */

const { isWatched } = require('../events/channels');
const { onDemand } = require('../onDemand');
const { CALL_OPTIONS, DOWNLOAD_OPTIONS, checkOptions, isPlain } = require('../options');

const engineCall = onDemand(() => require('./engineCall'));

/** A call without options. */
const NO_OPTIONS = Object.freeze({});

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
  if (call.headers !== undefined) call.headers = engineCall().headersObject(name, call.headers);
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

/**
 * Sends a request of the engine.
 *
 * @param {object} client The client, for its endpoint and key.
 * @param {string} method The HTTP method.
 * @param {object} call The options of the call.
 * @param {Function} send Sends; gets the options for the engine, or undefined.
 * @returns {Promise<*>|*} The engine's result; rejects with the signal's reason.
 */
function callEngine(client, method, call, send) {
  if (call === NO_OPTIONS && !isWatched()) return send();
  return engineCall().callWithOptions(client, method, call, send);
}

module.exports = { NO_OPTIONS, callEngine, forward, readCallOptions };
