'use strict';

const { clone } = require('./clone');
const { fetch } = require('./fetch');
const { stageOf } = require('./stage');
const { isStream } = require('./streams');

/** A copy of a request's options, but for the agent: it holds connections, which a copy cannot (COMPATIBILITY.md, W12). */
function cloneOptions(options) {
  if (typeof options?.agent !== 'object' || options.agent === null) return clone(options);
  const { agent, ...others } = options;
  return Object.assign(clone(others), { agent });
}

const ABSTRACT = 'Concrete class must implement this method!';

/**
 * The way a request takes through JavaScript: before-hooks, `prepareRequest`, `_fetch`, `parseResponse`,
 * after-hooks (fact 17). Extend it to send with something else than the engine.
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

  /** The hooks that see a request before it is sent. The array itself is kept, not a copy (fact 16). */
  get beforeRequest() {
    return this._before;
  }

  set beforeRequest(hooks) {
    this._before = hooks || [];
  }

  /** The hooks that see a response. */
  get afterResponse() {
    return this._after;
  }

  set afterResponse(hooks) {
    this._after = hooks || [];
  }

  /**
   * Makes of a request what `_fetch` is given.
   *
   * @param {string} _url The absolute URL.
   * @param {object} _options The options; `body` is the caller's own value.
   * @returns {{ url: string, options: object }} What to send.
   */
  prepareRequest(_url, _options) {
    throw new Error(ABSTRACT);
  }

  /**
   * Makes of what `_fetch` gave a response with `ok`, `status`, `headers.get`, `json()` and `text()`. It is
   * called without a `this` (fact 21).
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
   * @param {object} [options] As for `fetch`; never changed (fact 25).
   * @returns {Promise<object>} The response, whatever its status.
   */
  async fetch(url, options) {
    const stage = stageOf(options);
    stage.begin();
    const given = { url, options: cloneOptions(options === undefined ? {} : options) };
    const hooked = this.beforeRequest.reduce((request, hook) => hook(request.url, request.options), given);
    const request = this.prepareRequest(hooked.url, hooked.options);
    const { parseResponse } = this;
    const isOurs = this._fetch === fetch;
    if (!isOurs) stage.sent(true);
    // `.then`, not `await`: a `_fetch` that returns no promise is a mistake, and says so (fact 23).
    return this._fetch(request.url, request.options).then(
      (response) => {
        stage.sent(true);
        response.options = options;
        return this.afterResponse.reduce((previous, hook) => hook(previous), parseResponse(response));
      },
      (error) => {
        // Only our own transport knows whether anything has left.
        stage.sent(error?.maybeProcessed !== false);
        throw error;
      },
    );
  }
}

/** Whether a body is an object or an array, which go out as JSON (fact 27); a stream goes out as what it gives (W14). */
function isJsonBody(body) {
  if (isStream(body)) return false;
  return Array.isArray(body) || Object.prototype.toString.call(body) === '[object Object]';
}

/** The adapter that a client has unless it is given another: sends with the engine. */
class DefaultHttpAdapter extends AbstractHttpAdapter {
  constructor() {
    super(fetch);
  }

  prepareRequest(url, options) {
    const prepared = cloneOptions(options);
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

module.exports = { AbstractHttpAdapter, DefaultHttpAdapter };
