'use strict';

/** What a caller may say of one call, behind its documented arguments, and what the engine is told of it. */

const binding = require('../../binding.js');
const events = require('./events');
const { abortable } = require('./http/abort');
const { listHeaders } = require('./http/body');
const { CALL_RULES, FILE_RULES } = require('./options');
const { checkOptions, isPlain } = require('./rules');

/** A call of which nothing is said. */
const NO_OPTIONS = Object.freeze({});

/** Names and values in turn, as an object; refuses those that say where a body ends. */
function named(method, headers) {
  const object = {};
  for (let i = 0; i < headers.length; i += 2) {
    if (binding.isFraming(headers[i])) {
      throw new TypeError(`${method}: the header '${headers[i]}' is written by the SDK itself`);
    }
    object[headers[i]] = headers[i + 1];
  }
  return object;
}

/** Whether a value is a plain object with one of the options. */
function hasOneOf(rules, value) {
  return isPlain(value) && Object.keys(value).some((key) => Object.hasOwn(rules, key));
}

/**
 * The options of a call: a plain object behind the documented arguments that has one of them. Anything else there is
 * not ours: `ids.map(records.get, records)` keeps working.
 *
 * @param {{ name: string, answer: string }} method The method that is called.
 * @param {*} given What stands behind its arguments.
 * @returns {object} `signal`, `timeout`, `maxRetries`, `headers`, `to`; throws a TypeError for one that cannot be used.
 */
function readCall({ name, answer }, given) {
  const rules = answer === 'bytes' ? FILE_RULES : CALL_RULES;
  if (!hasOneOf(rules, given)) return NO_OPTIONS;
  const call = {};
  // What is null was left out, as for `fetch`.
  for (const [key, value] of Object.entries(given)) call[key] = value === null ? undefined : value;
  checkOptions(rules, call, { prefix: `${name}: `, of: ' of a call' });
  // As an object of names, which hooks and adapters can change.
  if (call.headers !== undefined) call.headers = named(name, listHeaders(call.headers));
  return call;
}

/**
 * The options of a call among what stands behind the arguments of a method that only calls another one: to be passed
 * on, or nothing, so that whoever watches the other method sees the calls of the original.
 *
 * @param {Array} rest What stands behind the arguments.
 * @returns {Array} The options, or nothing.
 */
function forward(rest) {
  const [given] = rest;
  return hasOneOf(CALL_RULES, given) ? [given] : [];
}

/** Headers in which later ones take the place of earlier ones of their name. */
function merge(headers, added) {
  const names = added.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const kept = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!names.includes(headers[i].toLowerCase())) kept.push(headers[i], headers[i + 1]);
  }
  return [...kept, ...added];
}

/**
 * Sends a request of the engine as a call says, and tells those who watch.
 *
 * @param {object} client The client, for its endpoint and key.
 * @param {string} method The HTTP method.
 * @param {object} call The options of the call.
 * @param {Function} send Sends, given what the engine is to be told of the call: nothing, or an object.
 * @returns {Promise<*>|*} What the engine answers; rejects with the signal's reason.
 */
function carryOut(client, method, call, send) {
  const isWatched = events.isWatched();
  if (call === NO_OPTIONS && !isWatched) return send();
  const { signal, timeout, maxRetries, to } = call;
  const headers = listHeaders(call.headers);
  const told = { timeout, maxRetries, to, headers };
  if (!isWatched) return abortable(signal, (abort) => send({ ...told, abort }));
  const trace = new events.Trace(method, client._apiKey);
  // As the hook makes it, which knows what becomes of a slash at the endpoint's end.
  const start = (path) => merge(headers, trace.start(client.addEndpointPrefix(client._endpoint, path).url));
  const again = trace.again();
  return watched(
    trace,
    client._apiKey,
    abortable(signal, (abort) => send({ ...told, abort, start, again })),
  );
}

/** Tells what becomes of a request. */
async function watched(trace, key, pending) {
  try {
    const outcome = await pending;
    const { failure } = outcome;
    if (failure === undefined) trace.finish(outcome);
    else trace.finish({ error: require('./settle').failureOf(outcome, key), attempts: failure.attempts });
    return outcome;
  } catch (error) {
    trace.finish({ error });
    throw error;
  }
}

module.exports = { NO_OPTIONS, carryOut, forward, merge, readCall };
