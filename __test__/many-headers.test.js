'use strict';

const fs = require('fs');
const http = require('http');
const http2 = require('http2');
const path = require('path');
const { ConnectClient, ConnectionError } = require('..');

// Answers with more headers than a hundred, which is where the HTTP client would stop: Node takes whatever fits in 16 KiB.

const read = (name) => fs.readFileSync(path.join(__dirname, 'fixtures/tls', `${name}.pem`), 'utf8');

let count;
/** So many headers of our own; of each the name and the value. */
const headers = () =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`x-${number}`, `${number % 10}`]));

const servers = [];
const sockets = new Set();
async function listen(server) {
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return server.address().port;
}

const urls = {};
beforeAll(async () => {
  const plain = http.createServer((_request, response) => response.writeHead(200, headers()).end('{}'));
  urls['HTTP/1.1'] = `http://127.0.0.1:${await listen(plain)}`;
  const secure = http2.createSecureServer({ cert: read('leaf'), key: read('leaf-key') });
  secure.on('session', (session) => session.on('error', () => undefined));
  secure.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, ...headers() });
    stream.end('{}');
  });
  urls['HTTP/2'] = `https://localhost:${await listen(secure)}`;
});
afterAll(async () => {
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
});

const make = (url) => new ConnectClient(url, 'ApiKey SU-000-000:secret', { ca: read('ca'), maxRetries: 0 });
const ROADS = {
  engine: make,
  hook: (url) => {
    const client = make(url);
    client.addBeforeRequestHook((address, options) => ({ url: address, options }));
    return client;
  },
};

describe.each(Object.entries(ROADS))('over the %s', (_road, client) => {
  // What fits in Node's 16 KiB by the shortest names that anybody gives.
  describe.each(['HTTP/1.1', 'HTTP/2'])('by %s', (version) => {
    test.each([101, 1000, 1400])('%d headers are read', async (many) => {
      count = many;
      expect(await client(urls[version]).usageRecords.get('UR-1')).toEqual({});
      const response = await client(urls[version]).fetch('/usage/records');
      expect(response.headers.get('x-0')).toBe('0');
      expect(response.headers.get(`x-${many - 1}`)).toBe(`${(many - 1) % 10}`);
    });

    test('beyond all measure they are refused', async () => {
      count = 2500;
      const error = await client(urls[version])
        .usageRecords.get('UR-1')
        .catch((refusal) => refusal);
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ maybeProcessed: true, attempts: 1, code: expect.any(String) });
      // What comes after it is another matter.
      count = 1;
      expect(await client(urls[version]).usageRecords.get('UR-1')).toEqual({});
    });
  });
});
