'use strict';

const http = require('http');
const https = require('https');
const zlib = require('zlib');

const binding = require('../../../binding.js');
const { hear } = require('./abort');
const { findHeader, isStream } = require('./body');
const { MOST_FILE_BYTES, MOST_JSON_BYTES, tooLarge } = require('./bounds');
const { save } = require('./save');

/**
 * A request through Node's own http(s): for whoever brings an agent, and where Node's http is mocked. Takes
 * and gives the same values as the engine's `fetch`, failures included, so that nobody above can tell them
 * apart.
 */

const decoders = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
};

/** How long a server may stay silent, in ms, unless the client says otherwise: as with the engine. */
const DEFAULT_SILENCE = 180000;

/** The longest that Node's timers can wait; they would fire at once for more. */
const LONGEST = 0x7fffffff;

const EMPTY = Buffer.alloc(0);

class Failed extends Error {
  constructor(kind, message, details) {
    super(message);
    this.failure = { kind, message, maybeProcessed: true, attempts: 1, ...details };
  }
}

function connectionFailure(error, { sent }) {
  const { message, code, errno } = error;
  return new Failed('connection', message, { code, errno, maybeProcessed: sent, cause: error });
}

/** Notes when a connection stands: what fails before has certainly not been processed. */
function noteSending(outgoing, life) {
  outgoing.once('socket', (socket) => {
    const note = () => {
      life.sent = true;
    };
    // Sockets that are no sockets (a mock's) count as connected: the careful answer.
    if (!socket.connecting && !socket.secureConnecting) note();
    else socket.once(socket.secureConnecting === undefined ? 'connect' : 'secureConnect', note);
  });
}

function flatten(rawHeaders, dropped) {
  const flat = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!dropped.includes(rawHeaders[i].toLowerCase())) flat.push(rawHeaders[i], rawHeaders[i + 1]);
  }
  return flat;
}

/** Sets headers of which several may have one name; `appendHeader` would do it, but nock's requests lack it. */
function setHeaders(outgoing, flat) {
  const values = new Map();
  for (let i = 0; i < flat.length; i += 2) {
    const known = values.get(flat[i].toLowerCase());
    if (known === undefined) values.set(flat[i].toLowerCase(), { name: flat[i], list: [flat[i + 1]] });
    else known.list.push(flat[i + 1]);
  }
  for (const { name, list } of values.values()) outgoing.setHeader(name, list.length === 1 ? list[0] : list);
}

