'use strict';

const { isReadable, readable, toBytes } = require('./streams.js');

async function collect(chunks) {
  const all = [];
  for await (const chunk of chunks) all.push(toBytes(chunk));
  return Buffer.concat(all);
}

/** Whether a value is an instance of a built-in class of any realm. */
function isInstance(value, className) {
  return Object.prototype.toString.call(value) === `[object ${className}]`;
}

/** What to send of a text, and its content type. */
const textBody = (text) => ({ content: text, type: 'text/plain;charset=UTF-8' });

/**
 * Reads a body of any kind that node-fetch 2 or the platform's fetch accepts.
 *
 * @param {*} body The caller's body.
 * @returns {Promise<{ content: *, type: string|undefined }>} What to send: text, bytes, undefined for none, or a
 *   stream, which is read while it is sent; and the content type to add unless the caller has set one.
 */
async function readBody(body) {
  if (body === undefined || body === null) return { content: undefined, type: undefined };
  if (isInstance(body, 'URLSearchParams')) {
    return { content: body.toString(), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (Buffer.isBuffer(body)) return { content: body, type: undefined };
  if (isInstance(body, 'ArrayBuffer') || ArrayBuffer.isView(body)) {
    return { content: toBytes(body), type: undefined };
  }
  if (isInstance(body, 'Blob') || isInstance(body, 'File')) {
    return { content: Buffer.from(await body.arrayBuffer()), type: body.type || undefined };
  }
  if (isInstance(body, 'FormData') && typeof globalThis.Response === 'function') {
    // The platform serialises its own forms: boundary, file names, line ends.
    const form = new globalThis.Response(body);
    return { content: Buffer.from(await form.arrayBuffer()), type: form.headers.get('content-type') };
  }
  if (typeof body.getBoundary === 'function') {
    // From the package `form-data`: an old kind of stream, which can only be piped.
    const { PassThrough } = require('stream');
    return {
      content: await collect(body.pipe(new PassThrough())),
      type: `multipart/form-data;boundary=${body.getBoundary()}`,
    };
  }
  if (isReadable(body)) return { content: readable(body), type: undefined };
  return textBody(String(body));
}

module.exports = { readBody, textBody };
