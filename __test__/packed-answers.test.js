'use strict';

/**
 * A response comes from the addon as one text, if its body is short ASCII, and a request's headers go there as one: what
 * could be confused in them.
 */

const http = require('http');
const { fetch: engineFetch } = require('../lib/internal/transport/fetch');
const { APIError, HttpError } = require('..');
const { useListen } = require('./support/listen');
const { failure } = require('./support/promises');
const { TRANSPORTS } = require('./support/transports');

const BODIES = {
  'no body': '',
  ASCII: '{"a":1}',
  'ASCII with NUL and line ends': 'a\0b\r\n\n\0c',
  'a byte order mark': '\ufeff{"a":1}',
  'other characters': '{"name":"Núñez \u{1f600}"}',
  'bytes that are not UTF-8': Buffer.from([0x61, 0xff, 0x00, 0x62]),
  'as much ASCII as is passed as text': 'x'.repeat(1 << 20),
  'more of it': 'x'.repeat((1 << 20) + 1),
};

let sent;
let body = '';
let answer;
const listen = useListen(afterAll);
let url;
beforeAll(async () => {
  const server = http.createServer((request, response) => {
    sent = request.rawHeaders;
    if (answer !== undefined) {
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
    const headers = ['X-Empty', '', 'X-Latin', 'caf\xe9', 'X-Twice', 'a', 'X-Twice', '', 'X-Last', ''];
    response.writeHead(200, headers).end(body);
  });
  ({ url } = await listen(server));
});

const agent = new http.Agent();
const FETCHES = {
  'the engine': engineFetch,
  "Node's http": (to, options) => engineFetch(to, { agent, ...options }),
};

describe.each(Object.entries(FETCHES))('over %s', (_, fetch) => {
  test.each(Object.entries(BODIES))('%s', async (_name, content) => {
    body = content;
    const bytes = Buffer.from(content);
    const text = new TextDecoder().decode(bytes);
    const response = await fetch(`${url}/path`);
    expect(response).toMatchObject({ status: 200, statusText: 'OK', url: `${url}/path`, redirected: false });
    expect(await response.clone().text()).toBe(text);
    const buffer = await response.clone().buffer();
    expect(buffer.equals(bytes)).toBe(true);
    const arrayBuffer = await response.clone().arrayBuffer();
    expect(Buffer.from(arrayBuffer).equals(bytes)).toBe(true);
    const chunks = [];
    for await (const chunk of response.clone().body) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe(text);
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(() => response.clone()).toThrow(TypeError);
  });

  test('headers without a value, of other characters, and several of a name', async () => {
    body = 'x';
    const { headers } = await fetch(url);
    expect(headers.raw()).toMatchObject({
      'x-empty': [''],
      'x-latin': ['caf\xe9'],
      'x-twice': ['a', ''],
      'x-last': [''],
    });
  });

  test('a copy has headers of its own', async () => {
    const response = await fetch(url);
    const [before, after] = [response.clone(), response];
    after.headers.set('X-Last', 'changed');
    const changed = after.clone();
    after.headers.delete('X-Last');
    expect([before, after, changed].map(({ headers }) => headers.get('x-last'))).toEqual([
      '',
      null,
      'changed',
    ]);
  });

  test('a request with headers of every kind', async () => {
    await fetch(url, { headers: { 'X-A': '', 'X-B': 'caf\xe9', 'x-c': '1', 'X-D': '' } });
    const pairs = Object.fromEntries(
      sent.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), sent[at + 1]]] : [])),
    );
    expect(pairs).toMatchObject({ 'x-a': '', 'x-b': 'caf\xe9', 'x-c': '1', 'x-d': '' });
  });

  test.each(['a\nX-Evil: 1', 'a\r\nb', '\n', 'a\0'])('the header value %j is refused', async (value) => {
    sent = undefined;
    const error = await failure(fetch(url, { headers: { 'X-A': '1', 'X-Bad': value, 'X-B': '2' } }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      "the value of the header 'X-Bad' contains a character that is not allowed in a header",
    );
    expect(sent).toBeUndefined();
  });

  test('the header name "x\\ny" is refused', async () => {
    const error = await failure(fetch(url, { headers: { 'x\ny': '1' } }));
    expect(error.message).toBe("'x\ny' is not a valid header name");
  });
});

