'use strict';

/**
 * The errors of the package: ordinary classes of the caller's realm, so that `instanceof` holds under Jest too. Which
 * one is thrown is decided by `toError`.
 */

const binding = require('../../../binding.js');

/** The client's key, in the details of an error: a server may have sent it back. */
const KEY = Symbol('key');

/**
 * Masks the client's key in a text for people.
 *
 * @param {string} text The text.
 * @param {object} [details] The details of an error.
 * @returns {string} The text, with a mask in place of the key.
 */
function withoutKey(text, details) {
  const key = details?.[KEY];
  return typeof key === 'string' && typeof text === 'string' ? binding.hideKey(key, text) : text;
}

/** Copies the details of a request to its error, except those that are undefined. */
function annotate(error, details) {
  for (const [key, value] of Object.entries(details || {})) {
    if (value !== undefined) error[key] = value;
  }
  return error;
}

/**
 * Connect returned a status that is not 2xx, or a body that cannot be read.
 *
 * `message` is the body of the response, as in the original SDK (COMPATIBILITY.md, E1), or a sentence if there is no
 * body.
 */
class HttpError extends Error {
  /**
   * @param {number} status The HTTP status.
   * @param {string} message The text of the body.
   * @param {object} [details] `method`, `path`, `attempts`, `cause` and others, which become properties.
   */
  constructor(status, message, details) {
    super(withoutKey(message, details));
    this.status = status;
    annotate(this, details);
  }
}

/** Connect returned an error of its own: `{ "error_code": ..., "errors": [...] }`. */
class APIError extends HttpError {
  /**
   * @param {number} status The HTTP status.
   * @param {string} text The body: JSON text.
   * @param {object} [details] As in {@link HttpError}.
   */
  constructor(status, text, details) {
    super(status, text, details);
    // Masked as the message is.
    this._json = JSON.parse(withoutKey(text, details));
  }

  /** The parsed body. */
  get json() {
    return this._json;
  }

  /** Connect's code of the error, for example `VAL_001`; undefined if the body has none. */
  get errorCode() {
    return this._json === null ? undefined : this._json.error_code;
  }

  /** Connect's messages; undefined if the body has none. */
  get errors() {
    return this._json === null ? undefined : this._json.errors;
  }
}

/**
 * No response, or not a complete one: the server could not be reached, or the connection broke.
 *
 * `code` is Node's own (`ECONNREFUSED`, `ENOTFOUND`, `ECONNRESET`, `CERT_HAS_EXPIRED`, ...). `maybeProcessed`
 * is true if the request may have reached the server: then it is not known whether it was processed.
 */
class ConnectionError extends Error {
  /**
   * @param {string} message What happened.
   * @param {object} [details] `code`, `status`, `errno`, `type`, `method`, `path`, `attempts`, `maybeProcessed`,
   *   `cause`.
   */
  constructor(message, details) {
    super(withoutKey(message, details));
    // `type` is what node-fetch's FetchError carried; consumers of the original test for it.
    annotate(this, { type: 'system', ...details });
  }

  get name() {
    return 'ConnectionError';
  }
}

/** A time-out passed before the response was complete. `code` is `ETIMEDOUT`. */
class TimeoutError extends ConnectionError {
  /**
   * @param {string} message What timed out, and after how long.
   * @param {object} [details] As in {@link ConnectionError}.
   */
  constructor(message, details) {
    super(message, { type: 'request-timeout', code: 'ETIMEDOUT', ...details });
  }

  get name() {
    return 'TimeoutError';
  }
}

/** An object is in a state after which those that `waitFor` was waiting for cannot come any more. */
class StateError extends Error {
  /**
   * @param {string} message What happened.
   * @param {object} [details] `object`, `status`, `states`, `detail`.
   */
  constructor(message, details) {
    super(withoutKey(message, details));
    annotate(this, details);
    if (this.detail !== undefined) this.detail = withoutKey(this.detail, details);
  }

  get name() {
    return 'StateError';
  }
}

/** A file holds no table of records, or rows of it are refused. Nothing of it is used. */
class TableError extends Error {
  /**
   * @param {string} message What is wrong.
   * @param {object} [details] `refused` and `refusedCount`.
   */
  constructor(message, details) {
    super(message);
    const { refused = [], refusedCount = refused.length } = details || {};
    this.refused = refused;
    this.refusedCount = refusedCount;
  }

  /** `TableError`. */
  get name() {
    return 'TableError';
  }
}

// The fields of what the engine or a response reports decide the class, never the text of a message.

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

/** The path of a request, as its error names it: without the query. */
const pathOf = (url) => `${url}`.split('?')[0];

/** A request, as messages name it. */
const describeRequest = ({ method, path }) => `${method || 'the request'}${path ? ` ${path}` : ''}`;

/** The message for a response that has no text of its own. */
function describeResponse(request, status, what) {
  return `${describeRequest(request)} returned status ${status} with ${what}`;
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
 * The error for a response whose status is not 2xx, or whose body somebody else has read.
 *
 * @param {number} status The status.
 * @param {string|undefined} contentType The content type.
 * @param {string|undefined} text The body; undefined if somebody else has read it.
 * @param {object} request The request: `method`, `path`, `attempts`.
 * @returns {HttpError} An APIError if the body is JSON and was announced as such.
 */
function httpError(status, contentType, text, request) {
  const details = withMaybeProcessed(status, request);
  if (text === undefined)
    return new HttpError(
      status,
      describeResponse(details, status, 'a body that was read already, by a hook for example'),
      details,
    );
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
  APIError,
  ConnectionError,
  HttpError,
  KEY,
  StateError,
  TableError,
  TimeoutError,
  addRequest,
  annotate,
  describeRequest,
  describeResponse,
  httpError,
  isJson,
  isTransient,
  pathOf,
  toError,
  toHttpError,
  withMaybeProcessed,
  withoutKey,
};
