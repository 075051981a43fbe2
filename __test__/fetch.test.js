'use strict';

/**
 * The default adapter's `fetch`, over the engine and over Node's http, against node-fetch 2, which the original
 * sends with: the same calls to the same server, compared.
 */

const http = require('http');
const zlib = require('zlib');
const { Readable } = require('stream');
const nodeFetch = require('node-fetch');

const { ConnectionError, TimeoutError } = require('..');
const { fetch: engineFetch } = require('../lib/internal/transport/fetch');
const { failure } = require('./support/promises');
const { startServer } = require('./support/server');

// An agent sends a request through Node's own http.
const agent = new http.Agent();
const nodeHttpFetch = (url, options) => engineFetch(url, { agent, ...options });

const routes = {
  '/json': { json: { a: 1 } },
  '/empty': { status: 204 },
  '/error': { status: 500, body: 'Internal Server Error' },
  '/multi': { headers: { 'X-Multi': ['a', 'b'], 'Set-Cookie': ['c=1', 'd=2'] }, body: 'x' },
  '/latin': { body: Buffer.from([0x61, 0xff, 0x62]) },
  '/bom': { body: Buffer.from('\ufeff{"bom":true}') },
  '/gzip': { headers: { 'Content-Encoding': 'gzip' }, body: zlib.gzipSync('zipped') },
  '/br': { headers: { 'Content-Encoding': 'br' }, body: zlib.brotliCompressSync('zipped') },
  '/to-json': { status: 302, headers: { Location: '/json' } },
  '/see-other': { status: 303, headers: { Location: '/json' } },
  '/moved': { status: 301, headers: { Location: '/json' } },
  '/again': { status: 307, headers: { Location: '/json' } },
  '/loop': { status: 302, headers: { Location: '/loop' } },
  '/nowhere': { status: 302 },
  '/silence': { raw: () => undefined },
  '/reset': { raw: (socket) => socket.destroy() },
  '/cut': {
    raw: (socket, outgoing) => {
      outgoing.writeHead(200, { 'Content-Length': 100 });
      outgoing.write('half');
      setTimeout(() => socket.destroy(), 20);
    },
  },
};

let server;
beforeAll(async () => {
  server = await startServer(({ url }) => routes[url.split('?')[0]]);
});
afterAll(() => server.close());

/** The parts of a request that have to be the same. */
function sentOf({ method, url, headers, body }) {
  const { authorization, accept, 'content-type': type, 'content-length': length } = headers;
  // A multipart boundary is random.
  const shape = /boundary=/.test(type) ? { type: type.split('boundary')[0] } : { type, length, body };
  return { method, url, authorization, accept, custom: headers['x-custom'], ...shape };
}

async function observe(fetch, path, options) {
  const from = server.requests.length;
  const result = {};
  try {
    const response = await fetch(`${server.url}${path}`, typeof options === 'function' ? options() : options);
    const { ok, status, statusText, url } = response;
    Object.assign(result, { ok, status, statusText, url });
    result.type = response.headers.get('content-type');
    result.multi = response.headers.get('x-multi');
    result.cookies = response.headers.raw()['set-cookie'];
    result.text = await response.text();
  } catch (error) {
    result.error = { type: error.type, isTypeError: error instanceof TypeError };
  }
  // The content type of a body that a redirect drops has its own test below.
  const sent = server.requests.slice(from).map(sentOf);
  result.sent = sent.map((one, index) =>
    index > 0 && one.method === 'GET' ? { ...one, type: undefined } : one,
  );
  return result;
}

const post = (body, more) => () => ({
  method: 'post',
  body: typeof body === 'function' ? body() : body,
  ...more,
});
const form = () => {
  const data = new FormData();
  data.append('a', 'b');
  return data;
};

