'use strict';

/** @import { ClientRequest, IncomingMessage } from 'http' */

const { isStream } = require('../copies.js');

/**
 * The I/O of one HTTP exchange through Node's http(s). What follows from its result is decided by the state of the
 * call, in Rust.
 */

/** An exchange that failed, as the state of the call is notified of it. */
class ExchangeError extends Error {
  /**
   * @param {string} kind `connection`, `connect`, `protocol`, `silent` or `cut`.
   * @param {object} details `sent` (whether anything may have been sent), and the `error` behind it.
   */
  constructor(kind, { error, sent }) {
    super(kind);
    this.error = error;
    // The state knows the codes of the other kinds.
    const code = kind === 'connection' ? error.code : undefined;
    this.details = { kind, message: error?.message, code, sent };
  }
}

/** The kind of an error of Node's http; its parser's are about an invalid response. */
function kindOf({ code }) {
  return `${code}`.startsWith('HPE_') ? 'protocol' : 'connection';
}

/** Sets headers, several of which may have the same name. Not by `appendHeader`, which nock's requests lack. */
function setHeaders(outgoing, flat) {
  const values = new Map();
  for (let i = 0; i < flat.length; i += 2) values.set(flat[i], [...(values.get(flat[i]) || []), flat[i + 1]]);
  for (const [name, list] of values) outgoing.setHeader(name, list.length === 1 ? list[0] : list);
}

/**
 * Starts the time-outs of a request, and notes in `control` when it may have been sent: whatever fails before the
 * connection is established has certainly not been processed.
 *
 * @returns {() => void} Clears the timers that run until then.
 */
function watchSocket(outgoing, timeouts, control) {
  const fail = (kind, sent) => control.stop(new ExchangeError(kind, { sent }));
  const timers = [setTimeout(fail, timeouts.read, 'silent', false)];
  const clear = () => timers.splice(0).forEach(clearTimeout);
  outgoing.once('socket', (socket) => {
    clear();
    const connected = () => {
      clear();
      control.isSent = true;
    };
    // A mock's socket counts as connected, which is the careful answer.
    if (!socket.connecting && !socket.secureConnecting) return connected();
    timers.push(setTimeout(fail, timeouts.connect, 'connect', false));
    socket.once(socket.secureConnecting === undefined ? 'connect' : 'secureConnect', connected);
  });
  outgoing.setTimeout(timeouts.read, () => fail('silent', control.isSent));
  return clear;
}

/**
 * Sends a request.
 *
 * @param {object} head `{ url, method, headers, hasBody }`.
 * @param {object} call `{ agent, body, timeouts, control }`; `control.stop(reason)` stops the exchange.
 * @returns {Promise<IncomingMessage>} The response, whose body is not read yet. Rejects with an ExchangeError,
 *   with the reason that `control.stop` was given, or with what the agent or the body threw.
 */
function send({ url: text, method, headers, hasBody }, { agent, body, timeouts, control }) {
  return new Promise((resolve, reject) => {
    const url = new URL(text);
    // Not before a request needs them: a test may have mocked them.
    const { request } = url.protocol === 'https:' ? require('https') : require('http');
    const outgoing = request(url, { method, agent: typeof agent === 'function' ? agent(url) : agent });
    control.isSent = false;
    let clearTimers = () => undefined;
    const fail = (reason) => {
      clearTimers();
      reject(reason);
    };
    const onError = (error) => fail(new ExchangeError(kindOf(error), { error, sent: control.isSent }));
    // Before anything else: an error without a listener would end the process.
    outgoing.on('error', onError);
    outgoing.on('close', () => onError(new Error('the server closed the connection without a response')));
    control.stop = (reason) => {
      fail(reason);
      outgoing.destroy();
    };
    clearTimers = watchSocket(outgoing, timeouts, control);
    outgoing.on('response', resolve);
    // Nobody asked for another protocol; what follows is not HTTP.
    outgoing.on('upgrade', (message, socket) => {
      socket.destroy();
      resolve(message);
    });
    setHeaders(outgoing, headers);
    if (!hasBody) return outgoing.end();
    if (!isStream(body)) return outgoing.end(body);
    // The server may refuse the request by its headers.
    outgoing.flushHeaders?.();
    return body.pipe(outgoing);
  });
}

/**
 * Reads the body of a response into the state of the call.
 *
 * @param {IncomingMessage & { req?: ClientRequest }} message The response.
 * @param {boolean} hasBody Whether it has a body.
 * @param {object} call `{ state, control }`.
 * @returns {Promise<object>} The next action. Rejects with an ExchangeError, or with the reason that `control.stop`
 *   was given.
 */
async function read(message, hasBody, { state, control }) {
  let stopReason;
  control.stop = (reason) => {
    stopReason = stopReason || reason;
    message.destroy(reason);
  };
  try {
    for await (const chunk of hasBody ? message : []) {
      const action = await state.push(chunk);
      if (action !== null) return action;
    }
  } catch (error) {
    const kind = kindOf(error);
    const isCut = kind === 'connection' && !message.complete;
    throw stopReason || new ExchangeError(isCut ? 'cut' : kind, { error, sent: true });
  }
  if (!hasBody) message.resume();
  // The server answered early; the rest of the request is not sent.
  if (message.req?.writableFinished === false) message.req.destroy();
  return state.read();
}

module.exports = { ExchangeError, read, send };
