'use strict';

const binding = require('../../../binding.js');
const { MAX_TIMER_MS } = require('../options.js');
const { onAbort } = require('./abort.js');
const { ExchangeError, read, send } = require('./nodeExchange.js');
const { isStream } = require('../copies.js');
const { prematureClose } = require('./streams.js');

/**
 * Sends through Node's http, for callers with an agent and where Node's http is mocked. Retries, redirects, limits
 * and headers are decided by the same state in Rust as for the engine's calls; here is the I/O between its actions.
 */

/** A call that ends before its exchange does: it timed out or was aborted. */
class CallEnded extends Error {
  constructor(failure) {
    super('the call has ended');
    this.failure = failure;
  }
}

/** Stops a call, whatever it is doing. */
class CallControl {
  constructor() {
    /** Stops the current step; each step sets its own. */
    this.stop = (_reason) => undefined;
    this.reason = undefined;
    /** Whether any of the current request may have been sent. */
    this.isSent = false;
  }

  /** Stops the current step, and all that would follow. The first reason counts. */
  end(reason) {
    this.reason = this.reason || reason;
    this.stop(this.reason);
  }
}

/**
 * Ends the call with the error of its body, as the engine does; a stream may fail while the call waits for a
 * connection.
 */
function watchBody(stream, control) {
  if (stream.destroyed) control.end(stream.errored || prematureClose());
  stream.on('error', (error) => control.end(error));
  stream.on('close', () => {
    if (stream.readableEnded === false) control.end(prematureClose());
  });
}

/** A promise that rejects when the call is stopped; `start` returns what stops its work. */
function stoppable(control, start) {
  return new Promise((resolve, reject) => {
    const stop = start(resolve, reject);
    control.stop = (reason) => {
      stop();
      reject(reason);
    };
  });
}

/** Waits for a connection permit; resolves to the request to send. */
function acquire(state, control) {
  const abort = new binding.Abort();
  const head = state.acquire(abort);
  if (typeof head.then !== 'function') return head;
  return stoppable(control, (resolve, reject) => {
    head.then(resolve, reject);
    return () => abort.abort();
  });
}

function sleep(ms, control) {
  return stoppable(control, (resolve) => {
    const timer = setTimeout(resolve, ms);
    return () => clearTimeout(timer);
  });
}

/** Carries out the actions of a call's state until it has a result. */
async function run(call) {
  const { state, onRetry, control } = call;
  let action = { action: 'send' };
  let message;
  let error;
  while (action.failure === undefined && action.action !== 'finish') {
    try {
      if (control.reason !== undefined) throw control.reason;
      if (action.action === 'send') {
        const head = await acquire(state, control);
        if (head.failure !== undefined) return head;
        message = await send(head, call);
        action = state.answered(message.statusCode, message.rawHeaders);
        // The body of a redirect, or of a response that is retried, is not read.
        if (action.action !== 'read') message.destroy();
      } else if (action.action === 'read') {
        action = await read(message, action.hasBody, call);
      } else {
        const { attempt, ms, status, code } = action;
        onRetry?.(attempt, ms, status, code);
        await sleep(ms, control);
        action = { action: 'send' };
      }
    } catch (reason) {
      if (control.reason !== undefined || !(reason instanceof ExchangeError)) throw control.reason || reason;
      error = reason.error;
      action = state.failed(reason.details);
    }
  }
  if (action.failure === undefined) return action.answer;
  message?.destroy();
  // Node's error itself, which says more than the state's message.
  return { failure: { cause: error, ...action.failure } };
}

/**
 * Sends a request through Node's http.
 *
 * @param {object} request As for the engine's `fetch`.
 * @param {object} options `agent` (an agent, or a function of the URL that returns one), `signal`, `onRetry`.
 * @returns {Promise<string|object>} The response, as the engine packs it, or `{ failure }`.
 */
async function sendThroughNode(request, { agent, signal, onRetry }) {
  const { body } = request;
  const begun = binding.beginCall({
    ...request,
    hasBody: body !== undefined,
    bodyLength: body === undefined || isStream(body) ? undefined : Buffer.byteLength(body),
  });
  if ('failure' in begun) return begun;
  const { call: state, timeouts } = begun;
  const control = new CallControl();
  const expire = () => control.end(new CallEnded(state.expired(control.isSent).failure));
  const timer =
    timeouts.total === undefined ? undefined : setTimeout(expire, Math.min(timeouts.total, MAX_TIMER_MS));
  const abort = () => control.end(new CallEnded({ kind: 'abort' }));
  if (isStream(body)) watchBody(body, control);
  const unsubscribe = signal ? onAbort(signal, abort) : () => undefined;
  try {
    return await run({ state, agent, body, timeouts, control, onRetry });
  } catch (error) {
    if (error instanceof CallEnded) return { failure: error.failure };
    throw error;
  } finally {
    state.release();
    clearTimeout(timer);
    unsubscribe();
  }
}

module.exports = { sendThroughNode };
