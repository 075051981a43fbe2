'use strict';

/**
 * What the package tells of its requests: four channels of Node's `diagnostics_channel`, for tracing, metrics and
 * logs. Nothing is built where nobody subscribes.
 *
 * Every request that is begun ends with exactly one `end` (there is an answer, whatever its status) or `error` (there
 * is none); all messages of one call have the same `id`.
 */

const { channel } = require('diagnostics_channel');
const binding = require('../../binding.js');
const { listHeaders } = require('./http/body');

const START = channel('cloudblue-connect:request:start');
const RETRY = channel('cloudblue-connect:request:retry');
const END = channel('cloudblue-connect:request:end');
const ERROR = channel('cloudblue-connect:request:error');

/** Headers that are not a subscriber's to change: the key, and what says where a body ends. */
const isOurs = (name) => /^authorization$/i.test(name) || binding.isFraming(name);

let count = 0;

/** Whether anybody wants to know of requests. */
function isWatched() {
  return START.hasSubscribers || RETRY.hasSubscribers || END.hasSubscribers || ERROR.hasSubscribers;
}

/** One call that somebody watches, over all its attempts. */
class Trace {
  /**
   * @param {string} method The HTTP method.
   * @param {*} apiKey The client's key; only its id is shown.
   */
  constructor(method, apiKey) {
    count += 1;
    this.told = { id: count, method, url: undefined, apiKey: binding.maskKey(apiKey) };
    this.begun = undefined;
  }

  /**
   * Tells that the request is about to be sent.
   *
   * @param {string} url Where to.
   * @returns {string[]} The headers that subscribers want on it: `[name, value, ...]`.
   */
  start(url) {
    this.told.url = binding.shownUrl(`${url}`);
    this.begun = process.hrtime();
    const headers = {};
    START.publish({ ...this.told, headers });
    try {
      return listHeaders(Object.entries(headers).filter(([name]) => !isOurs(name)));
    } catch (cause) {
      const error = new TypeError('the headers that a subscriber added cannot be read');
      throw Object.assign(error, { cause, maybeProcessed: false });
    }
  }

  /** Tells that an attempt failed and the next one follows; to be given to the engine. */
  again() {
    if (!RETRY.hasSubscribers) return () => undefined;
    const { AsyncResource } = require('async_hooks');
    // The engine calls from outside: whoever subscribes keeps the context of the call.
    return AsyncResource.bind((attempt, waitMs, status, code) =>
      RETRY.publish({
        ...this.told,
        attempt,
        waitMs: Math.round(waitMs),
        status: status ?? undefined,
        code: code ?? undefined,
      }),
    );
  }

  /**
   * Tells what became of the call. A call that was refused before it was begun is none of its business.
   *
   * @param {object} result `{ status, attempts }` if there is an answer, else `{ error, attempts }`.
   */
  finish({ status, attempts, error }) {
    if (this.begun === undefined) return;
    const [seconds, nanoseconds] = process.hrtime(this.begun);
    const durationMs = seconds * 1e3 + nanoseconds / 1e6;
    this.begun = undefined;
    if (error === undefined) END.publish({ ...this.told, status, attempts, durationMs });
    else ERROR.publish({ ...this.told, error, attempts, durationMs });
  }
}

module.exports = { Trace, isWatched };
