'use strict';

/**
 * The errors of the package. They are ordinary classes of the caller's own realm, never made by the
 * addon, so that `instanceof` holds under Jest too. Which class is thrown is decided by the fields of
 * an outcome (`settle.js`), never by the text of a message.
 */

const binding = require('../../../binding.js');

/** The client's key, among the details of an error: a server may have sent it back, and it is taken out of the message. */
const KEY = Symbol('key');

/**
 * A text that is meant for people, without the key.
 *
 * @param {string} text The text.
 * @param {object} [details] The details of an error.
 * @returns {string} The text, with a mask in place of the key.
 */
function withoutKey(text, details) {
  const key = details?.[KEY];
  return typeof key === 'string' && typeof text === 'string' ? binding.hideKey(key, text) : text;
}

/** Gives `error` what it says about the request besides the status; undefined fields are left out. */
function annotate(error, details) {
  for (const [key, value] of Object.entries(details || {})) {
    if (value !== undefined) error[key] = value;
  }
  return error;
}

/**
 * Connect answered with a status that is not a success, or with a success that cannot be read.
 *
 * `message` is the text of the answer's body, as in the original SDK (COMPATIBILITY.md, E1); only where
 * that would be empty does it say what happened instead.
 */
class HttpError extends Error {
  /**
   * @param {number} status The HTTP status.
   * @param {string} message The text of the body.
   * @param {object} [details] What else is known: `method`, `path`, `attempts`, `cause`.
   */
  constructor(status, message, details) {
    super(withoutKey(message, details));
    this.status = status;
    annotate(this, details);
  }
}

/** Connect answered with an error of its own: `{ "error_code": ..., "errors": [...] }`. */
class APIError extends HttpError {
  /**
   * @param {number} status The HTTP status.
   * @param {string} text The body: JSON text.
   * @param {object} [details] As in {@link HttpError}.
   */
  constructor(status, text, details) {
    super(status, text, details);
    // As the message has it, which most people print.
    this._json = JSON.parse(withoutKey(text, details));
  }

  /** The parsed body. */
  get json() {
    return this._json;
  }

  /** Connect's code for what went wrong, for example `VAL_001`; undefined where the body has none. */
  get errorCode() {
    return this._json === null ? undefined : this._json.error_code;
  }

  /** Connect's sentences about what went wrong; undefined where the body has none. */
  get errors() {
    return this._json === null ? undefined : this._json.errors;
  }
}

/**
 * No answer, or not a whole one: the server could not be reached, or the connection broke.
 *
 * `code` is Node's own (`ECONNREFUSED`, `ENOTFOUND`, `ECONNRESET`, `CERT_HAS_EXPIRED`, ...). `maybeProcessed`
 * is true when the request may have reached the server: whether it was carried out is not known then.
 */
class ConnectionError extends Error {
  /**
   * @param {string} message What happened.
   * @param {object} [details] `code`, `status`, `errno`, `type`, `method`, `path`, `attempts`, `maybeProcessed`, `cause`.
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

/** The deadline passed before the whole answer was there. `code` is `ETIMEDOUT`. */
class TimeoutError extends ConnectionError {
  /**
   * @param {string} message What was waited for, and how long.
   * @param {object} [details] As in {@link ConnectionError}.
   */
  constructor(message, details) {
    super(message, { type: 'request-timeout', code: 'ETIMEDOUT', ...details });
  }

  get name() {
    return 'TimeoutError';
  }
}

module.exports = { APIError, HttpError, ConnectionError, KEY, TimeoutError, withoutKey };
