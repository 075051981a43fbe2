'use strict';

const http = require('http');
const https = require('https');
const net = require('net');
const { inspect } = require('util');
const { ConnectionError } = require('..');
const { ca, leaf } = require('./support/certificates');
const { useListen } = require('./support/listen');
const { failure } = require('./support/promises');
const { PATHS } = require('./support/transports');

// Requests through a SOCKS proxy (RFC 1928, 1929).

const [VERSION, NO_PASSWORD, PASSWORD, NONE_OF_THEM, SUCCESS, REFUSED] = [5, 0, 2, 0xff, 0, 5];
const NAME = 3;

let proxy;
let target;
let secure;
/** What the proxy has seen, and what it does: `{ password, refuses }`. */
let seen;
let behaviour;
const listen = useListen(afterAll);

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
  const wanted = behaviour.password === undefined ? NO_PASSWORD : PASSWORD;
  socket.write(Buffer.from([VERSION, offered.includes(wanted) ? wanted : NONE_OF_THEM]));
  if (wanted === NO_PASSWORD) return;
  const [, length] = await take(2);
  const user = (await take(length)).toString();
  const password = (await take((await take(1))[0])).toString();
  seen.push({ user, password });
  socket.write(Buffer.from([1, password === behaviour.password ? 0 : 1]));
}

async function serve(socket) {
  const take = reader(socket);
  await greet(socket, take);
  const [, , , kind] = await take(4);
  const host = kind === NAME ? (await take((await take(1))[0])).toString() : (await take(4)).join('.');
  const port = (await take(2)).readUInt16BE();
  seen.push({ host, port });
  const status = behaviour.refuses ? REFUSED : SUCCESS;
  socket.write(Buffer.from([VERSION, status, 0, 1, 0, 0, 0, 0, 0, 0]));
  if (behaviour.refuses) return;
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
  target = await listen(http.createServer(answer));
  secure = await listen(https.createServer(leaf, answer));
  proxy = await listen(
    net.createServer((socket) => {
      serve(socket).catch(() => socket.destroy());
    }),
  );
});
beforeEach(() => {
  seen = [];
  behaviour = {};
});

let timeout = 13000;
const get = (client) => client.usageRecords.get('UR-1');
const answered = { path: '/usage/records/UR-1' };
const plainUrl = () => `http://localhost:${target.port}`;
const secureUrl = () => secure.url;
const at = (scheme, credentials = '') => `${scheme}://${credentials}127.0.0.1:${proxy.port}`;

describe.each(Object.entries(PATHS))('over %s', (_path, connect) => {
  // Clients with the same settings share connections: each has settings of its own.
  const client = (url, options) => connect(url, { connectTimeout: timeout++, backOff: 1, ...options });

  test('socks5h: the proxy looks up the name', async () => {
    expect(await get(client(plainUrl(), { proxy: at('socks5h') }))).toEqual(answered);
    expect(seen).toEqual([{ host: 'localhost', port: target.port }]);
  });

  test('socks5: the client looks up the name', async () => {
    const url = plainUrl().replace('localhost', '127.0.0.1');
    expect(await get(client(url, { proxy: at('socks5') }))).toEqual(answered);
    expect(seen).toEqual([{ host: '127.0.0.1', port: target.port }]);
  });

  test('https goes through it unchanged', async () => {
    expect(await get(client(secureUrl(), { proxy: at('socks5h'), ca }))).toEqual(answered);
    expect(seen).toEqual([{ host: 'localhost', port: secure.port }]);
  });

  test('with a user name and a password', async () => {
    behaviour.password = 'p@ss';
    expect(await get(client(plainUrl(), { proxy: at('socks5h', 'billing:p%40ss@') }))).toEqual(answered);
    expect(seen[0]).toEqual({ user: 'billing', password: 'p@ss' });
  });

  test.each([
    ['the wrong password', 'u:hidden@', 1, 'credentials not accepted'],
    ['none', '', 1, 'server '],
  ])('%s: nothing was sent, and it is not tried again', async (_, credentials, attempts, words) => {
    behaviour.password = 'right';
    const error = await failure(get(client(plainUrl(), { proxy: at('socks5h', credentials) })));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL', maybeProcessed: false, attempts });
    expect(error.message).toContain(`the SOCKS proxy did not connect to the host: ${words}`);
    expect(inspect(error, { showHidden: true })).not.toContain('hidden');
  });

  test('a host that it cannot reach is tried again', async () => {
    behaviour.refuses = true;
    const closed = client(plainUrl(), { proxy: at('socks5h') });
    const error = await failure(closed.usageRecords.close('UR-1', 'INV-7'));
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL', maybeProcessed: false, attempts: 3 });
    expect(error.message).toContain('connection refused');
  });

  test('a proxy that is not there', async () => {
    const error = await failure(get(client(plainUrl(), { proxy: 'socks5h://u:hidden@127.0.0.1:1' })));
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL', maybeProcessed: false, attempts: 3 });
    expect(error.message).toContain('cannot reach the SOCKS proxy');
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