const alike = [
  ['GET', '/json'],
  ['a query', '/json?a=b c&d="é"&e=%41|`{}^\\'],
  ['an error status', '/error'],
  ['204', '/empty'],
  ['several values', '/multi'],
  ['broken UTF-8', '/latin'],
  ['headers', '/json', { headers: { Authorization: 'k', 'x-custom': 'é' } }],
  ['an unknown option', '/json', { whatever: 1 }],
  ['text', '/json', post('text')],
  ['empty text', '/json', post('')],
  ['a number', '/json', post(5)],
  ['bytes', '/json', post(Buffer.from('bytes'))],
  ['an array buffer', '/json', post(() => new Uint8Array([65, 66]).buffer)],
  ['a form', '/json', post(() => new URLSearchParams('a=b&c=d e'))],
  ['no body', '/json', post(undefined)],
  ['null', '/json', post(null)],
  ['a PUT without a body', '/json', { method: 'PUT' }],
  ['a DELETE', '/json', { method: 'DELETE' }],
  ['a PATCH', '/json', post('x', { method: 'PATCH' })],
  ['its own content type', '/json', post('{}', { headers: { 'content-type': 'application/json' } })],
  ['GET with a body', '/json', { body: 'x' }],
  ['gzip', '/gzip'],
  ['302', '/to-json'],
  ['302 of a POST', '/to-json', post('x')],
  ['301 of a POST', '/moved', post('x')],
  ['303 of a PUT', '/see-other', post('x', { method: 'PUT' })],
  ['307 of a POST', '/again', post('x')],
  ['302 of a PUT', '/to-json', post('x', { method: 'PUT' })],
  ['a redirect to nowhere', '/nowhere'],
  ['a loop', '/loop'],
  ['follow: 2', '/loop', { follow: 2 }],
  ['follow: 0', '/loop', { follow: 0 }],
  ["redirect: 'error'", '/to-json', { redirect: 'error' }],
  ['size, enough', '/json', { size: 7 }],
  ['timeout', '/silence', { timeout: 100 }],
  ['a reset', '/reset', { maxRetries: 0 }],
];

test('a deadline that no clock can hold is none', async () => {
  for (const send of [engineFetch, nodeHttpFetch]) {
    expect((await send(`${server.url}/json`, { timeout: 1e300 })).status).toBe(200);
  }
});

test('what says where a body ends is written by whoever writes the body', async () => {
  const headers = { 'Content-Length': '5', 'Transfer-Encoding': 'chunked' };
  for (const send of [engineFetch, nodeHttpFetch]) {
    const seen = server.requests.length;
    await (await send(`${server.url}/json`, { method: 'POST', body: 'a whole body', headers })).text();
    await (await send(`${server.url}/json`, { headers })).text();
    const sent = server.requests.slice(seen);
    expect(
      sent.map(({ body, headers: got }) => [body, got['content-length'], got['transfer-encoding']]),
    ).toEqual([
      ['a whole body', '12', undefined],
      ['', undefined, undefined],
    ]);
  }
});

