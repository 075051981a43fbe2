'use strict';

const binding = require('../../../binding.js');
const { Headers, flatten } = require('./responseHeaders');

/**
 * The response of the default adapter. It has the methods of a WHATWG Response, and those of node-fetch 2 that the
 * original's users know: `buffer()`, `headers.raw()`, `body.pipe()`. Its body is complete when it is created, so
 * reading it cannot fail.
 */

/** What each response holds. Kept apart, so that hooks see no field of ours. */
const contents = new WeakMap();

/** The statuses without a body. */
const NULL_BODY = [101, 204, 205, 304];

/** Adds the methods of a web stream to a Node stream; the web stream is created on first use. */
function addWebStreamMethods(stream) {
  let web;
  const toWeb = () => {
    const { Readable } = require('stream');
    if (typeof Readable.toWeb !== 'function') throw new TypeError('web streams need Node 17 or newer');
    web = web || Readable.toWeb(stream);
    return web;
  };
  for (const method of ['getReader', 'pipeTo', 'pipeThrough', 'tee', 'cancel']) {
    Object.defineProperty(stream, method, {
      value: (...args) => toWeb()[method](...args),
      configurable: true,
    });
  }
  Object.defineProperty(stream, 'locked', {
    get: () => (web === undefined ? false : web.locked),
    configurable: true,
  });
  return stream;
}

class Response {
  /**
   * @param {object} raw `{ status, statusText, url, redirected, headers: [name, value, ...], body: Buffer, attempts,
   *   waitedMs, maxBytes, key }`; `maxBytes` is how many bytes may be parsed as JSON, `key` the client's key, which is
   *   masked.
   */
  constructor(raw) {
    inheritFromPlatform();
    contents.set(this, { ...raw, headers: new Headers(raw.headers), used: false, stream: undefined });
  }

  get status() {
    return contents.get(this).status;
  }

  get statusText() {
    return contents.get(this).statusText;
  }

  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  get url() {
    return contents.get(this).url;
  }

  get redirected() {
    return contents.get(this).redirected;
  }

  get type() {
    return 'default';
  }

  get headers() {
    return contents.get(this).headers;
  }

  get bodyUsed() {
    const { used, stream } = contents.get(this);
    return used || (stream !== undefined && stream.readableDidRead === true);
  }

  /** The body as a stream of both kinds, Node's and the web's; null for a status without a body. */
  get body() {
    const content = contents.get(this);
    if (NULL_BODY.includes(content.status)) return null;
    const { Readable } = require('stream');
    content.stream =
      content.stream || addWebStreamMethods(Readable.from([content.body], { objectMode: false }));
    return content.stream;
  }

  clone() {
    if (this.bodyUsed) throw new TypeError('cannot clone body after it is used');
    const content = contents.get(this);
    return new Response({ ...content, headers: flatten(content.headers) });
  }

  async buffer() {
    if (this.bodyUsed) throw new TypeError(`body used already for: ${this.url}`);
    const content = contents.get(this);
    content.used = true;
    return content.body;
  }

  async arrayBuffer() {
    const bytes = await this.buffer();
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  }

  async bytes() {
    return new Uint8Array(await this.arrayBuffer());
  }

  async blob() {
    const { Blob } = require('buffer');
    return new Blob([await this.buffer()], { type: this.headers.get('content-type') || '' });
  }

  async text() {
    return decode(await this.buffer());
  }

  async json() {
    return JSON.parse(await this.text());
  }

  /** The body as a form, read by the platform's global Response. */
  async formData() {
    const Platform = globalThis.Response;
    if (typeof Platform !== 'function') throw new TypeError('formData() needs a global Response');
    const headers = { 'content-type': this.headers.get('content-type') || '' };
    return new Platform(await this.buffer(), { headers }).formData();
  }
}

/** What `console.log` prints. The platform's own method, which would be inherited, expects a platform response. */
Object.defineProperty(Response.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value() {
    const { status, statusText, url } = this;
    // Without the query, which may hold personal data, and without the key, which the server may have sent back.
    const text = `Response { status: ${status}, statusText: '${statusText}', url: '${binding.shownUrl(url)}' }`;
    return binding.hideKey(contents.get(this).key, text);
  },
});

/** Decodes text as `fetch` does: without a byte order mark, U+FFFD for what is not UTF-8. */
function decode(bytes) {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

let hasInherited = false;

/**
 * Makes `instanceof Response` true for the platform's class. Our getters and methods shadow all of its own, which
 * work on platform responses only. Called with the first response: a mere look at `globalThis.Response` loads the
 * platform's fetch, which would be most of the time that this package takes to load.
 */
function inheritFromPlatform() {
  if (hasInherited) return;
  hasInherited = true;
  const Platform = globalThis.Response;
  if (typeof Platform === 'function') Object.setPrototypeOf(Response.prototype, Platform.prototype);
}

/**
 * The content of a response of ours that nobody has read yet; it stays unread.
 *
 * @param {object} response A response.
 * @returns {object|undefined} `bytes` (or `saved`, how many were written to a file), `contentType`, `status`,
 *   `attempts`, `waitedMs`, and `maxBytes`, how many bytes may be parsed. Undefined for a foreign response, one that was
 *   read, and one whose `json()` or `text()` a hook has replaced.
 */
function unreadContent(response) {
  const content = contents.get(response);
  const isUnread =
    content !== undefined &&
    response.json === Response.prototype.json &&
    response.text === Response.prototype.text &&
    !response.bodyUsed;
  if (!isUnread) return undefined;
  const { body: bytes, attempts, waitedMs, saved, status, headers, maxBytes } = content;
  return { bytes, attempts, waitedMs, saved, status, maxBytes, contentType: headers.get('content-type') };
}

/**
 * Why a response of ours does not answer the request.
 *
 * @param {object} response A response.
 * @returns {object|undefined} `{ failure }` if a redirect turned a POST into a GET.
 */
function methodRewriteFailure(response) {
  return contents.get(response)?.rewritten;
}

module.exports = { Response, decode, methodRewriteFailure, unreadContent };