/** As the engine does: what URL parsers leave alone in a query and RFC 3986 does not allow there (fact 53). */
function encodeQuery(url) {
  url.search = url.search.replace(/[|`{}^\\]/g, encodeURIComponent);
  return url;
}

function parseUrl(text, base) {
  try {
    const url = new URL(text, base);
    if (url.protocol === 'http:' || url.protocol === 'https:') return encodeQuery(url);
  } catch {
    // Said below, for the wrong protocol as well.
  }
  if (base === undefined) {
    const message = `Only absolute http(s) URLs are supported; got '${binding.shownUrl(text)}'`;
    throw new Failed('input', message, { maybeProcessed: false, attempts: 0 });
  }
  const message = 'the server redirects to something that is not an http(s) URL';
  throw new Failed('redirect', message, { code: 'unsupported-redirect' });
}

/** One request; resolves to the message, whose body is not read yet. */
function exchange(request, url, agent, life) {
  return new Promise((resolve, reject) => {
    const { request: send } = url.protocol === 'https:' ? https : http;
    const headers = [...request.headers];
    if (findHeader(headers, 'accept') === undefined) headers.push('Accept', '*/*');
    if (request.compress && findHeader(headers, 'accept-encoding') === undefined)
      headers.push('Accept-Encoding', 'gzip,deflate,br');
    const outgoing = send(url, {
      method: request.method,
      agent: typeof agent === 'function' ? agent(url) : agent,
    });
    // First of all: an error that nobody listens for ends the process.
    outgoing.on('error', (error) => reject(connectionFailure(error, life)));
    noteSending(outgoing, life);
    life.end = (reason) => {
      reject(reason);
      outgoing.destroy();
    };
    const silence = request.readTimeout || DEFAULT_SILENCE;
    outgoing.setTimeout(silence, () => {
      const message = `the server was silent for ${silence / 1000} s`;
      life.end(new Failed('timeout', message, { code: 'ETIMEDOUT', maybeProcessed: life.sent }));
    });
    outgoing.on('response', resolve);
    try {
      setHeaders(outgoing, headers);
    } catch (error) {
      outgoing.destroy();
      // The value is not shown: it may be the key.
      const name =
        error.code === 'ERR_INVALID_CHAR'
          ? 'has a value with a character that no header may hold'
          : 'is not legal';
      reject(new Failed('input', `a header ${name}`, { maybeProcessed: false, attempts: 0 }));
      return;
    }
    if (!isStream(request.body || '')) {
      outgoing.end(request.body);
      return;
    }
    // The stream's own error is the reason then, as on the engine's road.
    request.body.on('error', (error) => life.end(error));
    request.body.pipe(outgoing);
  });
}

/** The whole of a body, within its bounds. */
async function collect(source, most) {
  const pieces = [];
  let length = 0;
  for await (const piece of source) {
    length += piece.length;
    if (length > most) {
      const { kind, message, code } = tooLarge(most);
      throw new Failed(kind, message, { code });
    }
    pieces.push(piece);
  }
  return { body: Buffer.concat(pieces) };
}

/** The body of a message, decoded: in memory, or a success in the file that it is meant for. */
async function readAll(message, { compress, size, to }, life) {
  const decoder = compress && decoders[`${message.headers['content-encoding'] || ''}`.trim().toLowerCase()];
  const source = decoder ? message.pipe(decoder()) : message;
  let cut;
  life.end = (reason) => {
    cut = cut || reason;
    message.destroy();
    source.destroy();
  };
  message.on('error', life.end);
  message.on('aborted', () => {
    const text = 'the connection was closed before the whole answer had arrived';
    life.end(Object.assign(new Error(text), { code: 'ERR_STREAM_PREMATURE_CLOSE' }));
  });
  const isSuccess = message.statusCode >= 200 && message.statusCode < 300;
  try {
    const isSaved = to !== undefined && isSuccess;
    // A refusal is parsed.
    const most = size || (isSuccess ? MOST_FILE_BYTES : MOST_JSON_BYTES);
    const read = isSaved ? { saved: await save(to, source), body: EMPTY } : await collect(source, most);
    return { ...read, decoded: Boolean(decoder) };
  } catch (error) {
    const reason = cut || error;
    message.destroy();
    // What the file system says is no failure of the connection.
    const isOfFile = reason.syscall !== undefined && reason.path !== undefined;
    throw reason instanceof Failed || isOfFile ? reason : connectionFailure(reason, life);
  }
}

/** The request that a redirect asks for (fact 33). */
function redirected(request, status, from, to) {
  const next = { ...request };
  const dropped = [];
  if (status === 303 || ((status === 301 || status === 302) && request.method === 'POST')) {
    Object.assign(next, { method: 'GET', body: undefined });
    dropped.push('content-length', 'content-type');
  }
  if (from.origin !== to.origin) dropped.push('authorization', 'cookie');
  if (isStream(next.body || '')) {
    const message = 'the server redirects a request whose body was a stream, which cannot be sent again';
    throw new Failed('redirect', message, { code: 'unsupported-redirect' });
  }
  next.headers = flatten(request.headers, dropped);
  return next;
}

async function follow(first, agent, life) {
  let request = first;
  let url = parseUrl(first.url);
  for (let count = 0; ; count += 1) {
    const message = await exchange(request, url, agent, life);
    const { statusCode: status, statusMessage: statusText, rawHeaders } = message;
    const { location } = message.headers;
    if (
      request.redirect === 'manual' ||
      location === undefined ||
      ![301, 302, 303, 307, 308].includes(status)
    ) {
      const { body, saved, decoded } = await readAll(message, request, life);
      const headers = flatten(rawHeaders, decoded ? ['content-encoding', 'content-length'] : []);
      return { status, statusText, url: url.href, redirected: count > 0, headers, body, saved, attempts: 1 };
    }
    message.resume();
    if (request.redirect === 'error')
      throw new Failed('redirect', "the server redirects, which `redirect: 'error'` forbids", {
        code: 'no-redirect',
      });
    if (count >= request.follow)
      throw new Failed('redirect', `more than ${request.follow} redirects`, { code: 'max-redirect' });
    const target = parseUrl(location, url);
    request = redirected(request, status, url, target);
    url = target;
  }
}

/**
 * Sends a request through Node.
 *
 * @param {object} request As for the engine's `fetch`.
 * @param {object|Function} [agent] The agent, or a function of the URL that gives one.
 * @param {AbortSignal} [signal] Calls the request off.
 * @returns {Promise<object>} `{ status, statusText, url, redirected, headers, body, attempts }` or `{ failure }`.
 */
async function sendThroughNode(request, agent, signal) {
  // `end` stops whatever is under way; deadlines and the signal call it.
  const life = { end: () => undefined, sent: false };
  const onAbort = () => life.end(new Failed('abort', 'the request was aborted'));
  const seconds = request.timeout / 1000;
  const late = () =>
    life.end(
      new Failed('timeout', `no complete answer within ${seconds} s`, {
        code: 'ETIMEDOUT',
        maybeProcessed: life.sent,
      }),
    );
  const timer = request.timeout > 0 ? setTimeout(late, Math.min(request.timeout, LONGEST)) : undefined;
  const leave = signal ? hear(signal, onAbort) : () => undefined;
  try {
    return await follow(request, agent, life);
  } catch (error) {
    if (error instanceof Failed) return { failure: error.failure };
    throw error;
  } finally {
    clearTimeout(timer);
    leave();
  }
}

module.exports = { sendThroughNode };
