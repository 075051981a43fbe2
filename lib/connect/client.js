'use strict';

const api = require('./api');
const { surface } = require('./expose');
const { DefaultHttpAdapter } = require('./http/adapter');
const { configure } = require('./http/fetch');
const { stageOf } = require('./http/stage');
const { register, remember } = require('./native');
const { readOptions } = require('./options');

/** The resources that a client offers, in the order of the original. */
const resources = [...surface.values()]
  .filter(({ property }) => property !== '')
  .map(({ property, className }) => ({ property, key: `_${property}`, Class: api[className] }));

/**
 * The client of Connect: an endpoint, a key, and a property for each resource of the API.
 *
 * Cheap to make: nothing is opened or checked (fact 7), so a client per call costs microseconds. What is
 * wrong with the endpoint or the key is said by the first request.
 */
class ConnectClient {
  /**
   * @param {string} endpoint The API's URL, such as `https://api.connect.cloudblue.com/public/v1`.
   * @param {string} apiKey The key, the word `ApiKey ` included: `ApiKey SU-000-000:...`.
   * @param {object} [adapterOrOptions] An adapter, or options; see `index.d.ts`.
   */
  constructor(endpoint, apiKey, adapterOrOptions) {
    const { adapter, options } = readOptions(adapterOrOptions);
    this._endpoint = endpoint;
    // What is no URL may be the key, given in the endpoint's place: no printer shows that either.
    if (typeof endpoint === 'string' && !/^\s*https?:/i.test(endpoint))
      Object.defineProperty(this, '_endpoint', { enumerable: false });
    // Own and writable as in the original, but not enumerable: no printer shows it (COMPATIBILITY.md, S1).
    Object.defineProperty(this, '_apiKey', { value: apiKey, writable: true, configurable: true });
    this._adapter = adapter || new DefaultHttpAdapter();
    for (const { key, Class } of resources) this[key] = new Class(this);

    // The hooks read the fields and call the methods at call time, so that changing either takes effect (fact 11).
    const prefix = (url, request) => this.addEndpointPrefix(this._endpoint, url, request);
    const authorize = (url, request) => this.addAuthorizationHeader(this._apiKey, url, request);
    const list = [prefix, authorize];
    this._adapter.beforeRequest = list;
    configure(this._adapter, options);
    register(this, { hooks: { list, prefix, authorize }, options, transport: options.transport });
  }

  /**
   * Adds a function that sees every request before it is sent, and may change it.
   *
   * @param {Function} hook `(url, options) => ({ url, options })`, synchronous.
   */
  addBeforeRequestHook(hook) {
    this._adapter.beforeRequest.push(hook);
  }

  /**
   * Adds a function that sees every response, and may replace it.
   *
   * @param {Function} hook `(response) => response`.
   */
  addAfterResponseHook(hook) {
    this._adapter.afterResponse.push(hook);
  }

  /** The first of the built-in hooks: puts the endpoint before the path. */
  addEndpointPrefix(endpoint, url, options) {
    const base = typeof endpoint === 'string' ? endpoint.replace(/\/+$/, '') : endpoint;
    return { url: `${base}${url}`, options };
  }

  /** The second of the built-in hooks: adds the key. It beats an `Authorization` of the caller (fact 31). */
  addAuthorizationHeader(apiKey, url, options) {
    const given = options || {};
    return { url, options: { ...given, headers: { ...given.headers, Authorization: apiKey } } };
  }

  /**
   * Sends a request to any path of the API.
   *
   * @param {string} url The path below the endpoint.
   * @param {object} [options] As for `fetch`.
   * @returns {Promise<Response>} The response, whatever its status.
   */
  async fetch(url, options) {
    // An adapter without `fetch` sends nothing.
    if (typeof this._adapter?.fetch !== 'function') stageOf(options).begin();
    return this._adapter.fetch(url, options);
  }
}

for (const { property, key } of resources) {
  // A getter without a setter: assigning one throws in strict mode (fact 9).
  Object.defineProperty(ConnectClient.prototype, property, {
    get() {
      return this[key];
    },
    configurable: true,
    enumerable: false,
  });
}

const { fetch: clientFetch, addEndpointPrefix, addAuthorizationHeader } = ConnectClient.prototype;
remember({ clientFetch, addEndpointPrefix, addAuthorizationHeader });

module.exports = ConnectClient;
