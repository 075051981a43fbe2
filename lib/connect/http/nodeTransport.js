'use strict';

const binding = require('../../../binding.js');
const { hear } = require('./abort');
const { isStream } = require('./body');
const { Incident, read, send } = require('./nodeExchange');

/**
 * A call through Node's own http: for whoever brings an agent, and where Node's http is mocked. What is sent, followed and
 * sent again is decided by the same state as the engine's calls; here is the I/O between its actions.
 */

/** The longest that Node's timers can wait; they would fire at once for more. */
const LONGEST = 0x7fffffff;

/** A call that ends before its exchange does. */
class Ended extends Error {
  constructor(failure) {
    super('the call has ended');
    this.failure = failure;
  }
}

/** Waits for something that the end of the call stops. */
function interruptible(life, begin) {
  return new Promise((resolve, reject) => {
    const stop = begin(resolve, reject);
    life.end = (reason) => {
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
  return interruptible(life, (resolve, reject) => {
    head.then(resolve, reject);
    return () => abort.abort();
  });
}

function pause(ms, life) {
  return interruptible(life, (resolve) => {
    const timer = setTimeout(resolve, ms);
    return () => clearTimeout(timer);
  });
}

/** Headers as they came, without those of a coding that was undone; the location made absolute where it is handed on. */
function headersOf({ rawHeaders }, isDecoded, location) {
  const headers = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (isDecoded && (name === 'content-encoding' || name === 'content-length')) continue;
    headers.push(rawHeaders[i], name === 'location' && location !== undefined ? location : rawHeaders[i + 1]);
  }
  return headers;
}

/** An answer, as the engine gives it. */
function answerOf(message, { body, saved, isDecoded }, { action, location, isDeleted, ...ended }) {
  const headers = headersOf(message, isDecoded, location);
  const { statusCode: status, statusMessage: statusText } = message;
  if (isDeleted) return { ...ended, status: 204, statusText: 'No Content', headers, body: Buffer.alloc(0) };
  return { ...ended, status, statusText, headers, body, saved };
}

/** Does what the state of the call says, until it is over. */
async function carryOut(call) {
  const { state, onRetry, life } = call;
  let action = { action: 'send' };
  let message;
  let content;
  let error;
  while (action.failure === undefined && action.action !== 'finish') {
    try {
      if (action.action === 'send') {
        const head = await enter(state, life);
        if (head.failure !== undefined) return head;
        message = await send(head, call);
        action = state.answered(message.statusCode, message.rawHeaders);
        // Nobody reads the body of a redirect.
        if (action.action !== 'read') message.resume();
      } else if (action.action === 'read') {
        content = await read(message, action, call);
        action = state.read();
      } else {
        const { attempt, ms, status, code } = action;
        onRetry?.(attempt, ms, status, code);
        await pause(ms, life);
        action = { action: 'send' };
      }
    } catch (reason) {
      if (!(reason instanceof Incident)) throw reason;
      error = reason.error;
      action = state.failed(reason.details);
    }
  }
  if (action.failure === undefined) return answerOf(message, content, action);
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
  const { body, to } = request;
  const begun = binding.beginCall({
    ...request,
    hasBody: body !== undefined,
    bodyLength: body === undefined || isStream(body) ? undefined : Buffer.byteLength(body),
  });
  if (begun.failure !== undefined) return begun;
  const { call: state, timeouts } = begun;
  // `end` stops whatever is under way.
  const life = { end: () => undefined };
  const late = () => life.end(new Ended(state.expired().failure));
  const timer =
    timeouts.total === undefined ? undefined : setTimeout(late, Math.min(timeouts.total, LONGEST));
  const abort = () => life.end(new Ended({ kind: 'abort' }));
  const unsubscribe = signal ? hear(signal, abort) : () => undefined;
  try {
    return await carryOut({ state, agent, body, to, timeouts, life, onRetry });
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
