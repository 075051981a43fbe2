'use strict';

/**
 * From what came back to a value or an error. The one place that decides it, for the engine's outcomes and
 * for the responses of the pipeline alike.
 */

const binding = require('../../binding.js');
const { APIError, ConnectionError, HttpError, KEY, TimeoutError, withoutKey } = require('./api/errors');
const { decode, peek, rewrittenOf } = require('./http/response');
const { rehome } = require('./realm');

/** Whether a content type announces JSON: any parameters and any case (COMPATIBILITY.md, E2); of several the first. */
function isJson(contentType) {
  return /^application\/json\s*([;,]|$)/i.test(contentType || '');
}

/** A sentence for an answer without words of its own. */
function sentence({ method, path }, status, what) {
  return `${method || 'the request'}${path ? ` ${path}` : ''} was answered with ${status} and ${what}`;
}

/**
 * The error for an answer whose status is not a success.
 *
 * @param {number} status The status.
 * @param {string} contentType The content type, if there is one.
 * @param {string} text The body.
 * @param {object} asked What was asked: `method`, `path`, `attempts`.
 * @returns {HttpError} An APIError where the body is JSON, as it was announced.
 */
function refusal(status, contentType, text, asked) {
  const details =
    Number.isInteger(status) && binding.mayHaveBeenDone(status, asked.method)
      ? { ...asked, maybeProcessed: true }
      : asked;
  if (isJson(contentType)) {
    try {
      return new APIError(status, text, details);
    } catch {
      // Announced as JSON and is not: the status still is the truth.
    }
  }
  return new HttpError(status, text || sentence(details, status, 'no body'), details);
}

/**
 * The error for an outcome of the engine whose status is not a success.
 *
 * @param {object} outcome As in `settle`.
 * @param {string} [key] The client's key, which is not shown.
 * @returns {HttpError} The error.
 */
function refusalOf({ status, contentType, body, method, path, attempts, waitedMs, retryAfter }, key) {
  return refusal(status, contentType, body, { method, path, attempts, waitedMs, retryAfter, [KEY]: key });
}

/** The value of a success: parsed JSON, or undefined for nothing. Anything else is an error with the status. */
function parse(status, text, details) {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    const shown = withoutKey(text, details);
    const start = shown.length > 200 ? `${shown.slice(0, 200)}...` : shown;
    // Its words hold a piece of the body.
    const cause = shown === text ? error : new SyntaxError('the body is not JSON');
    throw new HttpError(status, sentence(details, status, `a body that is not JSON: ${start}`), {
      ...details,
      cause,
    });
  }
}

/**
 * The value of a success that is here as bytes. What would take the heap with it is not parsed.
 *
 * @param {object} answer `status`, the `bytes`, how many of them may be parsed (`most`).
 * @param {object} details What was asked: `method`, `path`, `attempts`.
 */
function parseBytes({ status, bytes, most }, details) {
  if (bytes.length > most) {
    const { method, path, attempts, waitedMs } = details;
    throw failureOf(
      { failure: { ...binding.tooLarge(most).failure, method, path, attempts, waitedMs } },
      details[KEY],
    );
  }
  return parse(status, decode(bytes), details);
}

/**
 * The error for a request that ended without an answer.
 *
 * @param {object} result `{ failure: { kind, message, code, maybeProcessed, attempts, waitedMs, cause, method, path } }`.
 * @param {string} [key] The client's key, which is not shown.
 * @returns {Error} TypeError for bad input, TimeoutError, or ConnectionError.
 */
function failureOf({ failure }, key) {
  const { kind, method, path, cause, ...details } = failure;
  details[KEY] = key;
  const message = withoutKey(failure.message, details);
  delete details.message;
  // Nothing was sent: closing many records asks for it, and users have no need to see it.
  if (kind === 'input')
    return Object.defineProperty(new TypeError(message), 'maybeProcessed', { value: details.maybeProcessed });
  const text = method ? `${method} ${path} failed: ${message}` : message;
  if (method) Object.assign(details, { method, path });
  // The engine gives a sentence, Node's http an error.
  if (cause !== undefined)
    details.cause = typeof cause === 'string' ? new Error(withoutKey(cause, details)) : cause;
  if (kind === 'timeout') return new TimeoutError(text, details);
  // The answer was there; only its file could not be written, which Node reports with a plain error.
  if (kind === 'file') {
    delete details[KEY];
    return Object.assign(new Error(text), details);
  }
  // What `fetch` calls the type of such an error; the engine reports it as the code.
  if (kind === 'redirect' || kind === 'size') details.type = details.code;
  // An agent's errors need not have one; the engine's last resort is the same.
  if (details.code === undefined) details.code = 'ECONNRESET';
  // As node-fetch has it: the code once more, and not the number of Node's own errors.
  delete details.errno;
  if (details.type === undefined) details.errno = details.code;
  return new ConnectionError(text, details);
}

