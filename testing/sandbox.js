'use strict';

/** The server around the API: sockets, reading, remembering, answering, going away. */

const http = require('http');
// Not the globals: a test that fakes those must not stop the server's clock with its own.
const { clearTimeout, setTimeout } = require('timers');

const { BASE_PATH, answer } = require('./api.js');
const { Faults, spoil } = require('./faults.js');
const { seedRecords } = require('./records.js');

const HOST = '127.0.0.1';
const DEFAULT_API_KEY = 'ApiKey SU-000-000:sandbox';
const DEFAULT_RECORDS = 100;
const DEFAULT_KEEP_REQUESTS = 1000;

function integer(options, name, fallback, max) {
  const value = options[name] ?? fallback;
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new TypeError(`startSandbox: ${name} must be an integer from 0 to ${max}`);
  }
  return value;
}

/** The options with their defaults, checked: a misspelt name would otherwise be a default in disguise. */
function settings(options) {
  const known = [
    'records',
    'apiKey',
    'port',
    'latencyMs',
    'legacyCloseRecords',
    'keepRequests',
    'now',
    'faults',
    'seed',
  ];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`startSandbox: there is no option ${unknown}`);
  const apiKey = options.apiKey ?? DEFAULT_API_KEY;
  if (typeof apiKey !== 'string' || apiKey === '') {
    throw new TypeError('startSandbox: apiKey must be a string that is not empty');
  }
  const now = options.now ?? (() => new Date());
  if (typeof now !== 'function')
    throw new TypeError('startSandbox: now must be a function that returns a Date');
  return {
    apiKey,
    now,
    records: options.records ?? DEFAULT_RECORDS,
    port: integer(options, 'port', 0, 65535),
    latencyMs: integer(options, 'latencyMs', 0, 2 ** 31 - 1),
    keepRequests: integer(options, 'keepRequests', DEFAULT_KEEP_REQUESTS, Number.MAX_SAFE_INTEGER),
    legacyCloseRecords: options.legacyCloseRecords === true,
    seed: integer(options, 'seed', 1, 2 ** 32 - 1),
    faults: options.faults ?? [],
  };
}

/** Who closes: the key's user, never its secret; and when, in the form of the API's times. */
function makeCloser(apiKey, now) {
  const user = /SU-[0-9-]+/.exec(apiKey);
  return {
    name: user ? user[0] : 'sandbox',
    at: () => new Date(now()).toISOString().replace('Z', '+00:00'),
  };
}

/** The headers as they came, the key's secret left out. */
function masked(headers) {
  const copy = { ...headers };
  const key = copy.authorization;
  if (key !== undefined) copy.authorization = key.includes(':') ? key.replace(/:.*$/, ':****') : '****';
  return copy;
}

/** One sandbox: its state, its server, and the life of both. */
class Sandbox {
  constructor(given) {
    const closer = makeCloser(given.apiKey, given.now);
    this.settings = given;
    this.state = {
      apiKey: given.apiKey,
      legacyCloseRecords: given.legacyCloseRecords,
      closer,
      records: seedRecords(given.records, closer),
      closures: new Map(),
      attempts: new Map(),
    };
    this.faults = new Faults(given.faults, given.seed);
    this.requests = [];
    this.received = 0;
    this.sockets = new Set();
    this.timers = new Set();
    this.closed = undefined;
    this.server = http.createServer((request, response) => this.receive(request, response));
    // As a proxy in front of a real deployment: longer than any pause between two requests of a test.
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

  /** Reads a request to its end; one that breaks off on the way is never processed. */
  receive(request, response) {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => this.serve(request, response, Buffer.concat(chunks).toString('utf8')));
  }

  /** The way of one request: remembered, processed, answered; with whatever is to go wrong on it. */
  serve(request, response, body) {
    const call = this.remember(request, body);
    const plan = this.faults.plan(call);
    const { fault } = plan;
    if (fault?.kind === 'resetBefore') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'hang' && !fault.processed) return;
    this.later(plan.delayMs, () => {
      call.pick = plan.pick;
      const whole = plan.reply ?? answer(this.state, call, request.headers.authorization);
      const { reply, cut } = plan.reply ? { reply: whole } : spoil(fault, whole);
      if (fault?.kind === 'hang') return;
      this.later(this.settings.latencyMs, () =>
        this.send(request, response, { reply, cut, dripMs: plan.dripMs }),
      );
    });
  }

  remember(request, body) {
    const mark = request.url.indexOf('?');
    const path = mark === -1 ? request.url : request.url.slice(0, mark);
    const query = mark === -1 ? '' : request.url.slice(mark + 1);
    this.received += 1;
    const call = {
      number: this.received,
      method: request.method,
      path,
      query,
      headers: masked(request.headers),
      body,
    };
    if (this.settings.keepRequests === 0) return call;
    if (this.requests.length >= this.settings.keepRequests) this.requests.shift();
    this.requests.push(call);
    return call;
  }

  /** Runs `step` after so many milliseconds, at once if there are none. */
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

  /** Sends a reply: whole, cut off after `cut` bytes, or in pieces. */
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

  /** Sends a body in twenty pieces or fewer, one after the other. */
  drip(response, bytes, ms) {
    const size = Math.max(1, Math.ceil(bytes.length / 20));
    const next = (at) => {
      // The last piece ends it: who has all of it may send the next request at once.
      if (at + size >= bytes.length) response.end(bytes.subarray(at));
      else if (!response.destroyed) {
        response.write(bytes.subarray(at, at + size));
        this.later(ms, () => next(at + size));
      }
    };
    next(0);
  }

  close() {
    this.closed ??= new Promise((resolve) => {
      for (const timer of this.timers) clearTimeout(timer);
      this.timers.clear();
      // The server's own end waits for every socket to be gone.
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
    return this.closed;
  }
}

/**
 * Starts a sandbox of Connect's usage records API on 127.0.0.1.
 *
 * @param {object} [options] see `SandboxOptions` in index.d.ts
 * @returns {Promise<object>} the running sandbox; see `Sandbox` in index.d.ts
 */
async function startSandbox(options = {}) {
  if (options === null || typeof options !== 'object')
    throw new TypeError('startSandbox: options must be an object');
  const sandbox = new Sandbox(settings(options));
  await sandbox.listen();
  const { port } = sandbox.server.address();
  return {
    url: `http://${HOST}:${port}${BASE_PATH}`,
    apiKey: sandbox.settings.apiKey,
    records: sandbox.state.records,
    closures: sandbox.state.closures,
    attempts: sandbox.state.attempts,
    get received() {
      return sandbox.received;
    },
    get faults() {
      return sandbox.faults.entries.map(({ fault }) => fault);
    },
    set faults(list) {
      sandbox.faults = new Faults(list, sandbox.settings.seed);
    },
    requests: sandbox.requests,
    close: () => sandbox.close(),
  };
}

module.exports = { startSandbox };
