'use strict';

/** What a method resolves to: values from the bodies of successful responses, and from other results of the addon. */

const binding = require('../../../binding.js');
const { rewrapError } = require('../copies.js');
const {
  HttpError,
  KEY,
  describeResponse,
  isJson,
  toError,
  toHttpError,
  withMaybeProcessed,
  withoutKey,
} = require('./errors.js');

/** Decodes text as `fetch` does: without a byte order mark, U+FFFD for what is not UTF-8. */
function decode(bytes) {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** The bytes of a body. */
function bytesOf(body) {
  if (typeof body !== 'string') return body;
  // Not from Node's pool: `buffer` of the result is then the body's alone.
  const bytes = Buffer.allocUnsafeSlow(body.length);
  bytes.write(body, 'latin1');
  return bytes;
}

/** The text of a body. */
const textOf = (body) => (typeof body === 'string' ? body : decode(body));

/** How much of a body that is not JSON its error shows, in characters. */
const MAX_EXCERPT = 200;

/**
 * Parses a JSON body.
 *
 * @param {number} status The status, for the error.
 * @param {string} text The body.
 * @param {object} request The request: `method`, `path`, `attempts`.
 * @returns {*} The value; undefined for an empty body. Throws an HttpError for a body that is not JSON.
 */
function parseJson(status, text, request) {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    const shown = withoutKey(text, request);
    const excerpt = shown.length > MAX_EXCERPT ? `${shown.slice(0, MAX_EXCERPT)}...` : shown;
    // JSON.parse quotes the body, which may hold the key.
    const cause = shown === text ? error : new SyntaxError('the body is not JSON');
    throw new HttpError(status, describeResponse(request, status, `a body that is not JSON: ${excerpt}`), {
      ...withMaybeProcessed(status, request),
      cause,
    });
  }
}

/**
 * Parses a JSON body, unless it is so large that its value would fill the heap.
 *
 * @param {object} response `status`, `body` (bytes, or a text that is ASCII), and `maxBytes`: how many bytes may be parsed.
 * @param {object} request The request: `method`, `path`, `attempts`.
 * @returns {*} As `parseJson`; throws a ConnectionError for a body that is too large.
 */
function parseJsonBody({ status, body, maxBytes }, request) {
  if (body.length > maxBytes) {
    const { method, path, attempts, waitedMs } = request;
    const { failure } = binding.tooLarge(maxBytes);
    throw toError({ failure: { ...failure, method, path, attempts, waitedMs } }, request[KEY]);
  }
  return parseJson(status, textOf(body), request);
}

/**
 * The value of a download.
 *
 * @param {object} response `bytes` or, if the body was written to a file, `saved` (how many bytes), `contentType`,
 *   `status`, `maxBytes`, and the request.
 * @param {string} [to] The file.
 * @returns {*} `{ path, bytes }` if it was saved, parsed JSON, else a Buffer. The original parsed everything as JSON,
 *   so what looks like JSON still is; a spreadsheet never does.
 */
function toFile({ bytes, saved, contentType, status, maxBytes = Infinity, ...request }, to) {
  if (saved !== undefined) return { path: to, bytes: saved };
  if (isJson(contentType)) return parseJsonBody({ status, body: bytes, maxBytes }, request);
  const first = bytes.length > 0 ? String.fromCharCode(bytes[0]) : '';
  if (/^text\/|^$/i.test(contentType || '') && /[[{]/.test(first) && bytes.length <= maxBytes) {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      // Text that only begins like JSON.
    }
  }
  return bytes;
}

/**
 * Turns a result of the engine into what the method resolves to, or throws its error.
 *
 * @param {string|object} result The text of a 200 that came at the first attempt; else `{ status, body, contentType, method,
 *   path, attempts }`, with `bytes` or `saved` instead of `body` for a download, or `{ failure }`.
 * @param {string} kind What the method resolves to: `json`, `page`, `bytes` or `nothing`.
 * @param {object} options `key` (the client's, which is masked); `describe`, which gives `{ method, path }` of the request,
 *   for the error of a text that is not JSON; for a download `to` (its file) and `maxBytes` (how many bytes may be parsed if
 *   it is JSON).
 * @returns {*} The value.
 */
function toResult(result, kind, { key, to, maxBytes, describe }) {
  if (typeof result === 'string') {
    try {
      return JSON.parse(result);
    } catch {
      // Empty, or not JSON: what its error says is asked for only now.
      return parseJson(200, result, { ...describe(), attempts: 1, [KEY]: key });
    }
  }
  if (result.failure !== undefined) throw toError(result, key);
  const { status, body, contentRange, method, path, attempts } = result;
  if (status < 200 || status > 299) throw toHttpError(result, key);
  const request = { method, path, attempts, [KEY]: key };
  if (kind === 'page') return { items: parseJson(status, body, request), contentRange };
  if (kind === 'bytes') return toFile({ ...result, maxBytes, [KEY]: key }, to);
  if (kind !== 'json' || status === 204) return undefined;
  return parseJson(status, body, request);
}

/**
 * Calls a function of the addon that returns a value or `{ failure }`.
 *
 * @param {Function} call Calls it.
 * @returns {*} The value; throws the failure's error.
 */
function unwrap(call) {
  let result;
  try {
    result = call();
  } catch (error) {
    throw rewrapError(error);
  }
  if (result.failure !== undefined) throw toError(result);
  return result;
}

module.exports = { bytesOf, decode, parseJson, parseJsonBody, textOf, toFile, toResult, unwrap };
