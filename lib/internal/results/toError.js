'use strict';

/** Errors from what the engine or a response reports. The fields decide the class, never the text of a message. */

const binding = require('../../../binding.js');
const { APIError, ConnectionError, HttpError, KEY, TimeoutError, withoutKey } = require('./errors.js');

/** The errors of requests that would fail at any other time, too. */
const lasting = new WeakSet();

/** Whether an error says that there was no response, and that the same request may get one at another time. */
function isTransient(error) {
  return error instanceof ConnectionError && !lasting.has(error);
}

/** Whether a content type is JSON, in any case and with any parameters; of several values the first counts. */
function isJson(contentType) {
  return /^application\/json\s*([;,]|$)/i.test(contentType || '');
}

/** The message for a response that has no text of its own. */
function describeResponse({ method, path }, status, what) {
  return `${method || 'the request'}${path ? ` ${path}` : ''} returned status ${status} with ${what}`;
}

/**
 * Says of a request whose response is an error, or cannot be read, that it may have been processed, if that is so.
 *
 * @param {number} status The status; a mock's may be no number.
 * @param {object} request The request. Without a `method` it may be one that changes something.
 * @returns {object} The request, with `maybeProcessed`.
 */
function withMaybeProcessed(status, request) {
  return Number.isInteger(status) && binding.mayHaveBeenDone(status, request.method ?? 'POST')
    ? { ...request, maybeProcessed: true }
    : request;
}

/**
 * The error for a response whose status is not 2xx.
 *
 * @param {number} status The status.
 * @param {string|undefined} contentType The content type.
 * @param {string} text The body.
 * @param {object} request The request: `method`, `path`, `attempts`.
 * @returns {HttpError} An APIError if the body is JSON and was announced as such.
 */
function httpError(status, contentType, text, request) {
  const details = withMaybeProcessed(status, request);
  if (isJson(contentType)) {
    try {
      return new APIError(status, text, details);
    } catch {
      // The content type is wrong; the status is not.
    }
  }
  return new HttpError(status, text || describeResponse(details, status, 'no body'), details);
}

/**
 * The error for a result of the engine whose status is not 2xx.
 *
 * @param {object} result As in `toResult`.
 * @param {string} [key] The client's key, which is masked.
 * @returns {HttpError} The error.
 */
function toHttpError({ status, contentType, body, method, path, attempts, waitedMs, retryAfter }, key) {
  return httpError(status, contentType, body, { method, path, attempts, waitedMs, retryAfter, [KEY]: key });
}

/**
 * The error for a request that got no response.
 *
 * @param {object} result `{ failure: { kind, message, code, maybeProcessed, isTransient, attempts, waitedMs, cause,
 *   method, path } }`.
 * @param {string} [key] The client's key, which is masked.
 * @returns {Error} A TypeError for invalid input, a TimeoutError, a ConnectionError, or a plain Error for a file that
 *   could not be written.
 */
function toError({ failure }, key) {
  const error = createError(failure, key);
  if (failure.isTransient === false) lasting.add(error);
  return error;
}

function createError(failure, key) {
  const { kind, method, path, cause, isTransient: _isTransient, ...details } = failure;
  details[KEY] = key;
  const message = withoutKey(failure.message, details);
  delete details.message;
  // Nothing was sent. `closeMany` reads it; it is not enumerable, for users have no use for it.
  if (kind === 'input')
    return Object.defineProperty(new TypeError(message), 'maybeProcessed', { value: details.maybeProcessed });
  const text = method ? `${method} ${path} failed: ${message}` : message;
  if (method) Object.assign(details, { method, path });
  // The engine gives a sentence, Node's http an error.
  if (cause !== undefined)
    details.cause = typeof cause === 'string' ? new Error(withoutKey(cause, details)) : cause;
  if (kind === 'timeout') return new TimeoutError(text, details);
  // There was a response, but its file could not be written: a plain error, as Node's own.
  if (kind === 'file') {
    delete details[KEY];
    return Object.assign(new Error(text), details);
  }
  // `fetch` has a type for these errors; the engine reports it as the code.
  if (kind === 'redirect' || kind === 'size') details.type = details.code;
  // An agent's errors may have no code; this is the one that the engine falls back to as well.
  if (details.code === undefined) details.code = 'ECONNRESET';
  // In node-fetch's errors `errno` is the code once more, not Node's number.
  delete details.errno;
  if (details.type === undefined) details.errno = details.code;
  return new ConnectionError(text, details);
}

/** Adds to a ConnectionError which request it is about, unless it says so already. */
function addRequest(error, { method, path, ...details }) {
  if (error instanceof ConnectionError && /** @type {*} */ (error).method === undefined) {
    error.message = withoutKey(`${method} ${path} failed: ${error.message}`, details);
    error.stack = withoutKey(error.stack, details);
    Object.assign(error, { method, path });
  }
  return error;
}

module.exports = {
  addRequest,
  describeResponse,
  httpError,
  isJson,
  isTransient,
  toError,
  toHttpError,
  withMaybeProcessed,
};