test('the bytes of a short body share their memory with no others', async () => {
  body = 'ab';
  const buffer = await (await engineFetch(url)).buffer();
  expect(buffer.buffer.byteLength).toBe(2);
});

test('a request with limits of its own leaves those of the next as they are', async () => {
  body = 'abc';
  const error = await failure(engineFetch(url, { size: 2 }));
  expect(error).toMatchObject({ type: 'max-size' });
  expect(await (await engineFetch(url)).text()).toBe('abc');
});

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  test.each([10, 4000, 5000, 2_000_000])('%d bytes that are JSON but for their end', async (length) => {
    const { usageRecords } = connect(url);
    body = `["${'x'.repeat(length - 4)}"]`;
    expect(await usageRecords.search({})).toEqual(['x'.repeat(length - 4)]);
    body = body.slice(0, -1);
    const error = await failure(usageRecords.search({}));
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ status: 200, method: 'GET', path: '/usage/records', attempts: 1 });
    expect(error.message).toMatch(
      /^GET \/usage\/records returned status 200 with a body that is not JSON: \["x/,
    );
    expect(error.cause).toMatchObject({ name: 'SyntaxError' });
  });

  test('an answer to a write that is not JSON: the error names its request, and says that it may have been done', async () => {
    const { usageRecords, usageFiles } = connect(url);
    body = '<html>';
    const closing = await failure(usageRecords.close('UR-1', 'INV-7'));
    expect(closing).toBeInstanceOf(HttpError);
    const { method, path, attempts, status, maybeProcessed } = closing;
    expect({ method, path, attempts, status, maybeProcessed }).toEqual({
      method: 'POST',
      path: '/usage/records/UR-1/close',
      attempts: 1,
      status: 200,
      maybeProcessed: true,
    });
    expect(await failure(usageFiles.create({ name: 'x' }))).toMatchObject({
      method: 'POST',
      path: '/usage/files',
      maybeProcessed: true,
    });
  });

  test('a filter that changes while its request is under way does no harm to the error', async () => {
    const { usageRecords } = connect(url);
    body = '<html>';
    const filter = { status: 'valid' };
    const failing = failure(usageRecords.search(filter));
    filter.status = { $no: 1 };
    const error = await failing;
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ status: 200, attempts: 1 });
    expect(error).not.toHaveProperty('failure');
  });
});

// What is made of a header, whatever its bytes and however often it comes.
describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  afterEach(() => {
    answer = undefined;
  });

  const errorOf = (headers) => {
    answer = { status: 429, headers, body: '{"error_code":"VAL_001","errors":[]}' };
    return failure(connect(url, { maxRetries: 0 }).usageRecords.get('UR-1'));
  };

  test.each(['application/json; a=\xe9', 'application/json;"\xff"', 'APPLICATION/JSON'])(
    'the content type %j is JSON',
    async (type) => {
      expect(await errorOf(['Content-Type', type])).toBeInstanceOf(APIError);
    },
  );

  test.each([
    [[], undefined],
    [[''], undefined],
    [['120\xe9'], '120\xe9'],
    [['100', '200'], '100, 200'],
  ])('the values %j of Retry-After are %j', async (values, expected) => {
    const error = await errorOf(values.flatMap((value) => ['Retry-After', value]));
    expect(error.retryAfter).toBe(expected);
    expect('retryAfter' in error).toBe(expected !== undefined);
  });

  test('of several values of Content-Range the first counts', async () => {
    const headers = ['Content-Range', 'items 0-0/7', 'Content-Range', 'items 0-0/8'];
    answer = { status: 200, headers, body: '[]' };
    expect(await connect(url).usageRecords.list({}).count()).toBe(7);
  });
});