describe.each([
  ['engine', engineFetch],
  ['node', nodeHttpFetch],
])('over %s', (_, fetch) => {
  test.each(alike.map(([name, path, options]) => [name, { path, options }]))(
    '%s is as in node-fetch',
    async (_name, { path, options }) => {
      expect(await observe(fetch, path, options)).toEqual(await observe(nodeFetch, path, options));
    },
  );

  test("redirect: 'manual' hands the redirect over", async () => {
    const response = await fetch(`${server.url}/to-json`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, `${server.url}/json`]);
  });

  test('brotli is undone, compress: false leaves it', async () => {
    expect(await (await fetch(`${server.url}/br`)).text()).toBe('zipped');
    const raw = await fetch(`${server.url}/gzip`, { compress: false });
    expect(zlib.gunzipSync(await raw.buffer()).toString()).toBe('zipped');
    expect(raw.headers.get('content-encoding')).toBe('gzip');
  });

  test('a body above `size` is refused', async () => {
    await expect(fetch(`${server.url}/json`, { size: 3 })).rejects.toMatchObject({ type: 'max-size' });
  });

  test('a redirect that drops the body drops its content type (COMPATIBILITY.md, W5)', async () => {
    await fetch(`${server.url}/to-json`, { method: 'POST', body: 'x' });
    const { method, headers } = server.requests[server.requests.length - 1];
    expect([method, headers['content-type'], headers['content-length']]).toEqual([
      'GET',
      undefined,
      undefined,
    ]);
  });

  test('a byte order mark is dropped', async () => {
    expect(await (await fetch(`${server.url}/bom`)).json()).toEqual({ bom: true });
  });

  test('bodies of the platform: forms, web and Node streams', async () => {
    const body = async (options) => {
      await fetch(`${server.url}/json`, { method: 'POST', ...options });
      return server.requests[server.requests.length - 1];
    };
    const sent = await body({ body: form() });
    expect(sent.headers['content-type']).toMatch(/^multipart\/form-data; ?boundary=/);
    expect(sent.body).toContain('name="a"\r\n\r\nb\r\n');
    const blob = await body({ body: new Blob(['blob'], { type: 'text/x' }) });
    expect([blob.body, blob.headers['content-type']]).toEqual(['blob', 'text/x']);
    expect((await body({ body: Readable.from(['no', 'de']) })).body).toBe('node');
    expect((await body({ body: new Blob(['web']).stream() })).body).toBe('web');
  });

  test('headers: pairs, a Headers object, and variants of one name side by side', async () => {
    const sent = async (headers) => {
      await fetch(`${server.url}/json`, { headers });
      const { rawHeaders } = server.requests[server.requests.length - 1];
      return rawHeaders.filter((_text, i) => i % 2 === 1 && /^x-custom$/i.test(rawHeaders[i - 1]));
    };
    expect(await sent([['x-custom', '1']])).toEqual(['1']);
    expect(await sent(new Headers({ 'x-custom': '2' }))).toEqual(['2']);
    expect(await sent({ 'x-custom': '3', 'X-Custom': '4' })).toEqual(['3', '4']);
  });

  test('the two faces of a response', async () => {
    const response = await fetch(`${server.url}/json`);
    expect(response).toBeInstanceOf(Response);
    const copy = response.clone();
    expect(await response.buffer()).toEqual(Buffer.from('{"a":1}'));
    await expect(response.text()).rejects.toBeInstanceOf(TypeError);
    const reader = copy.body.getReader();
    expect(Buffer.from((await reader.read()).value).toString()).toBe('{"a":1}');
    const piped = (await fetch(`${server.url}/json`)).body;
    const pieces = [];
    for await (const piece of piped) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('{"a":1}');
    const again = await fetch(`${server.url}/json`);
    expect(Buffer.from(await again.arrayBuffer()).toString()).toBe('{"a":1}');
    expect([...(await fetch(`${server.url}/multi`)).headers].filter(([name]) => name === 'x-multi')).toEqual([
      ['x-multi', 'a, b'],
    ]);
  });

  test('an abort ends the request with its own reason and leaves no listener', async () => {
    const abort = new AbortController();
    const removed = jest.spyOn(abort.signal, 'removeEventListener');
    const pending = fetch(`${server.url}/silence`, { signal: abort.signal });
    const reason = new Error('enough');
    setTimeout(() => abort.abort(reason), 20);
    await expect(pending).rejects.toBe(reason);
    expect(removed).toHaveBeenCalledTimes(1);
    const seen = server.requests.length;
    await expect(fetch(`${server.url}/json`, { signal: abort.signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(seen);
  });

  test('connection failures have Node’s code', async () => {
    const gone = await startServer();
    await gone.close();
    const refused = await failure(fetch(`${gone.url}/`));
    expect(refused).toBeInstanceOf(ConnectionError);
    expect(refused).toMatchObject({ code: 'ECONNREFUSED', type: 'system', maybeProcessed: false });
    expect(await failure(fetch(`${server.url}/reset`))).toMatchObject({
      code: 'ECONNRESET',
      maybeProcessed: true,
    });
    expect(await failure(fetch(`${server.url}/cut`))).toMatchObject({ maybeProcessed: true });
    expect(await failure(fetch(`${server.url}/silence`, { timeout: 50 }))).toBeInstanceOf(TimeoutError);
  });

  test.each([
    ['/relative', {}, /absolute/],
    ['ftp://h/', {}, /absolute/],
    ['URL', { headers: { Authorization: undefined } }, /apiKey must be/],
    ['URL', { headers: { Authorization: 'ApiKey SU-1:secret\r\nX: y' } }, /header/],
    ['URL', { headers: { 'bad name': 'x' } }, /header/],
  ])('%s %p is a TypeError, sends nothing and shows no secret', async (url, options, message) => {
    const seen = server.requests.length;
    const error = await fetch(url === 'URL' ? `${server.url}/json` : url, options).catch(
      (refusal) => refusal,
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
    expect(`${error.message}${error.stack}`).not.toContain('secret');
    expect(server.requests).toHaveLength(seen);
  });
});

test('only the engine names itself', async () => {
  await engineFetch(`${server.url}/json`);
  expect(server.requests[server.requests.length - 1].headers['user-agent']).toMatch(
    /^cloudblue-connect-native\/\d/,
  );
  await engineFetch(`${server.url}/json`, { headers: { 'User-Agent': 'mine' } });
  expect(server.requests[server.requests.length - 1].headers['user-agent']).toBe('mine');
});
