'use strict';

/**
 * What the package keeps for a client: its native side, which holds its endpoint, its key and its options for the engine.
 * And, for every call, which path its request takes. On the fast path Rust builds and sends it. A client that was
 * customised in any way takes the pipeline, through hooks, adapters, overrides and mocks.
 */

const binding = require('../../../binding.js');
const { detectMocks } = require('./detectMocks.js');
const { networkOf } = require('./network.js');
const { isWatched } = require('../events/channels.js');

/**
 * The property under which a client keeps our state, beside the keys that the original's users know. Not a WeakMap:
 * with one, garbage collection costs more than all the rest of creating a client.
 */
const STATE = Symbol('connect');

/** For clients that are not ours (a stub, a plain object): their requests always take the pipeline. */
const foreignClient = new binding.ConnectClient(undefined, undefined);

/**
 * Attaches our state to a client.
 *
 * @param {object} client The client.
 * @param {object} state `hooks` (the two built-in before-hooks), `options` (for the engine), `transport`.
 */
function attachState(client, state) {
  const { hooks, options, transport } = state;
  // Field by field: `...state` would take most of the time that creating a client does.
  const value = { hooks, options, transport, endpoint: undefined, apiKey: undefined, native: undefined };
  Object.defineProperty(client, STATE, { value });
}

/** The state of a client; undefined for one that is not ours. */
function stateOf(client) {
  return typeof client === 'object' && client !== null ? client[STATE] : undefined;
}

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

/** The options of the client of an adapter. */
const optionsOf = (adapter) => clientOptionsOf.get(adapter) || DEFAULTS;

/** The native client for the endpoint and the key that the client has now: both may be assigned at any time. */
function nativeClient(client) {
  const state = stateOf(client);
  if (state === undefined) return foreignClient;
  const { _endpoint: endpoint, _apiKey: apiKey } = client;
  if (state.native === undefined || state.endpoint !== endpoint || state.apiKey !== apiKey) {
    const options = { ...state.options, network: networkOf(state.options) };
    state.native = new binding.ConnectClient(endpoint, apiKey, options);
    state.endpoint = endpoint;
    state.apiKey = apiKey;
  }
  return state.native;
}

/** How many bytes of a response may be parsed as JSON. */
function maxParsedBytes(client) {
  return stateOf(client)?.options.maxResponseBytes || binding.MAX_JSON_BYTES;
}

/** The functions as they were when the package was loaded; a stub or an override differs from them. */
const originals = {};

/**
 * Adds functions of a class that a request passes through; the class calls it when it is defined.
 *
 * @param {object} functions For example `{ clientFetch }`.
 */
function registerOriginals(functions) {
  Object.assign(originals, functions);
}

function isOriginalAdapter(adapter, hooks) {
  if (typeof adapter !== 'object' || adapter === null) return false;
  const before = adapter.beforeRequest;
  const after = adapter.afterResponse;
  return (
    adapter.fetch === originals.adapterFetch &&
    adapter.prepareRequest === originals.prepareRequest &&
    adapter.parseResponse === originals.parseResponse &&
    adapter._fetch === originals.send &&
    before === hooks.list &&
    before.length === 2 &&
    before[0] === hooks.prefix &&
    before[1] === hooks.authorize &&
    Array.isArray(after) &&
    after.length === 0
  );
}

/** Whether the transport is the engine: as the option says, and for `auto` unless requests are mocked. */
function isEngine(transport) {
  return (transport === 'auto' ? detectMocks().transport : transport) === 'engine';
}

/**
 * Whether the requests of a resource may take the fast path.
 *
 * @param {object} resource The resource whose method is called.
 * @param {object} client Its client.
 * @returns {boolean} False if anything that a request passes through is not as the package made it.
 */
function canUseFastPath(resource, client) {
  const state = stateOf(client);
  return (
    state !== undefined &&
    resource.fetch === originals.resourceFetch &&
    client.fetch === originals.clientFetch &&
    client.addEndpointPrefix === originals.addEndpointPrefix &&
    client.addAuthorizationHeader === originals.addAuthorizationHeader &&
    isOriginalAdapter(client._adapter, state.hooks) &&
    isEngine(state.transport)
  );
}

/**
 * Whether Rust may send requests of a resource on its own, of which JavaScript learns nothing: they may take the fast path,
 * and nobody subscribes to their events.
 *
 * @param {object} resource The resource.
 */
function canSendInRust(resource) {
  return canUseFastPath(resource, resource._client) && !isWatched();
}

module.exports = {
  attachState,
  canSendInRust,
  canUseFastPath,
  configure,
  maxParsedBytes,
  nativeClient,
  optionsOf,
  registerOriginals,
};
