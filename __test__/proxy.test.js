'use strict';

const http = require('http');
const https = require('https');
const net = require('net');
const { inspect } = require('util');
const { ConnectionError, HttpError } = require('..');
const { proxiesOf } = require('../lib/internal/transport/network');
const { ca, leaf } = require('./support/certificates');
const { useListen } = require('./support/listen');
const { failure } = require('./support/promises');
const { PATHS } = require('./support/transports');

// Requests through a proxy: only where the client asks for it, and without showing its password.

let proxy;
let target;
let secure;
let seen;
/** What the proxy answers to those it does not serve. */
let refusal;

const listen = useListen(afterAll);

beforeAll(async () => {
  const answer = (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ via: request.headers['x-via'] || 'nobody' }));
  };
  target = await listen(http.createServer(answer));
  secure = await listen(https.createServer(leaf, answer));
  const relay = http.createServer((request, response) => {
    const { headers, url } = request;
    seen.push({ url, credentials: headers['proxy-authorization'], key: headers.authorization });
    if (refusal) {
      response.writeHead(refusal).end('no');
      return;
    }
    const to = new URL(url);
    const onward = http.request(
      { port: to.port, host: to.hostname, path: to.pathname, headers: { ...headers, 'x-via': 'proxy' } },
      (back) => {
        response.writeHead(back.statusCode, back.headers);
        back.pipe(response);
      },
    );
    request.pipe(onward);
  });
  relay.on('connect', ({ url, headers }, socket) => {
    seen.push({ url, credentials: headers['proxy-authorization'], key: headers.authorization });
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
      return;
    }
    const onward = net.connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
  });
  proxy = await listen(relay);
});

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY'];
let before;
beforeEach(() => {
  seen = [];
  refusal = undefined;
  before = { ...process.env };
  for (const name of VARIABLES) {
    delete process.env[name];
    delete process.env[name.toLowerCase()];
  }
});
afterEach(() => {
  for (const name of [...VARIABLES, ...VARIABLES.map((one) => one.toLowerCase()), 'REQUEST_METHOD']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const close = (client) => client.usageRecords.close('UR-1', 'INV-7');
const plainUrl = () => target.url;
const secureUrl = () => secure.url;
const proxyUrl = (credentials = '') => `http://${credentials}127.0.0.1:${proxy.port}`;

describe.each(Object.entries(PATHS))('over %s', (path, connect) => {
  // Clients with the same settings share connections, and tunnels: each path has settings of its own.
  const connectTimeout = path === 'the engine' ? 15_000 : 14_000;
  const client = (url, options) => connect(url, { connectTimeout, ...options });

  test('no proxy without the option, whatever the environment says', async () => {
    process.env.HTTP_PROXY = proxyUrl();
    process.env.http_proxy = proxyUrl();
    expect(await close(client(plainUrl()))).toEqual({ via: 'nobody' });
    expect(seen).toEqual([]);
  });

  test('http goes through it, with its password, which percent-encoding may hide', async () => {
    const proxied = client(plainUrl(), { proxy: proxyUrl('billing:p%40ss@') });
    expect(await close(proxied)).toEqual({ via: 'proxy' });
    const credentials = `Basic ${Buffer.from('billing:p@ss').toString('base64')}`;
    expect(seen).toMatchObject([{ url: `${plainUrl()}/usage/records/UR-1/close`, credentials }]);
    expect(inspect(proxied, { depth: 9 })).not.toContain('secret');
    expect(inspect(proxied, { depth: 9, showHidden: true })).not.toContain('p%40ss');
  });

  test('https is tunnelled: the proxy sees neither the key nor what is asked', async () => {
    const proxied = client(secureUrl(), { proxy: proxyUrl('billing:pass@'), ca });
    expect(await close(proxied)).toEqual({ via: 'nobody' });
    const credentials = `Basic ${Buffer.from('billing:pass').toString('base64')}`;
    expect(seen).toEqual([{ url: `localhost:${secure.port}`, credentials, key: undefined }]);
  });

  test.each([
    ['HTTP_PROXY', {}],
    ['http_proxy', {}],
    ['ALL_PROXY', {}],
  ])("'env' reads %s", async (name) => {
    process.env[name] = proxyUrl();
    expect(await close(client(plainUrl(), { proxy: 'env' }))).toEqual({ via: 'proxy' });
  });

  test("'env': an address without its scheme, and one for https only", async () => {
    process.env.HTTP_PROXY = proxyUrl().slice('http://'.length);
    expect(await close(client(plainUrl(), { proxy: 'env' }))).toEqual({ via: 'proxy' });
    delete process.env.HTTP_PROXY;
    process.env.HTTPS_PROXY = proxyUrl();
    expect(await close(client(plainUrl(), { proxy: 'env' }))).toEqual({ via: 'nobody' });
    seen = [];
    await close(client(secureUrl(), { proxy: 'env', ca }));
    expect(seen).toHaveLength(1);
  });

  test("'env': HTTP_PROXY is not trusted within a CGI program, where a request's header sets it", async () => {
    process.env.HTTP_PROXY = proxyUrl();
    process.env.REQUEST_METHOD = 'GET';
    expect(await close(client(plainUrl(), { proxy: 'env' }))).toEqual({ via: 'nobody' });
  });

  test("NODE_USE_ENV_PROXY=1 is as 'env', for clients that say nothing themselves", async () => {
    process.env.HTTP_PROXY = proxyUrl();
    process.env.NODE_USE_ENV_PROXY = '1';
    expect(await close(client(plainUrl()))).toEqual({ via: 'proxy' });
    process.env.NODE_USE_ENV_PROXY = '0';
    expect(await close(client(plainUrl()))).toEqual({ via: 'nobody' });
  });

  // The whole table of what a list may hold is tested in Rust.
  test.each([
    ['127.0.0.1'],
    ['10.0.0.0/8,127.0.0.0/8'],
    ['*'],
    ['127.0.0.1:PORT'],
    ['10.0.0.1 127.0.0.1'],
    ['127.0.*'],
  ])('NO_PROXY=%s is reached without', async (except) => {
    process.env.NO_PROXY = except.replace('PORT', target.port);
    expect(await close(client(plainUrl(), { proxy: proxyUrl() }))).toEqual({ via: 'nobody' });
    expect(seen).toEqual([]);
  });

  test.each(['*.localhost.test', 'localhost:1', 'a.test\tb.test'])(
    'NO_PROXY=%s names a host by its name, and by it alone',
    async (except) => {
      process.env.NO_PROXY = except;
      await close(client(secureUrl(), { proxy: proxyUrl(), ca }));
      expect(seen).toHaveLength(1);
      process.env.NO_PROXY = `${except} LocalHost.:${secure.port}`;
      await close(client(secureUrl(), { proxy: proxyUrl(), ca }));
      expect(seen).toHaveLength(1);
    },
  );

  test('NO_PROXY that names others changes nothing', async () => {
    process.env.NO_PROXY = 'example.test,10.0.0.1';
    expect(await close(client(plainUrl(), { proxy: proxyUrl() }))).toEqual({ via: 'proxy' });
  });

  test('a proxy that refuses what is not encrypted gives an answer', async () => {
    refusal = 407;
    const plain = await failure(close(client(plainUrl(), { proxy: proxyUrl('u:hidden@') })));
    expect(plain).toBeInstanceOf(HttpError);
    expect(plain.status).toBe(407);
    expect(inspect(plain, { showHidden: true })).not.toContain('hidden');
  });

  // The last column is the requests to the proxy: one for each attempt, and another one where the HTTP client does not
  // report the status.
  test.each([
    [407, 1, 1],
    [403, 1, 2],
    [404, 1, 2],
    [502, 3, 6],
    [503, 3, 6],
  ])(
    'a proxy that refuses a tunnel with %p: that status, after %p attempts',
    async (status, attempts, requests) => {
      refusal = status;
      const options = { proxy: proxyUrl('u:hidden@'), ca, backOff: 1 };
      const error = await failure(close(client(secureUrl(), options)));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ status, code: 'ERR_PROXY_TUNNEL', maybeProcessed: false, attempts });
      expect(error.message).toContain(`the proxy did not open a tunnel to the host: status ${status}`);
      expect(inspect(error, { showHidden: true })).not.toContain('hidden');
      expect(seen).toHaveLength(requests);
      const credentials = `Basic ${Buffer.from('u:hidden').toString('base64')}`;
      for (const request of seen)
        expect(request).toEqual({ url: `localhost:${secure.port}`, credentials, key: undefined });
    },
  );

  test('a proxy that is not there: nothing was sent', async () => {
    const gone = 'http://u:hidden@127.0.0.1:1';
    const error = await failure(close(client(plainUrl(), { proxy: gone, backOff: 1 })));
    expect(error).toMatchObject({ code: 'ECONNREFUSED', maybeProcessed: false, attempts: 3 });
    expect(inspect(error, { showHidden: true })).not.toContain('hidden');
  });

  test("'env': the first request names a variable that is not a URL, without its password", async () => {
    process.env.HTTP_PROXY = 'ftp://u:hidden@127.0.0.1:1';
    const error = await failure(close(client(plainUrl(), { proxy: 'env' })));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^the environment variable HTTP_PROXY must be a proxy URL/);
    expect(error.message).not.toContain('hidden');
  });

  test("'env': a wrong variable only fails the requests that it applies to", async () => {
    process.env.HTTP_PROXY = proxyUrl();
    process.env.ALL_PROXY = 'socks9://u:hidden@127.0.0.1:1';
    expect(await close(client(plainUrl(), { proxy: 'env' }))).toEqual({ via: 'proxy' });
    const secured = { proxy: 'env', ca };
    await expect(close(client(secureUrl(), secured))).rejects.toThrow(
      /^the environment variable ALL_PROXY must/,
    );
    process.env.NO_PROXY = 'localhost';
    expect(await close(client(secureUrl(), secured))).toEqual({ via: 'nobody' });
  });
});