/**
 * Settles an outcome of the engine.
 *
 * @param {string|object} outcome The JSON text of a success; else `{ status, body, contentType, method, path,
 *   attempts }`, with `bytes` or `saved` instead of `body` for a file, or `{ failure }`.
 * @param {string} answer What the method resolves to: `json`, `bytes` or `nothing`.
 * @param {object} asked The client's `key`, which is not shown; of a file where it was to be saved (`to`), and how many bytes
 *   of it may be parsed if it is JSON (`most`).
 * @returns {*} The value.
 */
function settle(outcome, answer, { key, to, most }) {
  if (typeof outcome === 'string') return JSON.parse(outcome);
  if (outcome.failure !== undefined) throw failureOf(outcome, key);
  const { status, body, contentRange, method, path, attempts } = outcome;
  if (status < 200 || status > 299) throw refusalOf(outcome, key);
  const details = { method, path, attempts, [KEY]: key };
  if (answer === 'page') return { items: parse(status, body, details), contentRange };
  if (answer === 'bytes') return fileOf({ ...outcome, most, [KEY]: key }, to);
  if (answer !== 'json' || status === 204) return undefined;
  return parse(status, body, details);
}

/**
 * The value of an answer that is a file: where it was saved to, or its bytes. JSON is parsed, as in the original,
 * which knew nothing else; no spreadsheet can be mistaken for it.
 */
