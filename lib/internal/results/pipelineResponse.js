'use strict';

/**
 * Reads the responses of the pipeline. A response can come from the engine, a mock, a custom adapter, or a stub that
 * has nothing but `json()`.
 */

const { onDemand } = require('../onDemand.js');
const { describeValue } = require('../options.js');
const {
  contentOf,
  contentTypeOf,
  isJsonReplaced,
  keptText,
  methodRewriteFailure,
  savedFileOf,
  unreadContent,
} = require('../transport/response.js');
const { chunksOf, isReadable, toBytes } = require('../transport/streams.js');
const {
  KEY,
  addRequest,
  annotate,
  describeRequest,
  httpError,
  pathOf,
  toError,
  withMaybeProcessed,
  withoutKey,
} = require('./errors.js');
const { bytesOf, parseJson, parseJsonBody, textOf, toFile } = require('./toResult.js');

const hooks = onDemand(() => require('../transport/afterHooks.js'));
const files = onDemand(() => require('../transport/saveToFile.js'));

/** The request that each foreign response is for, which errors name; ours have a place for it. */
const foreignRequests = new WeakMap();

function noteRequest(response, request) {
  const content = contentOf(response);
  if (content === undefined) foreignRequests.set(response, request);
  // `assign`, as a spread of an object with a symbol is six times slower.
  else content.request = Object.assign({ attempts: content.attempts }, request);
}

/** The request that a response is for; undefined if `checkStatus` has not seen the response. */
const requestOf = (response) => {
  const content = contentOf(response);
  return content === undefined ? foreignRequests.get(response) : content.request;
};

/**
 * What a response whose status is not 2xx says that its error does not: whether it came after a redirect (the
 * redirecting server may have processed the request), and the server's time.
 */
const responseDetails = new WeakMap();

/** The details of the response that an error is for; none for another error. */
const responseDetailsOf = (error) => responseDetails.get(error) || {};

/** Whether a stream was read, in part at least. Node's types do not have its function yet, nor do all other runtimes. */
const isDisturbed = (body) => /** @type {*} */ (require('stream')).isDisturbed?.(body) === true;

/** Whether somebody has read the body, or begun to. */
const isBodyTaken = (response) => response.bodyUsed === true || response.body?.locked === true;

/**
 * The text of an error. A hook may have read the body; the call then still rejects with the error that the server has sent.
 *
 * @param {object} response A response whose status is not 2xx.
 * @returns {Promise<{ text?: string, cause?: * }>} The text, or why there is none: somebody has read it.
 */
async function readErrorText(response) {
  const kept = keptText(response);
  if (kept !== undefined) return { text: kept };
  const isTaken = isBodyTaken(response);
  try {
    return { text: await response.text() };
  } catch (cause) {
    if (!isTaken) throw cause;
    const text = hooks().errorTextOf(response);
    return text === undefined ? { cause } : { text };
  }
}

/**
 * Whether a value has what is read of a response; a mock's may be a function. What a hook has made of one by `{ ...response }`
 * has nothing to read.
 */
const isResponse = (value) =>
  Object(value) === value &&
  (value.ok || (typeof value.text === 'function' && typeof value.headers?.get === 'function'));

/**
 * The error for a request whose response was lost on its way: an after-hook has returned something else, an adapter, or a mock.
 * It is no TypeError, which would say that nothing was sent.
 */
function lostResponse(value, request) {
  const message =
    `${describeRequest(request)} has no response: a hook of responses, the adapter or a mock has returned ` +
    `${describeValue(value)}; expected a response`;
  return annotate(new Error(withoutKey(message, request)), withMaybeProcessed(200, request));
}

/**
 * Checks the status of a response.
 *
 * @param {Promise<object>|object} pending The response; a stub may give it without a promise.
 * @param {string} url The path of the request.
 * @param {object} [options] Its options.
 * @param {string} [key] The client's key, which is masked in errors.
 * @returns {Promise<object>} The response, if its status is 2xx; rejects with an HttpError or APIError, with what
 *   `pending` rejected with, or with an Error if there is no response.
 */
async function checkStatus(pending, url, options, key) {
  const request = {
    method: `${options?.method || 'GET'}`.toUpperCase(),
    path: pathOf(url),
    [KEY]: key,
  };
  let response;
  try {
    response = await pending;
  } catch (error) {
    throw addRequest(error, request);
  }
  if (!isResponse(response)) throw lostResponse(response, request);
  const rewritten = methodRewriteFailure(response);
  if (rewritten !== undefined) throw addRequest(toError(rewritten), request);
  if (response.ok) {
    noteRequest(response, request);
    return response;
  }
  const { attempts, waitedMs } = contentOf(response) || {};
  const { text, cause } = await readErrorText(response);
  const { headers } = response;
  const retryAfter = headers.get('retry-after') || undefined;
  const details = { ...request, attempts, waitedMs, retryAfter, cause };
  const error = httpError(response.status, headers.get('content-type'), text, details);
  responseDetails.set(error, {
    redirected: response.redirected === true,
    date: headers.get('date') || undefined,
  });
  throw error;
}

/**
 * Whether `json()` failed because the body is empty or not JSON, on the platform or in node-fetch.
 *
 * @param {*} error What it threw.
 */
