'use strict';

const binding = require('../../../binding.js');
const { isReadable, readable } = require('./streams');

/** A request's body and headers in the form in which they go on the wire (facts 28, 29 and 31). */

async function collect(chunks) {
  const { toBytes } = require('./form');
  const pieces = [];
  for await (const chunk of chunks) pieces.push(toBytes(chunk));
  return Buffer.concat(pieces);
}

/** Whether a value is what `new Name()` makes, in whatever realm. */
function is(value, name) {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/**
 * Reads a body of any of the kinds that node-fetch accepts.
 *
 * @param {*} body The caller's body.
 * @returns {Promise<{ content: string|Uint8Array|Readable|undefined, type: string|undefined }>} What to send, and
 *   the content type that goes with it unless the caller names one. A stream is read while it is sent.
 */
async function readBody(body) {
  if (body === undefined || body === null) return { content: undefined, type: undefined };
  if (is(body, 'URLSearchParams')) {
    return { content: body.toString(), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (Buffer.isBuffer(body)) return { content: body, type: undefined };
  if (is(body, 'ArrayBuffer')) return { content: Buffer.from(body), type: undefined };
  if (ArrayBuffer.isView(body)) {
    return { content: Buffer.from(body.buffer, body.byteOffset, body.byteLength), type: undefined };
  }
  if (is(body, 'Blob') || is(body, 'File')) {
    return { content: Buffer.from(await body.arrayBuffer()), type: body.type || undefined };
  }
  if (is(body, 'FormData') && typeof globalThis.Response === 'function') {
    // The platform serialises its own forms best: boundary, file names, line ends.
    const form = new globalThis.Response(body);
    return { content: Buffer.from(await form.arrayBuffer()), type: form.headers.get('content-type') };
  }
  if (typeof body.getBoundary === 'function') {
    // The `form-data` package: a stream of an older kind, which has to be piped to be iterated.
    const { PassThrough } = require('stream');
    return {
      content: await collect(body.pipe(new PassThrough())),
      type: `multipart/form-data;boundary=${body.getBoundary()}`,
    };
  }
  if (isReadable(body)) return { content: readable(body), type: undefined };
  return { content: String(body), type: 'text/plain;charset=UTF-8' };
}

/** The last key that was found in order: most requests have the same as the one before. */
let sound;

/** Refuses a key that cannot be sent, by what is wrong with it; the engine's rule, for the roads that are not its own. */
function checkKey(key) {
  if (key === sound) return;
  const refused = binding.checkKey(key === undefined || key === null ? key : `${key}`);
  if (refused === undefined) {
    sound = key;
    return;
  }
  const error = new TypeError(refused.failure.message);
  // Nothing has left, which a run needs to know.
  throw Object.defineProperty(error, 'maybeProcessed', { value: false });
}

/**
 * Lists headers as names and values in turn; case variants of a name stay apart, as in the original.
 *
 * @param {object} [headers] A plain object, a Headers instance, or pairs.
 * @returns {string[]} `[name, value, ...]`.
 */
function listHeaders(headers) {
  const pairs =
    headers && typeof headers[Symbol.iterator] === 'function' ? [...headers] : Object.entries(headers || {});
  const flat = [];
  for (const [name, value] of pairs) {
    // An empty one is what a hook leaves that wants none.
    if (value !== '' && `${name}`.toLowerCase() === 'authorization') checkKey(value);
    flat.push(`${name}`, `${value}`);
  }
  return flat;
}

/** The value of the first header of this name, in any case. */
function findHeader(flat, name) {
  const index = flat.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name);
  return index < 0 ? undefined : flat[index + 1];
}

module.exports = { findHeader, listHeaders, readBody };
