'use strict';

/** Values from the bodies of successful responses. */

const binding = require('../../../binding.js');
const { HttpError } = require('../../connect/api/errors');
const { textOf } = require('../transport/response');
const { KEY, withoutKey } = require('./maskKey');
const { describeResponse, isJson, toError, withMaybeProcessed } = require('./toError');

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

module.exports = { parseJson, parseJsonBody, toFile };
