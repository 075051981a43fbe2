'use strict';

const binding = require('../../../binding.js');
const { RequestTrace, isWatched } = require('../events/requestTrace');
const { toError } = require('../results/toError');
const { abortReason, abortable } = require('./abort');
const { detectMocks } = require('./detectMocks');
const { findHeader, listHeaders, mergeHeaders } = require('./headers');
const { networkOf } = require('./network');
const { readBody } = require('./requestBody');
const { Response, unreadContent } = require('./response');
const { closeStream, isStream, readable } = require('./streams');

/** The options of the client that each adapter belongs to. */
const clientOptionsOf = new WeakMap();

/** For an adapter without a client. */
const DEFAULTS = { transport: 'auto' };

/**
 * Gives an adapter the options of its client. Of two clients that share an adapter the later one's apply, as its
 * endpoint and key do.
 *
 * @param {object} adapter The adapter.
 * @param {object} options The client's options, with `transport`.
 */
function configure(adapter, options) {
  if (typeof adapter === 'object' || typeof adapter === 'function') clientOptionsOf.set(adapter, options);
}

/**
 * The transport of a request.
 *
 * @returns {{ transport: string, fetch?: Function, isAgent?: boolean }} `engine`, `node`, or `fetch` with the
 *   function to call.
 */
function chooseTransport(options, transport) {
  const mocked = transport === 'auto' ? detectMocks() : { transport: 'engine' };
  if (mocked.transport !== 'engine') return mocked;
  // Only Node can use an agent: the original's users have one for a proxy or a client certificate.
  if (options.agent) return { transport: 'node', isAgent: true };
  if (transport !== 'fetch') return mocked;
  if (typeof globalThis.fetch === 'function') return { transport: 'fetch', fetch: globalThis.fetch };
  throw new TypeError("transport is 'fetch', but there is no global fetch");
}

/** The request as the engine and Node's transport take it; throws a TypeError for one that cannot be sent. */
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
  // What is left out has the engine's default.
  const { redirect, follow, compress, to } = options;
  const { timeout = client.timeout, maxRetries = client.maxRetries } = options;
  const size = options.size || client.maxResponseBytes;
  const { connectTimeout, readTimeout, backOff, maxConnections } = client;
  const limits = { connectTimeout, readTimeout, timeout, maxRetries, backOff, maxConnections, size };
  return { url: `${url}`, method, headers, body: content, redirect, follow, compress, to, ...limits };
}

/** Sends with a `fetch` that is not ours: the platform's, or a mock. */
async function sendThroughFetch(fetch, url, options) {
  const flat = listHeaders(options?.headers);
  // The platform's own error would quote the value, which may be the key.
  const at = flat.findIndex((text, index) => index % 2 === 1 && /[\0\r\n]/.test(text));
  if (at > 0) {
    throw new TypeError(
      `the value of the header '${flat[at - 1]}' contains a character that is not allowed in a header`,
    );
  }
  if (!options || !isStream(options.body)) return fetch(url, options);
  /** @type {{ error: * } | undefined} */
  let failure;
  const body = readable(options.body);
  body.once('error', (error) => {
    failure = { error };
  });
  try {
    // The platform requires `duplex` for a stream, and its error does not say why a stream failed.
    return await fetch(url, { ...options, body, duplex: 'half' });
  } catch (error) {
    throw failure === undefined ? error : failure.error;
  }
}

function sendThroughEngine(request, { signal, onRetry }) {
  const { body } = request;
  if (!isStream(body)) return abortable(signal, (abort) => binding.fetch(request, { abort, onRetry }));
  const { sendWithStream } = require('./streamingBody');
  const head = { ...request, body: undefined };
  return abortable(signal, (abort = new binding.Abort()) =>
    sendWithStream(body, abort, (stream) => binding.fetch(head, { abort, onRetry }, stream)),
  );
}

/** Sends through the engine or Node's http, with the same results. */
async function sendOnce(transport, request, { agent, signal }, client, trace) {
  if (signal?.aborted) throw abortReason(signal);
  if (trace) request.headers = mergeHeaders(request.headers, trace.start(request.url));
  const onRetry = trace?.onRetry();
  const raw =
    transport === 'node'
      ? await require('./nodeTransport').sendThroughNode(request, { agent, signal, onRetry })
      : await sendThroughEngine({ ...request, network: networkOf(client) }, { signal, onRetry });
  const key = findHeader(request.headers, 'authorization');
  if (raw.failure === undefined)
    return new Response({ ...raw, maxBytes: request.size || binding.MAX_JSON_BYTES, key });
  if (raw.failure.kind === 'abort' && signal) throw abortReason(signal);
  throw toError(raw, key);
}

/** Sends, and then closes a stream that was the body, whether the request succeeded or not. */
async function sendAndClose(transport, request, options, client, trace) {
  let reason;
  try {
    return await sendOnce(transport, request, options, client, trace);
  } catch (error) {
    reason = error;
    throw error;
  } finally {
    closeStream(request.body, reason);
  }
}

/**
 * Sends a request: the default adapter's `fetch`. Takes the options of node-fetch 2, and some of ours; others are
 * ignored.
 *
 * @param {string} url An absolute http(s) URL.
 * @param {object} [options] `method`, `headers`, `body`, `signal`; `redirect` ('follow', 'manual' or 'error'),
 *   `follow` (how many redirects at most, default 20), `compress` (default true), `timeout` (ms for the whole call, 0
 *   for none, default the client's), `size` (how many bytes the body may have, 0 for the client's
 *   `maxResponseBytes`), `maxRetries` (default the client's), `agent` (sends through Node's http), `to` (a file to
 *   which the body of a success is written).
 * @returns {Promise<Response>} The response, whatever its status. Rejects with TypeError, ConnectionError,
 *   TimeoutError, or the reason of the signal.
 */
async function fetch(url, options) {
  const input = options || {};
  const client = clientOptionsOf.get(this) || DEFAULTS;
  const { transport, fetch: foreignFetch, isAgent } = chooseTransport(input, client.transport);
  if (transport === 'fetch') return sendThroughFetch(foreignFetch, url, options);
  const request = await prepare(url, input, client);
  // A mock's response is meant for the first attempt.
  if (transport === 'node' && !isAgent) request.maxRetries = 0;
  if (!isWatched()) return sendAndClose(transport, request, input, client);
  const trace = new RequestTrace(request.method, findHeader(request.headers, 'authorization'));
  try {
    const response = await sendAndClose(transport, request, input, client, trace);
    trace.finish({ status: response.status, attempts: unreadContent(response)?.attempts });
    return response;
  } catch (error) {
    trace.finish({ error, attempts: error?.attempts });
    throw error;
  }
}

module.exports = { configure, fetch };
