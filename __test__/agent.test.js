'use strict';

/** A hook's `agent`, which sends a request through Node's own http: the original's only way to a proxy or a client certificate. */

const http = require('http');
const https = require('https');

const { ConnectClient, ConnectionError } = require('..');
const { fetch } = require('../lib/internal/transport/fetch');
const { read } = require('./support/certificates');
const { listen } = require('./support/listen');
const { failure } = require('./support/promises');
const { startServer } = require('./support/server');
const { KEY, hooked } = require('./support/transports');

const withAgent = (url, agent) => hooked(url, undefined, KEY, { agent });

test('an agent, and a function of the URL that gives one, carry the request', async () => {
  const server = await startServer({ json: { id: 1 } });
  class Counting extends http.Agent {
    createConnection(...given) {
      Counting.made += 1;
      return super.createConnection(...given);
    }
  }
  Counting.made = 0;
  try {
    const seen = [];
    const agent = (url) => seen.push(url.pathname) && new Counting();
    expect(await withAgent(server.url, agent).usageRecords.get('UR-1')).toEqual({ id: 1 });
    expect([seen, Counting.made]).toEqual([['/usage/records/UR-1'], 1]);
    expect(await withAgent(server.url, new http.Agent()).usageRecords.close('UR-1', 'INV-7')).toEqual({
      id: 1,
    });
    expect(server.requests[1]).toMatchObject({ method: 'POST', body: '{"external_billing_id":"INV-7"}' });
    expect(server.requests[1].headers.authorization).toBe(KEY);
  } finally {
    await server.close();
  }
});

test('an agent that keeps connections serves call after call over them (COMPATIBILITY.md, W12)', async () => {
  const server = await startServer({ json: { id: 1 } });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (const client of [withAgent(server.url, agent), withAgent(server.url, () => agent)]) {
      for (let i = 0; i < 3; i += 1) expect(await client.usageRecords.get(`UR-${i}`)).toEqual({ id: 1 });
    }
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  } finally {
    agent.destroy();
    await server.close();
  }
});

test('a call that times out before it has a connection was not sent', async () => {
  class Never extends http.Agent {
    createConnection() {}
  }
  for (const options of [{ timeout: 40 }, { readTimeout: 40 }]) {
    const client = hooked('http://127.0.0.1:1', { maxRetries: 0, ...options }, KEY, { agent: new Never() });
    const error = await failure(client.usageRecords.close('UR-1', 'INV-7'));
    expect(error).toMatchObject({ name: 'TimeoutError', maybeProcessed: false, attempts: 1 });
  }
});

test('answers without a body leave the connection as it is', async () => {
  const connections = new Set();
  const server = http.createServer((incoming, outgoing) => {
    connections.add(incoming.socket);
    incoming.resume();
    outgoing.writeHead(incoming.method === 'GET' ? 304 : 204).end();
  });
  const { url, close } = await listen(server);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const client = withAgent(url, agent);
    for (const method of ['DELETE', 'HEAD', 'GET', 'POST']) await client.fetch('/a', { method });
    expect(connections.size).toBe(1);
  } finally {
    agent.destroy();
    await close();
  }
});

test('an agent whose errors have no code: every ConnectionError has one', async () => {
  class Failing extends http.Agent {
    addRequest(request) {
      process.nextTick(() => request.emit('error', new Error('no way out')));
    }
  }
  const error = await failure(withAgent('http://127.0.0.1:1', new Failing()).usageRecords.get('UR-1'));
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ code: 'ECONNRESET', message: expect.stringContaining('no way out') });
});

test('an https agent brings its own authority', async () => {
  const [key, cert] = [read('key'), read('cert')];
  const server = https.createServer({ key, cert }, (_, response) => response.end('{"id":"tls"}'));
  const { port, close } = await listen(server);
  const endpoint = `https://127.0.0.1:${port}`;
  try {
    expect(await withAgent(endpoint, new https.Agent({ ca: cert })).usageRecords.get('UR-1')).toEqual({
      id: 'tls',
    });
    // Without it the server is not trusted, and nothing is sent.
    for (const client of [withAgent(endpoint, new https.Agent()), new ConnectClient(endpoint, KEY)]) {
      const error = await failure(client.usageRecords.close('UR-1', 'INV-7'));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ code: expect.stringMatching(/CERT|SIGNATURE/), maybeProcessed: false });
    }
  } finally {
    await close();
  }
});

test.each([
  ['the engine', undefined],
  ['an agent', new http.Agent()],
])('over %s the key goes to no other origin', async (_, agent) => {
  const other = await startServer({ json: { id: 'other' } });
  const server = await startServer(({ url }) => ({
    status: 307,
    headers: { Location: url === '/far' ? `${other.url}/there` : '/far' },
  }));
  try {
    const headers = { Authorization: KEY, Cookie: 'a=b', 'X-Other': 'kept' };
    const response = await fetch(`${server.url}/near`, { method: 'POST', body: 'x', headers, agent });
    expect(await response.json()).toEqual({ id: 'other' });
    expect(server.requests.map((request) => request.headers.authorization)).toEqual([KEY, KEY]);
    const [request] = other.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/there', body: 'x' });
    expect([request.headers.authorization, request.headers.cookie, request.headers['x-other']]).toEqual([
      undefined,
      undefined,
      'kept',
    ]);
  } finally {
    await server.close();
    await other.close();
  }
});
