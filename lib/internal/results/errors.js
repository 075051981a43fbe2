'use strict';

/**
 * The errors of the package: ordinary classes of the caller's realm, so that `instanceof` holds under Jest too. Which
 * one is thrown is decided by `toError.js`.
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

module.exports = {
  APIError,
  ConnectionError,
  HttpError,
  KEY,
  StateError,
  TableError,
  TimeoutError,
  withoutKey,
};
