'use strict';

const { onDemand } = require('../../internal/onDemand.js');
const { deepCopy, isStream } = require('../../internal/copies.js');
const { optionsOf, registerOriginals } = require('../../internal/transport/fastPath.js');

const requestProgress = onDemand(() => require('../../internal/transport/requestProgress.js'));
const afterHooks = onDemand(() => require('../../internal/transport/afterHooks.js'));
const transport = onDemand(() => require('../../internal/transport/fetch.js'));

/** The default adapter's `_fetch`: sends with the engine. */
function fetch(url, options) {
  return transport().fetch.call(this, url, options);
}

/** Copies the options of a request, except the agent: its connections cannot be copied (COMPATIBILITY.md, W12). */
function copyOptions(options) {
  if (typeof options?.agent !== 'object' || options.agent === null) return deepCopy(options);
  const { agent, ...others } = options;
  return Object.assign(deepCopy(others), { agent });
}

const ABSTRACT = 'Concrete class must implement this method!';

/**
 * The pipeline of a request: before-hooks, `prepareRequest`, `_fetch`, `parseResponse`, after-hooks. Extend it to
 * send with another HTTP client than the engine.
 */
class AbstractHttpAdapter {
  /**
   * @param {Function} fetchFn Sends a request: `(url, options) => Promise<Response>`.
   */
  constructor(fetchFn) {
    if (new.target === AbstractHttpAdapter) throw new Error('HttpAdapter is abstract. You must subclass it!');
    this._fetch = fetchFn;
    this._before = [];
    this._after = [];
  }

  /** The hooks that are called with a request before it is sent. The array that is assigned is kept, not copied. */
  get beforeRequest() {
    return this._before;
  }

  set beforeRequest(hooks) {
    this._before = hooks || [];
  }

  /** The hooks that are called with a response. */
  get afterResponse() {
    return this._after;
  }

  set afterResponse(hooks) {
    this._after = hooks || [];
  }

  /**
   * Converts a request to the arguments of `_fetch`.
   *
   * @param {string} _url The absolute URL.
   * @param {object} _options The options; `body` is the caller's own value.
   * @returns {{ url: string, options: object }} What to send.
   */
  prepareRequest(_url, _options) {
    throw new Error(ABSTRACT);
  }

  /**
   * Converts the result of `_fetch` to a response with `ok`, `status`, `headers.get`, `json()` and `text()`. It is
   * called without a `this`.
   *
   * @param {*} _response What `_fetch` resolved to.
   * @returns {object} The response.
   */
  parseResponse(_response) {
    throw new Error(ABSTRACT);
  }

  /**
   * Sends a request.
   *
   * @param {string} url The path, to which a hook of the client adds the endpoint.
   * @param {object} [options] As for `fetch`; they are copied, never changed.
   * @returns {Promise<object>} The response, whatever its status.
   */
  async fetch(url, options) {
    const progress = requestProgress().progressOf(options);
    progress.start();
    const input = { url, options: copyOptions(options === undefined ? {} : options) };
    const run = (request, hook) => refusePromise(hook(request.url, request.options));
    const hooked = this.beforeRequest.reduce(run, input);
    const request = this.prepareRequest(hooked.url, hooked.options);
    const { parseResponse } = this;
    const limits = afterHooks().limitsOf(hooked.options, optionsOf(this));
    const isOurs = this._fetch === fetch;
    if (!isOurs) progress.sent(true);
    // `.then`, not `await`: as in the original, a `_fetch` that returns no promise is an error.
    return this._fetch(request.url, request.options).then(
      (response) => {
        progress.sent(true);
        response.options = options;
        const parsed = parseResponse(response);
        const hooks = this.afterResponse;
        const runHooks = () => afterHooks().runHooks(hooks, parsed);
        const kept = hooks.length > 0 ? afterHooks().keepError(parsed) : undefined;
        const result = kept === undefined ? runHooks() : kept.then(runHooks);
        return limits === undefined ? result : afterHooks().within(limits, result, parsed);
      },
      (error) => {
        // Only our own transport knows that nothing was sent.
        progress.sent(error?.maybeProcessed !== false);
        throw error;
      },
    );
  }
}

/** Refuses a promise that a before-hook has returned. Anything else that is no request fails as in the original. */
function refusePromise(request) {
  if (typeof request?.then !== 'function') return request;
  // Nobody waits for it: should it reject, too, the process would end.
  request.then(undefined, () => undefined);
  throw new TypeError('a hook of requests must return { url, options }, not a promise: it is synchronous');
}

/** Whether a body is sent as JSON: an array or a plain object, but not a stream (COMPATIBILITY.md, W14). */
function isJsonBody(body) {
  if (isStream(body)) return false;
  return Array.isArray(body) || Object.prototype.toString.call(body) === '[object Object]';
}

/** The default adapter of a client, which sends with the engine. */
class DefaultHttpAdapter extends AbstractHttpAdapter {
  constructor() {
    super(fetch);
  }

  prepareRequest(url, options) {
    const prepared = copyOptions(options);
    const { body } = prepared;
    if (body && isJsonBody(body)) {
      prepared.body = JSON.stringify(body);
      prepared.headers = { ...prepared.headers, 'Content-Type': 'application/json' };
    }
    return { url, options: prepared };
  }

  parseResponse(response) {
    return response;
  }
}

registerOriginals({
  adapterFetch: AbstractHttpAdapter.prototype.fetch,
  prepareRequest: DefaultHttpAdapter.prototype.prepareRequest,
  parseResponse: DefaultHttpAdapter.prototype.parseResponse,
  send: fetch,
});

module.exports = { AbstractHttpAdapter, DefaultHttpAdapter };