function isParseError(error) {
  return (
    error instanceof Error &&
    (error.name === 'SyntaxError' || /** @type {*} */ (error).type === 'invalid-json')
  );
}

/**
 * Reads the body of a successful response.
 *
 * @param {object} response A response whose status is 2xx.
 * @param {'json'|'text'} method What reads it.
 * @returns {Promise<*>} What the method gives. If a hook has read the body, rejects with an HttpError, which says of a write
 *   that it was processed: a TypeError of the platform's would say that nothing was sent.
 */
async function readBody(response, method) {
  if (typeof response[method] !== 'function') throw lostResponse(response, requestOf(response) || {});
  const isTaken = isBodyTaken(response);
  try {
    return await response[method]();
  } catch (error) {
    // What a hook has put in the place of the method may fail, too.
    if (!isTaken || error?.name !== 'TypeError') throw error;
    throw httpError(response.status, undefined, undefined, { ...requestOf(response), cause: error });
  }
}

/**
 * Reads the JSON of a response.
 *
 * @param {object} response A response whose status is 2xx.
 * @returns {Promise<*>} The value; undefined for an empty body.
 */
async function readJson(response) {
  const { status } = response;
  const request = requestOf(response) || {};
  const content = unreadContent(response);
  if (content !== undefined) return parseJsonBody(content, request);
  // Over the network a 204 has no body; a mock's may have one.
  if (status === 204)
    return typeof response.text === 'function'
      ? parseJson(status, await response.text(), request)
      : undefined;
  // A copy whose text the error quotes, should `json()` fail: a body can be read only once. A hook that has read it may have
  // replaced `json()`; otherwise that says what is wrong.
  const isCopied =
    typeof response.clone === 'function' && typeof status === 'number' && !isBodyTaken(response);
  const spare = isCopied ? response.clone() : undefined;
  try {
    return await readBody(response, 'json');
  } catch (error) {
    if (!isParseError(error) || spare === undefined) throw error;
    return parseJson(status, await spare.text(), request);
  }
}

/**
 * Reads the JSON of a response as text, without parsing it if the response can give text.
 *
 * @param {object} response A response whose status is 2xx.
 * @returns {Promise<string>} The text; empty for an empty body.
 */
async function readText(response) {
  const content = unreadContent(response);
  if (content !== undefined) return textOf(content.body);
  if (typeof response.text === 'function' && !isJsonReplaced(response)) return readBody(response, 'text');
  const value = await readJson(response);
  return value === undefined ? '' : JSON.stringify(value);
}

/** Reads a page of a list: its items, and the header that says which part of the list it is. */
async function readPage(response) {
  const items = await readJson(response);
  const { headers } = response;
  const range = headers && typeof headers.get === 'function' ? headers.get('content-range') : undefined;
  return { items, contentRange: range || undefined };
}

/**
 * The body of a foreign response in chunks; undefined if it has no more than `json()` and `text()`. An object that a hook
 * has made may have a body of any kind.
 */
async function chunksOfBody(response) {
  const { body } = response;
  if (body && typeof body.getReader === 'function') return chunksOf(body.getReader());
  if (isReadable(body)) return body;
  if (typeof body === 'string' || ArrayBuffer.isView(body)) return [toBytes(body)];
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') return [toBytes(body)];
  for (const reader of [response, body]) {
    if (typeof reader?.arrayBuffer === 'function') return [Buffer.from(await reader.arrayBuffer())];
  }
  if (typeof response.buffer === 'function') return [await response.buffer()];
  return undefined;
}

/**
 * Reads the file of a response.
 *
 * @param {object} response A response whose status is 2xx.
 * @param {string} [to] Where to save it.
 * @returns {Promise<*>} `{ path, bytes }` if it was saved, parsed JSON, else a Buffer.
 */
async function readFile(response, to) {
  // The file has the body already, and the response reads it from there.
  const saved = savedFileOf(response);
  if (saved !== undefined) return toFile({ saved: saved.bytes }, saved.to);
  // A hook may have read it, even from its stream; the bytes are still there.
  const content = contentOf(response);
  const request = requestOf(response);
  if (content !== undefined && to === undefined) {
    const { status, waitedMs, maxBytes } = content;
    const contentType = contentTypeOf(content);
    const bytes = bytesOf(content.body);
    return toFile({ ...request, bytes, status, waitedMs, maxBytes, contentType }, to);
  }
  // What is left of a body that somebody has read, all of it or a part, must not pass for the file.
  if (content === undefined && (isBodyTaken(response) || isDisturbed(response.body)))
    throw httpError(response.status, undefined, undefined, { ...request });
  const chunks = content !== undefined ? [bytesOf(content.body)] : await chunksOfBody(response);
  if (chunks === undefined) return readBody(response, 'json');
  if (to !== undefined) return { path: to, bytes: await files().saveToFile(to, chunks) };
  const all = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  const contentType = response.headers?.get('content-type');
  return toFile({ ...request, bytes: Buffer.concat(all), contentType, status: response.status }, to);
}

module.exports = { checkStatus, readFile, readJson, readPage, readText, responseDetailsOf };