describe('HTTP_PROXY within a CGI program', () => {
  const address = 'http://proxy.test';
  /** The variables of Windows, of which Node finds each under any spelling. */
  const ofWindows = (variables) =>
    new Proxy(variables, { get: (target, name) => target[`${String(name)}`.toUpperCase()] });

  test.each([
    ['linux', { HTTP_PROXY: address }, undefined],
    ['linux', { http_proxy: address }, address],
    ['win32', ofWindows({ HTTP_PROXY: address }), undefined],
    ['win32', ofWindows({ HTTP_PROXY: address, ALL_PROXY: 'http://all.test' }), 'http://all.test'],
  ])('%s %#', (platform, variables, expected) => {
    const withMethod = new Proxy(variables, {
      get: (target, name) => (name === 'REQUEST_METHOD' ? 'GET' : target[name]),
    });
    expect(proxiesOf('env', withMethod, platform).httpProxy).toBe(expected);
    // Elsewhere it is what it says.
    expect(proxiesOf('env', variables, platform).httpProxy).toBe(address);
  });
});

test.each(['', 'proxy:3128', 'socks4://u:hidden@p', 'http://', 7, {}])(
  'the option proxy: %p is refused',
  (given) => {
    const refuse = () => PATHS['the engine']('http://127.0.0.1', { proxy: given });
    expect(refuse).toThrow("the option proxy must be 'env' or a URL");
    expect(refuse).not.toThrow('hidden');
  },
);
