'use strict';

const http = require('http');
const http2 = require('http2');
const https = require('https');
const { ca, leaf } = require('./support/certificates');
const { useListen } = require('./support/listen');
const { wait } = require('./support/promises');
const { PATHS } = require('./support/transports');

// How many connections a client opens over TLS, and how long it keeps them: at most maxConnections, and none is used after
// its server has closed it. For a process that was suspended meanwhile see `core/frozen.rs`.

const listen = useListen(afterEach);
const close = (client, id = 'A') => client.usageRecords.close(`UR-${id}`, 'INV-7');

describe.each(Object.entries(PATHS))('over %s', (_path, client) => {
  test('over TLS, too, there are no more connections than are allowed, however slow they are to make', async () => {
    const options = {
      ...leaf,
      ALPNProtocols: ['http/1.1'],
      // The handshake takes longer than an answer: other connections are free before it is through.
      SNICallback: (_name, done) => setTimeout(done, 20 + Math.random() * 150, null, undefined),
    };
    const server = await listen(
      https.createServer(options, (_request, response) => setTimeout(() => response.end('{}'), 5)),
    );
    const secure = client(server.url, { ca, maxConnections: 16 });
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
    const server = await listen(
      http2.createSecureServer(leaf, (_request, response) => setTimeout(() => response.end('{}'), 5)),
    );
    const secure = client(server.url, { ca, maxConnections: 16 });
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
    );
    for (let time = 0; time < 5; time += 1) await close(client(server.url));
    expect(server.accepted).toBe(1);
  });
});
