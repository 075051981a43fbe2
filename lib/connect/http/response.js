'use strict';

const binding = require('../../../binding.js');

/**
 * The response of the default adapter. It has two faces: the methods of a WHATWG Response, and those of
 * node-fetch that the original's users know (`buffer()`, `headers.raw()`, `body.pipe()`). Its body is whole
 * when it is made, so that nothing it does can fail half-way.
 */

/** What a response or a headers object holds; kept beside it, so that hooks see no fields of ours. */
const contents = new WeakMap();

const NULL_BODY = [101, 204, 205, 304];

/** A name as a key; refuses what is none, in the words of node-fetch. */
function keyOf(name) {
  const text = `${name}`;
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(text)) throw new TypeError(`${text} is not a legal HTTP header name`);
  return text.toLowerCase();
}

/** A value as text; refuses what no header may hold, without showing it: it may be a secret. */
function textOf(name, value) {
  const text = `${value}`;
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) {
    throw new TypeError(`the value of the header '${name}' has a character that no header may hold`);
  }
  return text;
}

/** The headers of a response, which hooks may change: names in any case, several values joined by a comma and a blank. */
class Headers {
  /** @param {string[]} flat Names and values in turn. */
  constructor(flat) {
    // By their names in lower case: the name as it was given, and the values.
    const map = new Map();
    for (let i = 0; i < flat.length; i += 2) {
      const key = flat[i].toLowerCase();
      if (map.has(key)) map.get(key).values.push(flat[i + 1]);
      else map.set(key, { name: key, values: [flat[i + 1]] });
    }
    contents.set(this, map);
  }

  get(name) {
    const found = contents.get(this).get(keyOf(name));
    return found === undefined ? null : found.values.join(', ');
  }

  has(name) {
    return contents.get(this).has(keyOf(name));
  }

  /** Puts a value in the place of all that the header has. */
  set(name, value) {
    const [map, key, text] = [contents.get(this), keyOf(name), textOf(name, value)];
    map.set(key, { name: map.get(key)?.name || `${name}`, values: [text] });
  }

  /** Adds a value to those that the header has. */
  append(name, value) {
    const [map, key, text] = [contents.get(this), keyOf(name), textOf(name, value)];
    if (map.has(key)) map.get(key).values.push(text);
    else map.set(key, { name: `${name}`, values: [text] });
  }

  delete(name) {
    contents.get(this).delete(keyOf(name));
  }

  /** The values of `Set-Cookie`, each by itself. */
  getSetCookie() {
    return [...(contents.get(this).get('set-cookie')?.values || [])];
  }

  /** All values by name, as node-fetch gives them. */
  raw() {
    const raw = Object.create(null);
    for (const { name, values } of contents.get(this).values()) raw[name] = [...values];
    return raw;
  }

  forEach(callback, thisArg) {
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  *entries() {
    for (const name of [...contents.get(this).keys()].sort()) yield [name, this.get(name)];
  }

  *keys() {
    for (const [name] of this.entries()) yield name;
  }

  *values() {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  /** What node-fetch and the platform call it; by it a request's options keep it as it is. */
  get [Symbol.toStringTag]() {
    return 'Headers';
  }
}

/** Adds to a Node stream the methods of a web stream; the web stream is made when one is asked for. */
function addWebFace(stream) {
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
  /** @param {object} raw `{ status, statusText, url, redirected, headers: [name, value, ...], body: Buffer, attempts,
   * waitedMs, most, key }`; `most` is how many bytes may be parsed, `key` what nobody is shown. */
  constructor(raw) {
    beResponse();
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

  /** The body as a stream, Node's and the web's in one; null where the status allows none. */
  get body() {
    const content = contents.get(this);
    if (NULL_BODY.includes(content.status)) return null;
    const { Readable } = require('stream');
    content.stream = content.stream || addWebFace(Readable.from([content.body], { objectMode: false }));
    return content.stream;
  }

  clone() {
    if (this.bodyUsed) throw new TypeError('cannot clone body after it is used');
    const content = contents.get(this);
    const flat = [];
    for (const { name, values } of contents.get(content.headers).values())
      for (const value of values) flat.push(name, value);
    return new Response({ ...content, headers: flat });
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

  /** A form in the body; needs the global Response of the platform, which can read one. */
  async formData() {
    const Platform = globalThis.Response;
    if (typeof Platform !== 'function') throw new TypeError('formData() needs a global Response');
    const headers = { 'content-type': this.headers.get('content-type') || '' };
    return new Platform(await this.buffer(), { headers }).formData();
  }
}

/** What `console.log` shows; without it the platform's own would be called, on a body that is not its own. */
Object.defineProperty(Response.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value() {
    const { status, statusText, url } = this;
    // Neither the query, which may hold personal data, nor the key, which the server may have sent back.
    const text = `Response { status: ${status}, statusText: '${statusText}', url: '${binding.shownUrl(url)}' }`;
    return binding.hideKey(contents.get(this).key, text);
  },
});

/** Text as `fetch` reads it: without a byte order mark, U+FFFD for what is not UTF-8. */
function decode(bytes) {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

let isAsked = false;

/**
 * Makes `instanceof Response` hold where the realm has one. Every getter and method of it is shadowed by ours, so
 * that none of its own, which expect a body of theirs, can be reached. With the first response, for the mere look at
 * the platform's loads all of its fetch: most of the time that this package would take to load.
 */
function beResponse() {
  if (isAsked) return;
  isAsked = true;
  const Platform = globalThis.Response;
  if (typeof Platform === 'function') Object.setPrototypeOf(Response.prototype, Platform.prototype);
}

/**
 * Looks into a response of ours without consuming it.
 *
 * @param {object} response A response.
 * @returns {object|undefined} `bytes`, `contentType`, `status`, how often the request was sent (`attempts`), how many
 *   bytes were `saved` to a file instead, how many may be parsed (`most`); undefined for a response of somebody else's, or
 *   one that was read.
 */
function peek(response) {
  const content = contents.get(response);
  // A hook may have put its own `json()` or `text()` on it: then that is to be asked.
  const isOurs =
    content !== undefined &&
    response.json === Response.prototype.json &&
    response.text === Response.prototype.text &&
    !response.bodyUsed;
  if (!isOurs) return undefined;
  const { body: bytes, attempts, waitedMs, saved, status, headers, most } = content;
  return { bytes, attempts, waitedMs, saved, status, most, contentType: headers.get('content-type') };
}

/**
 * Why a response of ours does not answer the request that was made.
 *
 * @param {object} response A response.
 * @returns {object|undefined} `{ failure }`, where a redirect turned a POST into a GET.
 */
function rewrittenOf(response) {
  return contents.get(response)?.rewritten;
}

module.exports = { Headers, Response, decode, peek, rewrittenOf };
