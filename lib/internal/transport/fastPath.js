'use strict';

/**
 * Decides, for every call, which path its request takes. On the fast path Rust builds and sends it. A client that was
 * customised in any way takes the pipeline, through hooks, adapters, overrides and mocks.
 */

const { detectMocks } = require('./detectMocks.js');
const { stateOf } = require('./nativeClient.js');
const { isWatched } = require('../events/channels.js');

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

module.exports = { canSendInRust, canUseFastPath, registerOriginals };
