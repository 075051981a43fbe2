'use strict';

const { KEY } = require('./maskKey');
const { parseJson, toFile } = require('./parse');
const { rewrapError } = require('./rewrap');
const { toError, toHttpError } = require('./toError');

/**
 * Turns a result of the engine into what the method resolves to, or throws its error.
 *
 * @param {string|object} result The JSON text of a success; else `{ status, body, contentType, method, path, attempts
 *   }`, with `bytes` or `saved` instead of `body` for a download, or `{ failure }`.
 * @param {string} kind What the method resolves to: `json`, `page`, `bytes` or `nothing`.
 * @param {object} options `key` (the client's, which is masked); for a download `to` (its file) and `maxBytes` (how many
 *   bytes may be parsed if it is JSON).
 * @returns {*} The value.
 */
function toResult(result, kind, { key, to, maxBytes }) {
  if (typeof result === 'string') return JSON.parse(result);
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

module.exports = { toResult, unwrap };
