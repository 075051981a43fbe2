'use strict';

/**
 * The HTTP server of the sandbox: it reads requests, records them, and sends the replies of the API, with the planned
 * faults.
 */

const http = require('http');
// Not the globals: a test that installs fake timers must not stop the server.
const { clearTimeout, setTimeout } = require('timers');

const { answer } = require('./api.js');
const { Faults, applyFault } = require('./faults.js');
const { refusal } = require('./replies.js');

const HOST = '127.0.0.1';
/** The headers of a request, with the key's secret masked. */
function maskKey(headers) {
  const copy = { ...headers };
  const key = copy.authorization;
  if (key !== undefined) copy.authorization = key.includes(':') ? key.replace(/:.*$/, ':****') : '****';
  return copy;
}

/** The reply for a defect of the sandbox. */
const broken = (error) => refusal(500, 'SANDBOX', [`The sandbox failed: ${error.stack}`]);

/** The server of a sandbox. */
class Server {
  /**
   * @param {object} state the sandbox's state
   * @param {object} settings the checked options of `startSandbox`
   */
  constructor(state, settings) {
    this.settings = settings;
    this.state = state;
    this.faults = new Faults(settings.faults, settings.seed);
    this.requests = [];
    this.received = 0;
    this.sockets = new Set();
    this.timers = new Set();
    this.closed = undefined;
    this.server = http.createServer((request, response) => this.receive(request, response));
    // As a proxy in front of the API: longer than any pause between two requests of a test.
    this.server.keepAliveTimeout = 75000;
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  listen() {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.settings.port, HOST, () => {
        this.server.removeListener('error', reject);
        resolve();
      });
    });
  }

  /** Reads a request; one that breaks off is never processed. */
  receive(request, response) {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => this.serve(request, response, Buffer.concat(chunks)));
  }

  /** Records a request, processes it and sends the reply, with its faults. */
  serve(request, response, bytes) {
    const call = this.record(request, bytes.toString('utf8'));
    const plan = this.faults.plan(call);
    const { fault } = plan;
    if (fault?.kind === 'resetBefore') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'hang' && !fault.processed) return;
    this.later(plan.delayMs, () => {
      call.pick = plan.pick;
      if (plan.reply) this.reply(request, response, { reply: plan.reply, dripMs: plan.dripMs });
      else this.process(request, response, { call, bytes, plan });
    });
  }

  /** Processes a request, and sends the reply unless a fault keeps it back. */
  process(request, response, { call, bytes, plan }) {
    const { authorization, 'content-type': type } = request.headers;
    const finish = (whole) => {
      const { reply, cut } = applyFault(plan.fault, whole);
      if (plan.fault?.kind !== 'hang') this.reply(request, response, { reply, cut, dripMs: plan.dripMs });
    };
    let answered;
    try {
      answered = answer(this.state, call, { authorization, type, bytes });
    } catch (error) {
      answered = broken(error);
    }
    // Most replies are there at once, and none waits for a turn.
    if (typeof answered.then !== 'function') finish(answered);
    else answered.then(finish, (error) => finish(broken(error)));
  }

  /** Sends a reply after the latency. */
  reply(request, response, what) {
    this.later(this.settings.latencyMs, () => this.send(request, response, what));
  }

  /** Adds a request to `requests`, the oldest of which are dropped. */
  record(request, body) {
    const mark = request.url.indexOf('?');
    const path = mark === -1 ? request.url : request.url.slice(0, mark);
    const query = mark === -1 ? '' : request.url.slice(mark + 1);
    this.received += 1;
    const call = {
      number: this.received,
      method: request.method,
      path,
      query,
      headers: maskKey(request.headers),
      body,
    };
    if (this.settings.keepRequests === 0) return call;
    if (this.requests.length >= this.settings.keepRequests) this.requests.shift();
    this.requests.push(call);
    return call;
  }

  /** Runs `step` after `ms` milliseconds, synchronously after 0. */
  later(ms, step) {
    if (ms === 0) {
      step();
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      step();
    }, ms);
    this.timers.add(timer);
  }

  /** Sends a reply: as a whole, cut off after `cut` bytes, or in chunks with pauses. */
  send(request, response, { reply, cut, dripMs }) {
    if (reply === undefined) {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(reply.status, reply.headers);
    const bytes = Buffer.from(reply.body);
    if (cut !== undefined) {
      response.write(bytes.subarray(0, cut), () => request.socket.destroy());
    } else if (dripMs !== undefined) this.drip(response, bytes, dripMs);
    else response.end(reply.body);
  }

  /** Sends a body in at most twenty chunks, with a pause of `ms` between them. */
  drip(response, bytes, ms) {
    const size = Math.max(1, Math.ceil(bytes.length / 20));
    const next = (at) => {
      // The last chunk ends it: the client may send its next request at once.
      if (at + size >= bytes.length) response.end(bytes.subarray(at));
      else if (!response.destroyed) {
        response.write(bytes.subarray(at, at + size));
        this.later(ms, () => next(at + size));
      }
    };
    next(0);
  }

  /** Cuts the connections, and stops. */
  close() {
    this.closed ??= new Promise((resolve) => {
      for (const timer of this.timers) clearTimeout(timer);
      this.timers.clear();
      // The server closes when all of its sockets are closed.
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
    return this.closed;
  }
}

module.exports = { HOST, Server };
