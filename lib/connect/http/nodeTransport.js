'use strict';

const binding = require('../../../binding.js');
const { LONGEST } = require('../rules');
const { hear } = require('./abort');
const { Incident, read, send } = require('./nodeExchange');
const { isStream, prematureClose } = require('./streams');

/**
 * A call through Node's own http: for whoever brings an agent, and where Node's http is mocked. What is sent, followed and
 * sent again is decided by the same state as the engine's calls; here is the I/O between its actions.
 */

/** A call that ends before its exchange does. */
class Ended extends Error {
  constructor(failure) {
    super('the call has ended');
    this.failure = failure;
  }
}

/** What is under way, and why it is over before its time. */
class Life {
  constructor() {
    this.stop = () => undefined;
    this.reason = undefined;
    /** Whether anything of the request under way may have left. */
    this.isSent = false;
  }

  /** Ends the call, whatever is under way, and whatever would follow. */
  end(reason) {
    this.reason = this.reason || reason;
    this.stop(this.reason);
  }
}

/** A stream that fails ends its call with its own error, as with the engine; it may fail while the call still waits. */
function watchBody(stream, life) {
  if (stream.destroyed) life.end(stream.errored || prematureClose());
  stream.on('error', (error) => life.end(error));
  stream.on('close', () => {
    if (stream.readableEnded === false) life.end(prematureClose());
  });
}

/** Waits for something that can be stopped. */
function stoppable(life, begin) {
  return new Promise((resolve, reject) => {
    const stop = begin(resolve, reject);
    life.stop = (reason) => {
      stop();
      reject(reason);
    };
  });
}

/** The request that is to be sent, once there is a permit for it. */
function enter(state, life) {
  const abort = new binding.Abort();
  const head = state.enter(abort);
  if (typeof head.then !== 'function') return head;
  return stoppable(life, (resolve, reject) => {
    head.then(resolve, reject);
    return () => abort.abort();
  });
}

function pause(ms, life) {
  return stoppable(life, (resolve) => {
    const timer = setTimeout(resolve, ms);
    return () => clearTimeout(timer);
  });
}

/** Does what the state of the call says, until it is over. */
async function carryOut(call) {
  const { state, onRetry, life } = call;
  let action = { action: 'send' };
  let message;
  let error;
  while (action.failure === undefined && action.action !== 'finish') {
    try {
      if (life.reason !== undefined) throw life.reason;
      if (action.action === 'send') {
        const head = await enter(state, life);
        if (head.failure !== undefined) return head;
        message = await send(head, call);
        action = state.answered(message.statusCode, message.rawHeaders);
        // Nobody reads the body of a redirect.
        if (action.action !== 'read') message.destroy();
      } else if (action.action === 'read') {
        action = await read(message, action.hasBody, call);
      } else {
        const { attempt, ms, status, code } = action;
        onRetry?.(attempt, ms, status, code);
        await pause(ms, life);
        action = { action: 'send' };
      }
    } catch (reason) {
      if (life.reason !== undefined || !(reason instanceof Incident)) throw life.reason || reason;
      error = reason.error;
      action = state.failed(reason.details);
    }
  }
  if (action.failure === undefined) return action.answer;
  message?.destroy();
  // The error itself says more than its sentence.
  return { failure: { cause: error, ...action.failure } };
}

/**
 * Sends a request through Node.
 *
 * @param {object} request As for the engine's `fetch`.
 * @param {object} options `agent` (an agent, or a function of the URL that gives one), `signal`, `onRetry`.
 * @returns {Promise<object>} `{ status, statusText, url, redirected, headers, body, attempts }` or `{ failure }`.
 */
async function sendThroughNode(request, { agent, signal, onRetry }) {
  const { body } = request;
  const begun = binding.beginCall({
    ...request,
    hasBody: body !== undefined,
    bodyLength: body === undefined || isStream(body) ? undefined : Buffer.byteLength(body),
  });
  if (begun.failure !== undefined) return begun;
  const { call: state, timeouts } = begun;
  const life = new Life();
  const late = () => life.end(new Ended(state.expired(life.isSent).failure));
  const timer =
    timeouts.total === undefined ? undefined : setTimeout(late, Math.min(timeouts.total, LONGEST));
  const abort = () => life.end(new Ended({ kind: 'abort' }));
  if (isStream(body)) watchBody(body, life);
  const unsubscribe = signal ? hear(signal, abort) : () => undefined;
  try {
    return await carryOut({ state, agent, body, timeouts, life, onRetry });
  } catch (error) {
    if (error instanceof Ended) return { failure: error.failure };
    throw error;
  } finally {
    state.release();
    clearTimeout(timer);
    unsubscribe();
  }
}

module.exports = { sendThroughNode };
