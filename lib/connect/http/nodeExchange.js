'use strict';

const http = require('http');
const https = require('https');

const { isStream } = require('./streams');

/** The I/O of one request through Node's own http(s): what comes of it is for the state of the call to judge. */

/** Something that ends an exchange: what the state of the call is told. */
class Incident extends Error {
  /**
   * @param {string} kind `connection`, `connect`, `protocol`, `silent` or `cut`.
   * @param {object} details `sent` (whether anything may have left), and the `error` behind it.
   */
  constructor(kind, { error, sent }) {
    super(kind);
    this.error = error;
    // Of the other kinds the state knows the code.
    const code = kind === 'connection' ? error.code : undefined;
    this.details = { kind, message: error?.message, code, sent };
  }
}

/** What an error of Node's http is; its parser's are about an answer that is none. */
function kindOf({ code }) {
  return `${code}`.startsWith('HPE_') ? 'protocol' : 'connection';
}

/** Sets headers of which several may have one name; `appendHeader` would do it, but nock's requests lack it. */
function setHeaders(outgoing, flat) {
  const values = new Map();
  for (let i = 0; i < flat.length; i += 2) values.set(flat[i], [...(values.get(flat[i]) || []), flat[i + 1]]);
  for (const [name, list] of values) outgoing.setHeader(name, list.length === 1 ? list[0] : list);
}

/**
 * Watches how far a request comes: what fails before a connection stands has certainly not been processed.
 *
 * @returns {Function} Stops the clocks that run until then.
 */
function watchSocket(outgoing, timeouts, life) {
  const end = (kind, sent) => life.stop(new Incident(kind, { sent }));
  const timers = [setTimeout(end, timeouts.read, 'silent', false)];
  const clear = () => timers.splice(0).forEach(clearTimeout);
  outgoing.once('socket', (socket) => {
    clear();
    const connected = () => {
      clear();
      life.isSent = true;
    };
    // Sockets that are no sockets (a mock's) count as connected: the careful answer.
    if (!socket.connecting && !socket.secureConnecting) return connected();
    timers.push(setTimeout(end, timeouts.connect, 'connect', false));
    socket.once(socket.secureConnecting === undefined ? 'connect' : 'secureConnect', connected);
  });
  outgoing.setTimeout(timeouts.read, () => end('silent', life.isSent));
  return clear;
}

/**
 * Sends a request.
 *
 * @param {object} head `{ url, method, headers, hasBody }`.
 * @param {object} call `{ agent, body, timeouts, life }`; `life.stop(reason)` stops what is under way.
 * @returns {Promise<IncomingMessage>} The answer, whose body is not read yet. Rejects with an Incident, with the
 *   reason that `life.stop` was given, or with what the agent or the body threw.
 */
function send({ url: text, method, headers, hasBody }, { agent, body, timeouts, life }) {
  return new Promise((resolve, reject) => {
    const url = new URL(text);
    const { request } = url.protocol === 'https:' ? https : http;
    const outgoing = request(url, { method, agent: typeof agent === 'function' ? agent(url) : agent });
    life.isSent = false;
    let stopClocks = () => undefined;
    const fail = (reason) => {
      stopClocks();
      reject(reason);
    };
    const lose = (error) => fail(new Incident(kindOf(error), { error, sent: life.isSent }));
    // First of all: an error that nobody listens for ends the process.
    outgoing.on('error', lose);
    outgoing.on('close', () => lose(new Error('the connection was closed without an answer')));
    life.stop = (reason) => {
      fail(reason);
      outgoing.destroy();
    };
    stopClocks = watchSocket(outgoing, timeouts, life);
    outgoing.on('response', resolve);
    // A protocol that nobody asked to change to; what follows is not HTTP.
    outgoing.on('upgrade', (message, socket) => {
      socket.destroy();
      resolve(message);
    });
    setHeaders(outgoing, headers);
    if (!hasBody) return outgoing.end();
    if (!isStream(body)) return outgoing.end(body);
    // A server may refuse it before there is anything of it.
    outgoing.flushHeaders?.();
    return body.pipe(outgoing);
  });
}

/**
 * Reads the body of an answer, piece by piece, into the state of the call.
 *
 * @param {IncomingMessage} message The answer.
 * @param {boolean} hasBody Whether there is one.
 * @param {object} call `{ state, life }`.
 * @returns {Promise<object>} The next action. Rejects with an Incident, or with the reason that `life.stop` was given.
 */
async function read(message, hasBody, { state, life }) {
  let stopped;
  life.stop = (reason) => {
    stopped = stopped || reason;
    message.destroy(reason);
  };
  try {
    for await (const piece of hasBody ? message : []) {
      const action = await state.push(piece);
      if (action !== null) return action;
    }
  } catch (error) {
    const kind = kindOf(error);
    const isCut = kind === 'connection' && !message.complete;
    throw stopped || new Incident(isCut ? 'cut' : kind, { error, sent: true });
  }
  if (!hasBody) message.resume();
  // The rest of a request that was answered early will not be sent.
  if (message.req?.writableFinished === false) message.req.destroy();
  return state.read();
}

module.exports = { Incident, read, send };
