'use strict';

const fs = require('fs');
const http = require('http');
const http2 = require('http2');
const https = require('https');
const path = require('path');
const { ConnectClient } = require('..');

// Connections that are made over TLS, and for how long they are kept: no more of them than the client's bound, and none
// that is used when its server has ended it. A process that stood still meanwhile: `core/frozen.rs`, where that can be had
// for certain.

const read = (name) => fs.readFileSync(path.join(__dirname, 'fixtures/tls', `${name}.pem`), 'utf8');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const servers = [];
afterEach(async () => {
  for (const close of servers.splice(0)) await close();
});

/** Listens; counts the connections that are `accepted`, and those whose handshake is through. */
async function listen(server, scheme) {
  const counts = { accepted: 0, secured: 0, url: undefined };
  const sockets = new Set();
  server.on('tlsClientError', () => undefined);
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('secureConnection', () => {
    counts.secured += 1;
  });
  server.on('connection', (socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    socket.on('error', () => undefined);
    counts.accepted += 1;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  counts.open = () => sockets.size;
  counts.url = `${scheme}://localhost:${server.address().port}`;
  return counts;
}

const make = (url, options) => new ConnectClient(url, 'ApiKey SU-000-000:secret', options);
const hooked = (url, options) => {
  const client = make(url, options);
  client.addBeforeRequestHook((address, given) => ({ url: address, options: given }));
  return client;
};
const close = (client, id = 'A') => client.usageRecords.close(`UR-${id}`, 'INV-7');

describe.each([
  ['the engine', make],
  ['a hook', hooked],
])('over %s', (_road, client) => {
  test('over TLS, too, there are no more connections than are allowed, however slow they are to make', async () => {
    const options = {
      cert: read('leaf'),
      key: read('leaf-key'),
      ALPNProtocols: ['http/1.1'],
      // The handshake takes longer than an answer: other connections are free before it is through.
      SNICallback: (_name, done) => setTimeout(done, 20 + Math.random() * 150, null, undefined),
    };
    const server = await listen(
      https.createServer(options, (_request, response) => setTimeout(() => response.end('{}'), 5)),
      'https',
    );
    const secure = client(server.url, { ca: read('ca'), maxConnections: 16 });
    for (let round = 0; round < 3; round += 1) {
      const calls = Array.from({ length: 150 }, (_, index) => close(secure, `${round}-${index}`));
      expect(await Promise.all(calls)).toHaveLength(150);
      await wait(100);
    }
    expect(server.accepted).toBeLessThanOrEqual(16);
    expect(server.secured).toBe(server.accepted);
    expect(server.accepted).toBeGreaterThan(4);
  });

  test('over HTTP/2 one connection is left of those that the first requests made', async () => {
    const options = { cert: read('leaf'), key: read('leaf-key') };
    const server = await listen(
      http2.createSecureServer(options, (_request, response) => setTimeout(() => response.end('{}'), 5)),
      'https',
    );
    const secure = client(server.url, { ca: read('ca'), maxConnections: 16 });
    await Promise.all(Array.from({ length: 100 }, (_, index) => close(secure, index)));
    const made = server.accepted;
    expect(made).toBeLessThanOrEqual(16);
    while (server.open() > 1) await wait(5);
    await Promise.all(Array.from({ length: 100 }, (_, index) => close(secure, index)));
    expect(server.accepted).toBe(made);
  });

  test('a connection is not used any more when the time that its server announced is over', async () => {
    // As a server whose timer and a request cross each other: what comes too late is not answered.
    const used = new Map();
    const server = await listen(
      http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
        const last = used.get(request.socket);
        if (last !== undefined && Date.now() - last > 900) {
          request.socket.destroy();
          return;
        }
        response.setHeader('Keep-Alive', 'timeout=1');
        response.end('{}');
        used.set(request.socket, Date.now());
      }),
      'http',
    );
    const patient = client(server.url, { maxRetries: 0 });
    for (let time = 0; time < 3; time += 1) {
      expect(await close(patient)).toEqual({});
      await wait(950);
    }
    expect(server.accepted).toBe(3);
  });

  test('timeout=0: each request has a connection of its own', async () => {
    const server = await listen(
      http.createServer((_request, response) => {
        response.setHeader('Keep-Alive', 'timeout=0');
        response.end('{}');
      }),
      'http',
    );
    for (let time = 0; time < 10; time += 1) await close(client(server.url, { maxConnections: 1 }));
    expect(server.accepted).toBe(10);
  });

  test('a longer time does no harm: the connection is used again', async () => {
    const server = await listen(
      http.createServer((_request, response) => {
        response.setHeader('Keep-Alive', 'timeout=30, max=1000');
        response.end('{}');
      }),
      'http',
    );
    for (let time = 0; time < 5; time += 1) await close(client(server.url));
    expect(server.accepted).toBe(1);
  });
});
