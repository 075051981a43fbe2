'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');
const net = require('net');
const path = require('path');
const { inspect } = require('util');
const { ConnectClient, ConnectionError } = require('..');

// Requests through a SOCKS proxy (RFC 1928, 1929).

const read = (name) => fs.readFileSync(path.join(__dirname, 'fixtures/tls', `${name}.pem`), 'utf8');
const [VERSION, NO_PASSWORD, PASSWORD, NONE_OF_THEM, SUCCESS, REFUSED] = [5, 0, 2, 0xff, 0, 5];
const NAME = 3;

let proxy;
let target;
let secure;
/** What the proxy has seen, and what it does. */
let seen;
let mood;
const sockets = new Set();

const listen = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const portOf = (server) => server.address().port;
const keep = (server) =>
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));

/** The bytes of a socket as they are asked for. */
function reader(socket) {
  return async (count) => {
    for (;;) {
      const bytes = socket.read(count);
      if (bytes !== null) return bytes;
      await new Promise((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', () => reject(new Error('it went away')));
      });
    }
  };
}

async function greet(socket, take) {
  const [, count] = await take(2);
  const offered = [...(await take(count))];
  const wanted = mood.password === undefined ? NO_PASSWORD : PASSWORD;
  socket.write(Buffer.from([VERSION, offered.includes(wanted) ? wanted : NONE_OF_THEM]));
  if (wanted === NO_PASSWORD) return;
  const [, length] = await take(2);
  const user = (await take(length)).toString();
  const password = (await take((await take(1))[0])).toString();
  seen.push({ user, password });
  socket.write(Buffer.from([1, password === mood.password ? 0 : 1]));
}

async function serve(socket) {
  const take = reader(socket);
  await greet(socket, take);
  const [, , , kind] = await take(4);
  const host = kind === NAME ? (await take((await take(1))[0])).toString() : (await take(4)).join('.');
  const port = (await take(2)).readUInt16BE();
  seen.push({ host, port });
  const status = mood.refuses ? REFUSED : SUCCESS;
  socket.write(Buffer.from([VERSION, status, 0, 1, 0, 0, 0, 0, 0, 0]));
  if (mood.refuses) return;
  const onward = net.connect(port, '127.0.0.1');
  onward.on('error', () => socket.destroy());
  onward.pipe(socket).pipe(onward);
}

beforeAll(async () => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY']) {
    delete process.env[name];
    delete process.env[name.toLowerCase()];
  }
  const answer = (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ path: request.url }));
  };
  target = keep(http.createServer(answer));
  secure = keep(https.createServer({ cert: read('leaf'), key: read('leaf-key') }, answer));
  proxy = keep(
    net.createServer((socket) => {
      socket.on('error', () => undefined);
      serve(socket).catch(() => socket.destroy());
    }),
  );
  await Promise.all([proxy, target, secure].map(listen));
});
afterAll(async () => {
  const closed = [proxy, target, secure].map((server) => new Promise((resolve) => server.close(resolve)));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
});
beforeEach(() => {
  seen = [];
  mood = {};
});

let timeout = 13000;
const make = (url, options) =>
  // Connections are shared by clients with the same settings; each is to have its own.
  new ConnectClient(url, 'ApiKey SU-000-000:secret', { connectTimeout: timeout++, backOff: 1, ...options });
const hooked = (url, options) => {
  const client = make(url, options);
  client.addAfterResponseHook((response) => response);
  return client;
};
const get = (client) => client.usageRecords.get('UR-1');
const answered = { path: '/usage/records/UR-1' };
const plainUrl = () => `http://localhost:${portOf(target)}`;
const secureUrl = () => `https://localhost:${portOf(secure)}`;
const at = (scheme, credentials = '') => `${scheme}://${credentials}127.0.0.1:${portOf(proxy)}`;

describe.each([
  ['the engine', make],
  ['a hook', hooked],
])('over %s', (_road, client) => {
  test('socks5h: the proxy looks up the name', async () => {
    expect(await get(client(plainUrl(), { proxy: at('socks5h') }))).toEqual(answered);
    expect(seen).toEqual([{ host: 'localhost', port: portOf(target) }]);
  });

  test('socks5: we do', async () => {
    const url = plainUrl().replace('localhost', '127.0.0.1');
    expect(await get(client(url, { proxy: at('socks5') }))).toEqual(answered);
    expect(seen).toEqual([{ host: '127.0.0.1', port: portOf(target) }]);
  });

  test('https goes through it whole', async () => {
    expect(await get(client(secureUrl(), { proxy: at('socks5h'), ca: read('ca') }))).toEqual(answered);
    expect(seen).toEqual([{ host: 'localhost', port: portOf(secure) }]);
  });

  test('with a user name and a password', async () => {
    mood.password = 'p@ss';
    expect(await get(client(plainUrl(), { proxy: at('socks5h', 'billing:p%40ss@') }))).toEqual(answered);
    expect(seen[0]).toEqual({ user: 'billing', password: 'p@ss' });
  });

  test.each([
    ['the wrong password', 'u:hidden@', 1, 'credentials not accepted'],
    ['none', '', 1, 'server '],
  ])('%s: nothing was sent, and it is not tried again', async (_, credentials, attempts, words) => {
    mood.password = 'right';
    const error = await get(client(plainUrl(), { proxy: at('socks5h', credentials) })).catch((e) => e);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL', maybeProcessed: false, attempts });
    expect(error.message).toContain(`the SOCKS proxy made no connection to the host: ${words}`);
    expect(inspect(error, { showHidden: true })).not.toContain('hidden');
  });

  test('a host that it cannot reach is tried again', async () => {
    mood.refuses = true;
    const closed = client(plainUrl(), { proxy: at('socks5h') });
    const error = await closed.usageRecords.close('UR-1', 'INV-7').catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL', maybeProcessed: false, attempts: 3 });
    expect(error.message).toContain('connection refused');
  });

  test('a proxy that is not there', async () => {
    const error = await get(client(plainUrl(), { proxy: 'socks5h://u:hidden@127.0.0.1:1' })).catch((e) => e);
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL', maybeProcessed: false, attempts: 3 });
    expect(error.message).toContain('the SOCKS proxy cannot be reached');
    expect(inspect(error, { showHidden: true })).not.toContain('hidden');
  });

  test("'env': ALL_PROXY", async () => {
    process.env.ALL_PROXY = at('socks5h');
    try {
      expect(await get(client(plainUrl(), { proxy: 'env' }))).toEqual(answered);
      expect(seen).toHaveLength(1);
    } finally {
      delete process.env.ALL_PROXY;
    }
  });
});
