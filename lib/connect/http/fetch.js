'use strict';

const binding = require('../../../binding.js');
const mocks = require('../mocks');
const { merge } = require('../call');
const events = require('../events');
const { networkOf } = require('../network');
const { failureOf } = require('../settle');
const { abortable, reasonOf } = require('./abort');
const { findHeader, listHeaders, readBody } = require('./body');
const { Response, peek } = require('./response');
const { closeStream, isStream, readable } = require('./streams');

/** The options of the client that an adapter belongs to; one without a client has the defaults. */
const optionsOf = new WeakMap();

const DEFAULTS = { transport: 'auto' };

/**
 * Tells an adapter the options of its client: with which transport its requests are sent, within which bounds. Of two
 * clients that share an adapter the later one's hold, as its endpoint and key do (fact 10).
 *
 * @param {object} adapter The adapter.
 * @param {object} options The client's options, `transport` among them.
 */
function configure(adapter, options) {
  if (typeof adapter === 'object' || typeof adapter === 'function') optionsOf.set(adapter, options);
}

/** Which of the roads a request takes: `{ road: 'engine' | 'node' | 'fetch', fetch }`. */
function chooseRoad(options, transport) {
  const mocked = transport === 'auto' ? mocks.road() : { road: 'engine' };
  if (mocked.road !== 'engine') return mocked;
  // An agent is the original's only way to a proxy or a client certificate, and only Node can use it.
  if (options.agent) return { road: 'node', isAgent: true };
  if (transport !== 'fetch') return mocked;
  if (typeof globalThis.fetch === 'function') return { road: 'fetch', fetch: globalThis.fetch };
  throw new TypeError("transport is 'fetch', but there is no global fetch");
}

/** The request as it goes on the wire; refuses what cannot be sent. */
async function prepare(url, options, client) {
  const method = `${options.method || 'GET'}`.toUpperCase();
  const { body = null } = options;
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw new TypeError('Request with GET/HEAD method cannot have body');
  }
  const { content, type } = await readBody(body);
  const headers = listHeaders(options.headers);
  if (type !== undefined && findHeader(headers, 'content-type') === undefined)
    headers.push('Content-Type', type);
  const {
    redirect = 'follow',
    follow = 20,
    compress = true,
    timeout = client.timeout || 0,
    maxRetries = client.maxRetries,
    to,
  } = options;
  const size = options.size || client.maxResponseBytes || 0;
  const { connectTimeout, readTimeout, backOff, maxConnections } = client;
  const bounds = { connectTimeout, readTimeout, timeout, maxRetries, backOff, maxConnections, size };
  return { url: `${url}`, method, headers, body: content, redirect, follow, compress, to, ...bounds };
}

/** Sends with a fetch that is not ours. */
async function sendThrough(fetch, url, options) {
  const flat = listHeaders(options?.headers);
  // The platform's own error would show the value, which may be the key.
  const at = flat.findIndex((text, index) => index % 2 === 1 && /[\0\r\n]/.test(text));
  if (at > 0) {
    throw new TypeError(`the value of the header '${flat[at - 1]}' has a character that no header may hold`);
  }
  if (!options || !isStream(options.body || '')) return fetch(url, options);
  let broken;
  const body = readable(options.body);
  body.once('error', (error) => {
    broken = { error };
  });
  try {
    // The platform's wants to be told that a stream is read while it is sent, and hides why one failed.
    return await fetch(url, { ...options, body, duplex: 'half' });
  } catch (error) {
    throw broken === undefined ? error : broken.error;
  }
}

function sendThroughEngine(request, { signal, onRetry: again }) {
  const { body } = request;
  if (!isStream(body || '')) return abortable(signal, (abort) => binding.fetch(request, { abort, again }));
  const bare = { ...request, body: undefined };
  const { pump } = require('./feed');
  return abortable(signal, (abort = new binding.Abort()) =>
    pump(body, abort, (feed) => binding.fetch(bare, { abort, again }, feed)),
  );
}

/** Sends through the engine, or through Node's own http; what they give is alike. */
async function sendThroughOurs(transport, request, { agent, signal }, client, trace) {
  if (signal?.aborted) throw reasonOf(signal);
  if (trace) request.headers = merge(request.headers, trace.start(request.url));
  const onRetry = trace?.again();
  const raw =
    transport === 'node'
      ? await require('./nodeTransport').sendThroughNode(request, { agent, signal, onRetry })
      : await sendThroughEngine({ ...request, network: networkOf(client) }, { signal, onRetry });
  const key = findHeader(request.headers, 'authorization');
  if (raw.failure === undefined)
    return new Response({ ...raw, most: request.size || binding.MOST_JSON_BYTES, key });
  if (raw.failure.kind === 'abort' && signal) throw reasonOf(signal);
  throw failureOf(raw, key);
}

/** Sends as `sendThroughOurs`, and closes a stream that was the body, whatever became of it. */
async function sendOurselves(transport, request, options, client, trace) {
  let reason;
  try {
    return await sendThroughOurs(transport, request, options, client, trace);
  } catch (error) {
    reason = error;
    throw error;
  } finally {
    closeStream(request.body, reason);
  }
}

/**
 * Sends a request: what the default adapter sends with. Understands the options of node-fetch 2.
 *
 * @param {string} url An absolute http(s) URL.
 * @param {object} [options] `method`, `headers`, `body`, `redirect` ('follow', 'manual', 'error'), `follow`
 *   (most redirects, 20), `timeout` (ms for the whole call, 0 for none), `compress` (true), `size` (most bytes of
 *   the body, 0 for the client's `maxResponseBytes`), `maxRetries` (the client's), `signal`, `agent` (sends through
 *   Node's own http with it), `to` (a path to which the body of a success is written). Others are allowed and mean
 *   nothing.
 * @returns {Promise<Response>} The response, whatever its status. Rejects with TypeError, ConnectionError,
 *   TimeoutError, or the reason of the signal.
 */
async function fetch(url, options) {
  const given = options || {};
  const client = optionsOf.get(this) || DEFAULTS;
  const { road, fetch: theirs, isAgent } = chooseRoad(given, client.transport);
  if (road === 'fetch') return sendThrough(theirs, url, options);
  const request = await prepare(url, given, client);
  // A mock answers as it was told, the first time.
  if (road === 'node' && !isAgent) request.maxRetries = 0;
  if (!events.isWatched()) return sendOurselves(road, request, given, client);
  const trace = new events.Trace(request.method, findHeader(request.headers, 'authorization'));
  try {
    const response = await sendOurselves(road, request, given, client, trace);
    trace.finish({ status: response.status, attempts: peek(response)?.attempts });
    return response;
  } catch (error) {
    trace.finish({ error, attempts: error?.attempts });
    throw error;
  }
}

module.exports = { configure, fetch };
