'use strict';

const binding = require('../../../binding.js');
const { listHeaders } = require('../transport/headers.js');
const { END, ERROR, RETRY, START } = require('./channels.js');

/** Headers that subscribers cannot set: the key, and those that frame the body. */
const isReserved = (name) => /^authorization$/i.test(name) || binding.isFraming(name);

let count = 0;

/** Publishes the events of one call, over all its attempts. */
class RequestTrace {
  /**
   * @param {string} method The HTTP method.
   * @param {*} apiKey The client's key, of which only the id is published.
   */
  constructor(method, apiKey) {
    count += 1;
    this.fields = { id: count, method, url: undefined, apiKey: binding.maskKey(apiKey) };
    this.startedAt = undefined;
  }

  /**
   * Publishes that the request is about to be sent.
   *
   * @param {string} url Its URL.
   * @returns {string[]} The headers that subscribers added: `[name, value, ...]`.
   */
  start(url) {
    this.fields.url = binding.shownUrl(`${url}`);
    this.startedAt = process.hrtime();
    const headers = {};
    START.publish({ ...this.fields, headers });
    try {
      return listHeaders(Object.entries(headers).filter(([name]) => !isReserved(name)));
    } catch (cause) {
      const error = new TypeError(
        'cannot read the headers that a subscriber to cloudblue-connect:request:start added',
      );
      throw Object.assign(error, { cause, maybeProcessed: false });
    }
  }

  /** Returns the engine's callback that publishes each attempt which is followed by another one. */
  onRetry() {
    if (!RETRY.hasSubscribers) return () => undefined;
    const { AsyncResource } = require('async_hooks');
    // The engine calls it outside the asynchronous context of the call, which subscribers need.
    return AsyncResource.bind((attempt, waitMs, status, code) =>
      RETRY.publish({
        ...this.fields,
        attempt,
        waitMs: Math.round(waitMs),
        status: status ?? undefined,
        code: code ?? undefined,
      }),
    );
  }

  /**
   * Publishes the end of the call, if it has started.
   *
   * @param {{ status?: number, attempts?: number, error?: * }} result `status` if there is a response, else `error`.
   */
  finish({ status, attempts, error }) {
    if (this.startedAt === undefined) return;
    const [seconds, nanoseconds] = process.hrtime(this.startedAt);
    const durationMs = seconds * 1e3 + nanoseconds / 1e6;
    this.startedAt = undefined;
    if (error === undefined) END.publish({ ...this.fields, status, attempts, durationMs });
    else ERROR.publish({ ...this.fields, error, attempts, durationMs });
  }
}

module.exports = { RequestTrace };
