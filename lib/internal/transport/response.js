'use strict';

const binding = require('../../../binding.js');
const { onDemand } = require('../onDemand.js');
const { bytesOf, decode, textOf } = require('../results/toResult.js');
const { Headers, flatten } = require('./responseHeaders.js');

const savedBody = onDemand(() => require('./savedBody.js'));

/**
 * The response of the default adapter. It has the methods of a WHATWG Response, and those of node-fetch 2 that the
 * original's users know: `buffer()`, `headers.raw()`, `body.pipe()`. Its body is complete when it is created, so
 * reading it cannot fail, unless it was saved to a file, which is read back.
 */

/**
 * What a response of ours holds, as `unpack` returns it. Not enumerable, so that no copy of a response has it; in a WeakMap,
 * garbage collection would cost as much as the rest of a response.
 */
const CONTENT = Symbol('content');

/** What a response of ours holds, or the one that it only stands before (a Proxy); undefined for a foreign one. */
const contentBehind = (response) =>
  typeof response === 'object' && response !== null ? response[CONTENT] : undefined;

/** What a response of ours holds; undefined for a foreign one, and for what only stands before one of ours. */
function contentOf(response) {
  const content = contentBehind(response);
  return content?.owner === response ? content : undefined;
}

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

/**
 * What a response holds, of what the addon packs: its head, a part on each line (`reply.rs` says which), and its body.
 *
 * @param {string|object} packed Both in one text, or `{ head, body: Buffer, saved, rewritten }`.
 * @returns {object} `status`, `redirected`, `attempts`, `waitedMs`, `body` (a text if it is ASCII, else a Buffer),
 *   `saved` (how many bytes were written to the request's file; `noteFile` adds which file), `rewritten`; the rest of the
 *   head is read when somebody looks at it.
 */
function unpack(packed) {
  let { head, body, saved, rewritten } = packed;
  if (typeof packed === 'string') {
    const end = packed.indexOf('\0');
    head = packed.slice(0, end);
    body = packed.slice(end + 1);
  }
  const [status, redirected, attempts, waited] = head.split('\n', 4);
  return {
    status: Number(status),
    redirected: redirected === '1',
    attempts: Number(attempts),
    waitedMs: attempts === '1' ? undefined : Number(waited),
    head,
    lines: undefined,
    headers: undefined,
    body,
    saved,
    rewritten,
    used: false,
    stream: undefined,
    request: undefined,
    owner: undefined,
  };
}

/**
 * Notes where the body of a response is, if it was saved.
 *
 * @param {object} content As `unpack` returns it; `saved` becomes `{ to, path, bytes }`.
 * @param {string} to The file, as the caller named it.
 */
function noteFile(content, to) {
  // The program may change its directory before somebody reads the body.
  if (content.saved !== undefined)
    content.saved = { to, path: require('path').resolve(to), bytes: content.saved };
}

/** The parts of a response's head. */
function linesOf(content) {
  if (content.lines === undefined) content.lines = content.head.split('\n');
  return content.lines;
}

/** The headers of a response, which are made when somebody looks at them. */
function headersOf(content) {
  if (content.headers === undefined) content.headers = new Headers(linesOf(content).slice(6));
  return content.headers;
}

/** Marks a body as used, and returns what holds it: `body` or `saved`. */
function take(response) {
  if (response.bodyUsed) throw new TypeError(`body used already for: ${response.url}`);
  const content = response[CONTENT];
  content.used = true;
  return content;
}

class Response {
  /** @param {object} content As `unpack` returns it, with `maxBytes` (how many bytes may be parsed as JSON) and `key`. */
  constructor(content) {
    inheritFromPlatform();
    content.owner = this;
    Object.defineProperty(this, CONTENT, { value: content });
  }

  get status() {
    return this[CONTENT].status;
  }

  get statusText() {
    return linesOf(this[CONTENT])[4];
  }

  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  get url() {
    return linesOf(this[CONTENT])[5];
  }

  get redirected() {
    return this[CONTENT].redirected;
  }

  get type() {
    return 'default';
  }

  get headers() {
    return headersOf(this[CONTENT]);
  }

  get bodyUsed() {
    const { used, stream } = this[CONTENT];
    return used || (stream !== undefined && stream.readableDidRead === true);
  }

  /** The body as a stream of both kinds, Node's and the web's; null for a status without a body. */
  get body() {
    const content = this[CONTENT];
    if (NULL_BODY.includes(content.status)) return null;
    if (content.stream === undefined) {
      const { Readable } = require('stream');
      const { saved } = content;
      const chunks = saved === undefined ? [bytesOf(content.body)] : savedBody().chunksOfSaved(saved);
      content.stream = addWebStreamMethods(Readable.from(chunks, { objectMode: false }));
    }
    return content.stream;
  }

  clone() {
    if (this.bodyUsed) throw new TypeError('cannot clone body after it is used');
    const content = this[CONTENT];
    const headers = content.headers && new Headers(flatten(content.headers));
    // A stream of its own: reading the one would use up the other.
    return new Response({ ...content, headers, stream: undefined, request: undefined });
  }

  async buffer() {
    const { body, saved } = take(this);
    return saved === undefined ? bytesOf(body) : savedBody().readSaved(saved);
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
    // A hook may have replaced `buffer`.
    if (this.buffer !== Response.prototype.buffer || this[CONTENT].saved !== undefined)
      return decode(await this.buffer());
    return textOf(take(this).body);
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
    return binding.hideKey(this[CONTENT].key, text);
  },
});

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
 * @returns {object|undefined} `body` (for `textOf` or `bytesOf`), `status`, `attempts`, `waitedMs`, and `maxBytes`, how
 *   many bytes may be parsed. Undefined for a foreign response, one that was read or saved, and one whose `json()`,
 *   `text()` or `buffer()` a hook has replaced.
 */
function unreadContent(response) {
  const content = contentOf(response);
  const isUnread =
    content !== undefined &&
    content.saved === undefined &&
    response.json === Response.prototype.json &&
    response.text === Response.prototype.text &&
    response.buffer === Response.prototype.buffer &&
    !response.bodyUsed;
  return isUnread ? content : undefined;
}

/**
 * The text of a response of ours, even of one that a hook has read; undefined for a foreign one, for a saved one, and where
 * a hook has replaced what reads it. A response that only stands before one of ours has the same text.
 */
function keptText(response) {
  const content = contentBehind(response);
  const isKept =
    content !== undefined &&
    content.saved === undefined &&
    response.text === Response.prototype.text &&
    response.buffer === Response.prototype.buffer;
  return isKept ? textOf(content.body) : undefined;
}

/** Whether a hook has replaced the `json()` of a response of ours, whose `text()` then is not what it stands for. */
const isJsonReplaced = (response) =>
  contentOf(response) !== undefined && response.json !== Response.prototype.json;

/** The content type of a response of ours, whatever a hook has made of its property `headers`. */
const contentTypeOf = (content) => headersOf(content).get('content-type');

/**
 * The request's file, if the body was saved to it: `{ to, path, bytes }`. A response that only stands before one of ours has
 * no other body either.
 */
const savedFileOf = (response) => contentBehind(response)?.saved;

/**
 * Why a response of ours does not answer the request.
 *
 * @param {object} response A response.
 * @returns {object|undefined} `{ failure }` if a redirect turned a POST into a GET.
 */
function methodRewriteFailure(response) {
  return contentOf(response)?.rewritten;
}

module.exports = {
  Response,
  contentOf,
  contentTypeOf,
  isJsonReplaced,
  keptText,
  methodRewriteFailure,
  noteFile,
  savedFileOf,
  unpack,
  unreadContent,
};
