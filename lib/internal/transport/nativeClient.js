'use strict';

const binding = require('../../../binding.js');
const { networkOf } = require('./network.js');

/** What the package keeps for a client: its native side, which holds its endpoint, its key and its options for the engine. */

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
  const value = { ...state, endpoint: undefined, apiKey: undefined, native: undefined };
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

module.exports = { attachState, configure, maxParsedBytes, nativeClient, optionsOf, stateOf };
