'use strict';

const binding = require('../../../binding.js');
const { isWatched } = require('../events/channels.js');
const { RequestTrace } = require('../events/requestTrace.js');
const { isStream } = require('../copies.js');
const { onDemand } = require('../onDemand.js');
const { toError } = require('../results/errors.js');
const { abortReason, abortable } = require('./abort.js');
const { detectMocks } = require('./detectMocks.js');
const { findHeader, listHeaders, mergeHeaders } = require('./headers.js');
const { optionsOf } = require('./fastPath.js');
const { networkOf } = require('./network.js');
const { readBody, textBody } = require('./requestBody.js');
const { Response, contentOf, noteFile, unpack } = require('./response.js');
const { closeStream, readable } = require('./streams.js');

const streaming = onDemand(() => require('./streamingBody.js'));
const node = onDemand(() => require('./nodeTransport.js'));

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

/** The settings of each client's requests that have no options of their own. */
const settingsOfClients = new WeakMap();

/** The options of a request, and where it has none those of its client. What both leave out has the engine's default. */
function requestOptions({ redirect, follow, compress, ...own }, client) {
  const { timeout = client.timeout, maxRetries = client.maxRetries } = own;
  const size = own.size || client.maxResponseBytes;
  const { connectTimeout, readTimeout, backOff, maxConnections } = client;
  const limits = { connectTimeout, readTimeout, timeout, maxRetries, backOff, maxConnections, size };
  return { redirect, follow, compress, ...limits };
}

/** The settings of a request as the engine takes them. */
function settingsOf(options, client) {
  const { redirect, follow, compress, timeout, maxRetries, size } = options;
  const hasOwn = [redirect, follow, compress, timeout, maxRetries].some((one) => one !== undefined) || size;
  const known = hasOwn ? undefined : settingsOfClients.get(client);
  if (known !== undefined) return known;
  const settings = new binding.RequestSettings({
    ...requestOptions(options, client),
    network: networkOf(client),
  });
  if (!hasOwn) settingsOfClients.set(client, settings);
  return settings;
}

/** The method of a request; throws a TypeError for one that cannot have its body. */
function methodOf({ method, body }) {
  const name = `${method || 'GET'}`.toUpperCase();
  if (body !== undefined && body !== null && (name === 'GET' || name === 'HEAD')) {
    throw new TypeError('Request with GET/HEAD method cannot have body');
  }
  return name;
}

/** The request as the engine and Node's transport take it; `type` is the content type unless the caller has set one. */
function prepare(url, method, { content, type }, options) {
  const headers = listHeaders(options.headers);
  if (type !== undefined && findHeader(headers, 'content-type') === undefined)
    headers.push('Content-Type', type);
  return { url: `${url}`, method, headers, body: content };
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

/** The headers in one text, which costs less to pass; a list if a part holds the end of a line, for the engine to refuse. */
function packHeaders(flat) {
  return flat.some((text) => text.includes('\n')) ? flat : flat.join('\n');
}

function sendThroughEngine({ url, method, headers, body }, settings, { to, signal, onRetry }) {
  const packed = packHeaders(headers);
  if (isStream(body)) {
    return abortable(signal, (abort = new binding.Abort()) =>
      streaming().sendWithStream(body, abort, (stream) =>
        binding.fetch(url, method, packed, undefined, settings, { to, abort, onRetry, stream }),
      ),
    );
  }
  if (!signal && to === undefined && onRetry === undefined)
    return binding.fetch(url, method, packed, body, settings);
  return abortable(signal, (abort) =>
    binding.fetch(url, method, packed, body, settings, { to, abort, onRetry }),
  );
}

/**
 * Sends through the engine or Node's http, with the same results.
 *
 * @param {{ transport: string, isAgent?: boolean }} chosen What `chooseTransport` returned.
 */
async function sendOnce({ transport, isAgent }, request, options, client, trace) {
  const { agent, signal, to } = options;
  if (signal?.aborted) throw abortReason(signal);
  if (trace) request.headers = mergeHeaders(request.headers, trace.start(request.url));
  const onRetry = trace?.onRetry();
  let packed;
  if (transport === 'node') {
    const all = { ...request, to, ...requestOptions(options, client) };
    // A mock's response is meant for the first attempt.
    if (!isAgent) all.maxRetries = 0;
    packed = await node().sendThroughNode(all, { agent, signal, onRetry });
  } else {
    packed = await sendThroughEngine(request, settingsOf(options, client), { to, signal, onRetry });
  }
  const key = findHeader(request.headers, 'authorization');
  if (packed.failure === undefined) {
    const content = unpack(packed);
    noteFile(content, to);
    content.maxBytes = options.size || client.maxResponseBytes || binding.MAX_JSON_BYTES;
    content.key = key;
    return new Response(content);
  }
  if (packed.failure.kind === 'abort' && signal) throw abortReason(signal);
  throw toError(packed, key);
}

/** Sends, and then closes a stream that was the body, whether the request succeeded or not. */
async function sendAndClose(chosen, request, options, client, trace) {
  let reason;
  try {
    return await sendOnce(chosen, request, options, client, trace);
  } catch (error) {
    reason = error;
    throw error;
  } finally {
    closeStream(request.body, reason);
  }
}

/**
 * Sends a request, for the default adapter. Takes the options of node-fetch 2, and some of ours; others are
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
  const client = optionsOf(this);
  const chosen = chooseTransport(input, client.transport);
  if (chosen.transport === 'fetch') return sendThroughFetch(chosen.fetch, url, options);
  const method = methodOf(input);
  const body = typeof input.body === 'string' ? textBody(input.body) : await readBody(input.body);
  const request = prepare(url, method, body, input);
  if (!isWatched()) {
    return isStream(request.body)
      ? sendAndClose(chosen, request, input, client)
      : sendOnce(chosen, request, input, client);
  }
  const trace = new RequestTrace(request.method, findHeader(request.headers, 'authorization'));
  try {
    const response = await sendAndClose(chosen, request, input, client, trace);
    trace.finish({ status: response.status, attempts: contentOf(response)?.attempts });
    return response;
  } catch (error) {
    trace.finish({ error, attempts: error?.attempts });
    throw error;
  }
}

module.exports = { fetch };