function fileOf({ bytes, saved, contentType, status, most = Infinity, ...details }, to) {
  if (saved !== undefined) return { path: to, bytes: saved };
  if (isJson(contentType)) return parseBytes({ status, bytes, most }, details);
  const first = bytes.length > 0 ? String.fromCharCode(bytes[0]) : '';
  if (/^text\/|^$/i.test(contentType || '') && /[[{]/.test(first) && bytes.length <= most) {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      // A text that begins like JSON; it is given as it is, as one is that is too large to be looked at.
    }
  }
  return bytes;
}

/** The body of a stranger's response, in pieces; undefined if it has no more than `json()` and `text()`. */
async function piecesOf(response) {
  const { body } = response;
  if (body && typeof body.getReader === 'function')
    return require('./http/streams').chunksOf(body.getReader());
  if (body && typeof body.pipe === 'function') return body;
  if (typeof response.arrayBuffer === 'function') return [Buffer.from(await response.arrayBuffer())];
  return undefined;
}

/**
 * Reads the file of a response that came through the pipeline.
 *
 * @param {object} response A response whose status is a success.
 * @param {string} [to] Where to save it.
 * @returns {Promise<*>} `{ path, bytes }` if it was to be saved, else a Buffer; parsed JSON, if it is that.
 */
async function readFile(response, to) {
  const ours = peek(response);
  const asked = askedOf.get(response);
  if (ours !== undefined && (ours.saved !== undefined || to === undefined))
    return fileOf({ ...asked, ...ours }, to);
  const pieces = ours !== undefined ? [ours.bytes] : await piecesOf(response);
  // A custom adapter's response need not have more (fact 26), and the original asked for nothing else.
  if (pieces === undefined) return response.json();
  if (to !== undefined) return { path: to, bytes: await require('./http/save').save(to, pieces) };
  const all = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  const contentType = response.headers?.get('content-type');
  return fileOf({ ...asked, bytes: Buffer.concat(all), contentType, status: response.status }, to);
}

/** Whether somebody's `json()` failed because the body is not JSON (or is empty). */
function isParseError(error) {
  return error instanceof Error && (error.name === 'SyntaxError' || error.type === 'invalid-json');
}

/**
 * Reads the JSON of a response that came through the pipeline. It may be anybody's: a mock, a custom
 * adapter's, a stub with nothing but `json()` (fact 26).
 *
 * @param {object} response A response whose status is a success.
 * @returns {Promise<*>} The value; undefined for nothing.
 */
async function readAnswer(response) {
  const { status } = response;
  const asked = askedOf.get(response) || {};
  const ours = peek(response);
  if (ours !== undefined) return parseBytes(ours, { ...asked, attempts: ours.attempts });
  // Nothing, unless it is a mock's: on the wire no 204 has a body.
  if (status === 204)
    return typeof response.text === 'function' ? parse(status, await response.text(), asked) : undefined;
  // A copy to look at should `json()` fail: it cannot be read twice.
  const spare =
    typeof response.clone === 'function' && typeof status === 'number' ? response.clone() : undefined;
  try {
    return await response.json();
  } catch (error) {
    if (!isParseError(error) || spare === undefined) throw error;
    return parse(status, await spare.text(), asked);
  }
}

/**
 * The JSON text of a response that came through the pipeline: what its body says, without making objects of it where
 * the response can give text.
 *
 * @param {object} response A response whose status is a success.
 * @returns {Promise<string>} The text; empty for nothing.
 */
async function readText(response) {
  const ours = peek(response);
  if (ours !== undefined) return decode(ours.bytes);
  if (typeof response.text === 'function') return response.text();
  const answer = await readAnswer(response);
  return answer === undefined ? '' : JSON.stringify(answer);
}

/** The items of a page that came through the pipeline, and what the server says of how much of the list it is. */
async function readPage(response) {
  const items = await readAnswer(response);
  // A stub may have nothing but `json()`.
  const { headers } = response;
  const range = headers && typeof headers.get === 'function' ? headers.get('content-range') : undefined;
  return { items, contentRange: range || undefined };
}

/** What was asked to get a response: errors say it, and responses of strangers have no place for it. */
const askedOf = new WeakMap();

/**
 * Checks the status of a response that came through the pipeline.
 *
 * @param {Promise<object>|object} pending The response to be; a stub may give it at once.
 * @param {string} url What was asked for.
 * @param {object} [options] With which options.
 * @param {string} [key] The client's key, which no error shows.
 * @returns {Promise<object>} The response, if its status is a success; rejects with HttpError or APIError,
 *   or with what sending it rejected with.
 */
async function check(pending, url, options, key) {
  const asked = {
    method: `${options?.method || 'GET'}`.toUpperCase(),
    path: `${url}`.split('?')[0],
    [KEY]: key,
  };
  let response;
  try {
    response = await pending;
  } catch (error) {
    throw attribute(error, asked);
  }
  const rewritten = rewrittenOf(response);
  if (rewritten !== undefined) throw attribute(failureOf(rewritten), asked);
  if (response.ok) {
    askedOf.set(response, asked);
    return response;
  }
  const { attempts, waitedMs } = peek(response) || {};
  const text = await response.text();
  const retryAfter = response.headers.get('retry-after') || undefined;
  const details = { ...asked, attempts, waitedMs, retryAfter };
  const error = refusal(response.status, response.headers.get('content-type'), text, details);
  answeredBy.set(error, {
    redirected: response.redirected === true,
    date: response.headers.get('date') || undefined,
  });
  throw error;
}

/**
 * What an answer that is no success said besides, of which the caller's error does not tell: whether it came after a
 * redirect (whoever redirected has had the request, and may have done it), and the server's time.
 */
const answeredBy = new WeakMap();

/** Says in an error of ours which request it is about, unless it does already. */
function attribute(error, { method, path, ...details }) {
  if (error instanceof ConnectionError && error.method === undefined) {
    error.message = withoutKey(`${method} ${path} failed: ${error.message}`, details);
    error.stack = withoutKey(error.stack, details);
    Object.assign(error, { method, path });
  }
  return error;
}

/**
 * Calls a function of the addon that gives a value or `{ failure }`.
 *
 * @param {Function} call What calls it.
 * @returns {*} The value; throws the failure's error.
 */
function unwrap(call) {
  let result;
  try {
    result = call();
  } catch (error) {
    throw rehome(error);
  }
  if (result.failure !== undefined) throw failureOf(result);
  return result;
}

/** What `answeredBy` knows of an error, if it is for an answer. */
const answerOf = (error) => answeredBy.get(error) || {};

module.exports = {
  answerOf,
  check,
  failureOf,
  readAnswer,
  readFile,
  readPage,
  readText,
  refusalOf,
  settle,
  unwrap,
};
