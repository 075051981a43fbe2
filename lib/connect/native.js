'use strict';

/**
 * The native side of a client, and the question that is asked on every call: has anybody put a hand on
 * the way a request travels? If nobody has, Rust sends it; otherwise it goes through the JavaScript
 * pipeline, where hooks, adapters, overrides and mocks are.
 */

const binding = require('../../binding.js');
const mocks = require('./mocks');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http/adapter');
const { fetch } = require('./http/fetch');
const { networkOf } = require('./network');

/**
 * Where a client keeps what is not one of its own keys, which are the original's (fact 8). Not a WeakMap: the garbage
 * collector's work on one costs more than all the rest of making a client.
 */
const STATE = Symbol('connect');

/** The functions as they were when the package was loaded; a stub or an override differs from them. */
const ours = {
  adapterFetch: AbstractHttpAdapter.prototype.fetch,
  prepareRequest: DefaultHttpAdapter.prototype.prepareRequest,
  parseResponse: DefaultHttpAdapter.prototype.parseResponse,
};

/** For clients that are not ours (a stub, a plain object): their requests only ever travel the pipeline. */
const stranger = new binding.ConnectClient(undefined, undefined);

/**
 * Notes what belongs to a client.
 *
 * @param {object} client The client.
 * @param {object} state `hooks` (our before-hooks), `options` (what the engine is given), `transport`.
 */
function register(client, state) {
  const value = { ...state, endpoint: undefined, apiKey: undefined, native: undefined };
  Object.defineProperty(client, STATE, { value });
}

/** What is noted of a client; undefined for one that is not ours. */
function stateOf(client) {
  return typeof client === 'object' && client !== null ? client[STATE] : undefined;
}

/**
 * Notes the functions of a class that a request passes through; called by the class itself when it is made.
 *
 * @param {object} functions For example `{ clientFetch }`.
 */
function remember(functions) {
  Object.assign(ours, functions);
}

/** The native client of ours for the endpoint and the key that the client has now (fact 11). */
function nativeClient(client) {
  const state = stateOf(client);
  if (state === undefined) return stranger;
  const { _endpoint: endpoint, _apiKey: apiKey } = client;
  if (state.native === undefined || state.endpoint !== endpoint || state.apiKey !== apiKey) {
    const options = { ...state.options, network: networkOf(state.options) };
    state.native = new binding.ConnectClient(endpoint, apiKey, options);
    state.endpoint = endpoint;
    state.apiKey = apiKey;
  }
  return state.native;
}

/** How many bytes of an answer of a client's may be parsed. */
function mostParsed(client) {
  return stateOf(client)?.options.maxResponseBytes || binding.MOST_JSON_BYTES;
}

function isOurAdapter(adapter, hooks) {
  if (typeof adapter !== 'object' || adapter === null) return false;
  const before = adapter.beforeRequest;
  const after = adapter.afterResponse;
  return (
    adapter.fetch === ours.adapterFetch &&
    adapter.prepareRequest === ours.prepareRequest &&
    adapter.parseResponse === ours.parseResponse &&
    adapter._fetch === fetch &&
    before === hooks.list &&
    before.length === 2 &&
    before[0] === hooks.prefix &&
    before[1] === hooks.authorize &&
    Array.isArray(after) &&
    after.length === 0
  );
}

/** Whether the engine may send: always when told so, never when told not to, else unless requests are mocked. */
function engineMaySend(transport) {
  if (transport === 'auto') return mocks.road().road === 'engine';
  return transport === 'engine';
}

/**
 * Whether a request of this resource may go straight to the engine.
 *
 * @param {object} resource The resource whose method was called.
 * @param {object} client Its client.
 * @returns {boolean} False as soon as anything on the request's way is not as we made it.
 */
function isUntouched(resource, client) {
  const state = stateOf(client);
  return (
    state !== undefined &&
    resource.fetch === ours.resourceFetch &&
    client.fetch === ours.clientFetch &&
    client.addEndpointPrefix === ours.addEndpointPrefix &&
    client.addAuthorizationHeader === ours.addAuthorizationHeader &&
    isOurAdapter(client._adapter, state.hooks) &&
    engineMaySend(state.transport)
  );
}

module.exports = { isUntouched, mostParsed, nativeClient, register, remember };
