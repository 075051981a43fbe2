'use strict';

const api = require('./api/index.js');
const { metadata } = require('../internal/resources/defineNativeMethods.js');
const { DefaultHttpAdapter } = require('./http/adapter.js');
const { onDemand } = require('../internal/onDemand.js');
const { attachState, configure, registerOriginals } = require('../internal/transport/fastPath.js');
const { readClientOptions } = require('../internal/options.js');

const requestProgress = onDemand(() => require('../internal/transport/requestProgress.js'));

/** The resources of a client, in the order of the original. */
const resources = [...metadata.values()]
  .filter(({ property }) => property !== '')
  .map(({ property, className }) => ({ property, key: `_${property}`, Class: api[className] }));

/**
 * The client of Connect: an endpoint, a key, and a property for each resource of the API.
 *
 * Creating one takes microseconds, for it opens and checks nothing: as in the original, the first request reports an
 * invalid endpoint or key.
 */
class ConnectClient {
  /**
   * @param {string} endpoint The API's URL, such as `https://api.connect.cloudblue.com/public/v1`.
   * @param {string} apiKey The key, with the word ApiKey: `ApiKey SU-000-000:...`.
   * @param {object} [adapterOrOptions] An adapter, or options; see `types/options.d.ts`.
   */
  constructor(endpoint, apiKey, adapterOrOptions) {
    const { adapter, options } = readClientOptions(adapterOrOptions);
    this._endpoint = endpoint;
    // What is no URL may be the key, passed in the wrong place, and must not be printed.
    if (typeof endpoint === 'string' && !/^\s*https?:/i.test(endpoint))
      Object.defineProperty(this, '_endpoint', { enumerable: false });
    // An own property as in the original, but not enumerable, so that it is not printed (COMPATIBILITY.md, S1).
    Object.defineProperty(this, '_apiKey', { value: apiKey, writable: true, configurable: true });
    this._adapter = adapter || new DefaultHttpAdapter();
    for (const { key, Class } of resources) this[key] = new Class(this);

    // They read the fields and call the methods on every request: both may be replaced at any time.
    const prefix = (url, request) => this.addEndpointPrefix(this._endpoint, url, request);
    const authorize = (url, request) =>
      this.addAuthorizationHeader(/** @type {*} */ (this)._apiKey, url, request);
    const list = [prefix, authorize];
    this._adapter.beforeRequest = list;
    configure(this._adapter, options);
    attachState(this, { hooks: { list, prefix, authorize }, options, transport: options.transport });
  }

  /**
   * Adds a hook that is called with every request before it is sent, and may change it.
   *
   * @param {Function} hook `(url, options) => ({ url, options })`, synchronous.
   */
  addBeforeRequestHook(hook) {
    this._adapter.beforeRequest.push(hook);
  }

  /**
   * Adds a hook that is called with every response, and may replace it.
   *
   * @param {Function} hook `(response) => response`.
   */
  addAfterResponseHook(hook) {
    this._adapter.afterResponse.push(hook);
  }

  /** The first built-in hook: prepends the endpoint to the path. */
  addEndpointPrefix(endpoint, url, options) {
    const base = typeof endpoint === 'string' ? endpoint.replace(/\/+$/, '') : endpoint;
    return { url: `${base}${url}`, options };
  }

  /** The second built-in hook: adds the key, which replaces an `Authorization` header of the caller. */
  addAuthorizationHeader(apiKey, url, options) {
    const headers = { ...options?.headers, Authorization: apiKey };
    return { url, options: { ...options, headers } };
  }

  /**
   * Sends a request to any path of the API.
   *
   * @param {string} url The path below the endpoint.
   * @param {object} [options] As for `fetch`.
   * @returns {Promise<Response>} The response, whatever its status.
   */
  async fetch(url, options) {
    // An adapter without `fetch` certainly sends nothing.
    if (typeof this._adapter?.fetch !== 'function') requestProgress().progressOf(options).start();
    return this._adapter.fetch(url, options);
  }
}

for (const { property, key } of resources) {
  // As in the original without a setter: an assignment throws in strict mode.
  Object.defineProperty(ConnectClient.prototype, property, {
    get() {
      return this[key];
    },
    configurable: true,
    enumerable: false,
  });
}

const { fetch: clientFetch, addEndpointPrefix, addAuthorizationHeader } = ConnectClient.prototype;
registerOriginals({ clientFetch, addEndpointPrefix, addAuthorizationHeader });

module.exports = ConnectClient;
