'use strict';

/** What hooks see of requests and responses, and the effect of their changes: as in the original. */

const fs = require('fs');
const path = require('path');
const { Headers: NodeFetchHeaders } = require('node-fetch');
const { APIError, HttpError } = require('..');
const { useFolder } = require('./support/folder');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { TRANSPORTS } = require('./support/transports');

const server = useServer({ json: { id: 'X-1' } });
const HOOKED = Object.entries(TRANSPORTS).filter(([name]) => name !== 'the engine');

const folder = useFolder();

/** Hooks that look at a response, and what they return in its place. */
const HOOKS = {
  'reads it': async (response) => {
    await response.text();
    return response;
  },
  'reads its stream': async (response) => {
    for await (const _ of response.body);
    return response;
  },
  'replaces json()': (response) => Object.assign(response, { json: async () => 1 }),
  'replaces text()': (response) => Object.assign(response, { text: async () => 'x' }),
  'replaces buffer()': (response) => Object.assign(response, { buffer: async () => Buffer.from('x') }),
  'returns a copy': (response) => response.clone(),
  'returns a Proxy': (response) => new Proxy(response, {}),
  'returns an heir': (response) => Object.create(response),
};

describe.each(HOOKED)('over %s', (_, connect) => {
  const client = (afterHook) => {
    const made = connect(server.url, { maxRetries: 0 });
    if (afterHook) made.addAfterResponseHook(afterHook);
    return made;
  };

  /** The headers of an answer. */
  async function headersOf() {
    server.answer = {
      body: 'x',
      headers: { 'X-One': '1', 'Set-Cookie': ['a=1', 'b=2'], 'Content-Type': 'text/plain' },
    };
    const { headers } = await client().fetch('/x');
    for (const name of ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'])
      headers.delete(name);
    return headers;
  }

  test('headers can be changed, as those of node-fetch', async () => {
    const theirs = new NodeFetchHeaders([
      ['x-one', '1'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['content-type', 'text/plain'],
    ]);
    const look = (headers) => ({
      // In order: node-fetch sorts names in capitals before the others.
      entries: [...headers].sort(),
      keys: [...headers.keys()].sort(),
      values: [...headers.values()].sort(),
      raw: { ...headers.raw() },
      has: ['X-ONE', 'x-two', 'X-Three', 'x-none'].map((name) => headers.has(name)),
      get: ['X-ONE', 'x-two', 'X-Three', 'x-none', 'set-cookie'].map((name) => headers.get(name)),
      tag: Object.prototype.toString.call(headers),
    });
    const ours = await headersOf();
    expect(look(ours)).toEqual(look(theirs));
    for (const headers of [ours, theirs]) {
      headers.set('X-ONE', 'eins');
      headers.append('x-one', 'uno');
      headers.append('X-Two', 2);
      headers.append('x-two', 'zwei');
      headers.set('X-Three', '3');
      headers.set('Set-Cookie', 'c=3');
      headers.delete('CONTENT-TYPE');
      headers.delete('x-none');
    }
    expect(look(ours)).toEqual(look(theirs));
    for (const headers of [ours, theirs]) {
      for (const change of [
        () => headers.set('a b', '1'),
        () => headers.append('', '1'),
        () => headers.delete('ü'),
        () => headers.get('a:b'),
        () => headers.has('a\n'),
        () => headers.set('a', '1\r\nb: 2'),
        () => headers.append('a', '\u20ac'),
      ]) {
        expect(change).toThrow(TypeError);
      }
    }
    expect(look(ours)).toEqual(look(theirs));
    expect(() => ours.set('authorization', 'topsecret\n')).toThrow(/^(?!.*topsecret)/s);
  });

  test('a copy of a response has headers of its own', async () => {
    const response = await client().fetch('/x');
    response.headers.set('x-mine', '1');
    const copy = response.clone();
    copy.headers.set('x-mine', '2');
    copy.headers.append('content-type', 'x');
    expect(response.headers.get('x-mine')).toBe('1');
    expect(response.headers.get('content-type')).not.toContain('x,');
    expect(copy.headers.get('x-mine')).toBe('2');
  });

  test('an error is read by the content type that a hook sets', async () => {
    server.answer = {
      status: 400,
      body: '{"error_code":"VAL_001","errors":["no"]}',
      headers: { 'Content-Type': 'text/plain' },
    };
    const set = (type) =>
      client((response) => {
        if (type === undefined) response.headers.delete('content-type');
        else response.headers.set('Content-Type', type);
        return response;
      });
    const errorOf = (made) => failure(made.usageRecords.get('UR-1'));
    expect(await errorOf(client())).not.toBeInstanceOf(APIError);
    expect(await errorOf(set('application/json'))).toMatchObject({ errorCode: 'VAL_001' });
    server.answer.headers['Content-Type'] = 'application/json';
    expect(await errorOf(client())).toBeInstanceOf(APIError);
    expect(await errorOf(set(undefined))).not.toBeInstanceOf(APIError);
    expect(await errorOf(set('text/html'))).toBeInstanceOf(HttpError);
  });

  test('a download is read by the content type that a hook sets', async () => {
    server.answer = { body: '[1,2]', headers: { 'Content-Type': 'application/octet-stream' } };
    const download = (made) => made.usageChunks.download('UFC-1');
    expect(await download(client())).toEqual(Buffer.from('[1,2]'));
    const asJson = (response) => {
      response.headers.set('content-type', 'application/json');
      return response;
    };
    expect(await download(client(asJson))).toEqual([1, 2]);
  });

  test.each([
    ['usageChunks', 'download', { method: 'GET' }],
    ['usageReconciliations', 'processedFile', { method: 'GET' }],
    ['usageReconciliations', 'uploadedFile', { method: 'GET' }],
    ['usageRecords', 'get', {}],
    ['usageRecords', 'search', {}],
  ])('before-hooks of %s.%s see %j', async (resource, method, expected) => {
    const made = client();
    const seen = [];
    made.addBeforeRequestHook((url, options) => {
      const { headers: _, agent: __, ...others } = options;
      seen.push(others);
      return { url, options };
    });
    if (method === 'search') await made[resource].search({ status: 'approved' });
    else await made[resource][method]('X-1');
    await made[resource][method](method === 'search' ? {} : 'X-1', { timeout: 10_000 });
    expect(seen).toEqual([expected, { ...expected, timeout: 10_000 }]);
  });

  describe.each([undefined, 'a file'])('a download to %s', (to) => {
    test.each(Object.entries(HOOKS))('is whole after a hook that %s', async (_name, hook) => {
      server.answer = { body: 'PK\x03\x04', headers: { 'Content-Type': 'application/octet-stream' } };
      const made = client(hook);
      if (to === undefined) {
        expect(await made.usageChunks.download('UFC-1')).toEqual(Buffer.from('PK\x03\x04'));
        return;
      }
      const file = path.join(folder, 'file');
      expect(await made.usageChunks.download('UFC-1', { to: file })).toEqual({ path: file, bytes: 4 });
      expect(fs.readFileSync(file, 'latin1')).toBe('PK\x03\x04');
    });
  });

  test.each(['json', 'text', 'buffer'])('a hook may read a body and replace %s()', async (method) => {
    const read = { json: JSON.parse, text: String, buffer: Buffer.from };
    const made = client(async (response) => {
      const text = (await response.clone().text()).replace('X-1', 'X-2');
      if (method === 'json') await response.text();
      response[method] = async () => read[method](text);
      return response;
    });
    expect(await made.usageRecords.get('X-1')).toEqual({ id: 'X-2' });
    expect(await made.usageRecords.search({})).toEqual({ id: 'X-2' });
  });

  test('a hook that replaces json() sees the responses of closeMany, too', async () => {
    server.answer = ({ body }) => {
      const records = JSON.parse(body).map(({ id, ...fields }) => ({ id, status: 'closed', ...fields }));
      return { json: { wrapped: records } };
    };
    const made = client((response) => {
      const json = response.json.bind(response);
      response.json = async () => (await json()).wrapped;
      return response;
    });
    const records = [{ id: 'UR-1', externalBillingId: 'INV-7' }];
    expect(await made.usageRecords.closeMany(records)).toMatchObject({ closed: 1 });
  });

  test('a hook that uses up the body is told so', async () => {
    const made = client(async (response) => {
      await response.text();
      return response;
    });
    const error = await failure(made.usageRecords.get('X-1'));
    expect(error).toBeInstanceOf(HttpError);
    expect(error.message).toBe(
      'GET /usage/records/X-1 returned status 200 with a body that was read already, by a hook for example',
    );
    expect(error.cause.message).toBe(`body used already for: ${server.url}/usage/records/X-1`);
    expect(error.maybeProcessed).toBeUndefined();
    // Not a TypeError, which would say that nothing was sent.
    expect(await failure(made.usageRecords.close('X-1', 'INV-7'))).toMatchObject({ maybeProcessed: true });
  });
});

test.each([
  ['resolves', async (url, options) => ({ url, options })],
  [
    'rejects',
    async () => {
      throw new Error('of the hook');
    },
  ],
])('a hook of requests whose promise %s is refused, and nothing is sent', async (_, hook) => {
  const client = TRANSPORTS['the engine'](server.url);
  client.addBeforeRequestHook(hook);
  const error = await failure(client.usageRecords.close('X-1', 'INV-7'));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe(
    'a hook of requests must return { url, options }, not a promise: it is synchronous',
  );
  expect(server.requests).toEqual([]);
});
