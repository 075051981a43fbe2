'use strict';

/** What a client is made from: options, endpoint and key. */

const { spawnSync } = require('child_process');
const path = require('path');
const util = require('util');

const { ConnectClient, DefaultHttpAdapter, UsageRecordResource } = require('..');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { KEY, TRANSPORTS_AND_FETCH } = require('./support/transports');

const server = useServer({ json: { id: 1 } });
const make = (...more) => new ConnectClient(server.url, KEY, ...more);
const small = () => ({ ok: true, status: 200, json: async () => ({ id: 'small' }) });

const RESOURCES = [
  'accounts',
  'assets',
  'billingRequests',
  'products',
  'requests',
  'conversations',
  'hubs',
  'recurringAssets',
  'tierAccounts',
  'tierAccountRequests',
  'tierConfigs',
  'tierConfigRequests',
  'webhooks',
  'listingRequests',
  'cases',
  'usageFiles',
  'usageReconciliations',
  'usageRecords',
  'usageChunks',
  'usageAggregates',
  'usageProducts',
];

describe('construction', () => {
  test('checks neither endpoint nor key', () => {
    for (const args of [[], [undefined, undefined], [null, null, null], [1, {}], ['nonsense', '\n']]) {
      expect(new ConnectClient(...args)).toBeInstanceOf(ConnectClient);
    }
  });

  test('own keys, getters without setters, the same object each time', () => {
    const client = make();
    expect(Object.keys(client)).toEqual(['_endpoint', '_adapter', ...RESOURCES.map((name) => `_${name}`)]);
    expect(client._apiKey).toBe(KEY);
    client._apiKey = 'other';
    expect(client._apiKey).toBe('other');
    expect(client.usageRecords).toBeInstanceOf(UsageRecordResource);
    expect(client.usageRecords).toBe(client.usageRecords);
    expect(() => {
      client.usageRecords = 1;
    }).toThrow(TypeError);
    expect(Object.keys(client.usageRecords)).toEqual(['_client', '_baseUri']);
    expect(client._adapter).toBeInstanceOf(DefaultHttpAdapter);
  });

  test('the key is in no printed form', () => {
    const client = make();
    client.addBeforeRequestHook((url, options) => ({ url, options }));
    const seen = new WeakSet();
    const json = JSON.stringify(client, (_, value) => {
      if (typeof value !== 'object' || value === null) return value;
      return seen.has(value) ? undefined : seen.add(value) && value;
    });
    for (const text of [
      util.inspect(client, { depth: 9 }),
      json,
      String(client),
      util.format('%o', client._adapter),
    ]) {
      expect(text).not.toContain('topsecret');
    }
  });

  test.each([
    [
      { timeout: '5' },
      /timeout must be a number of milliseconds above 0 and at most 2147483647 \(24 days\); got '5'/,
    ],
    [{ timeout: -1 }, /timeout must be/],
    [{ readTimeout: NaN }, /readTimeout must be/],
    [{ transport: 'magic' }, /transport must be 'auto' or 'engine' or 'fetch'; got 'magic'/],
    [{ rql: 'sql' }, /rql must be 'server' or 'original'/],
    [{ timeout: 5, timeOut: 5 }, /unknown option 'timeOut'/],
  ])('options %p are refused', (options, message) => {
    expect(() => make(options)).toThrow(TypeError);
    expect(() => make(options)).toThrow(message);
  });

  test('options may hold an adapter, and undefined options count as absent', async () => {
    const adapter = new DefaultHttpAdapter();
    expect(make({ adapter, timeout: undefined })._adapter).toBe(adapter);
    expect(await make({ adapter: { fetch: small } }).usageRecords.get(1)).toEqual({ id: 'small' });
  });

  test('CONNECT_TRANSPORT is read when a client is made', () => {
    process.env.CONNECT_TRANSPORT = 'magic';
    try {
      expect(() => make()).toThrow(/CONNECT_TRANSPORT must be/);
    } finally {
      delete process.env.CONNECT_TRANSPORT;
    }
  });
});

describe('endpoint and key', () => {
  test.each([[''], ['/'], ['///']])(
    'a trailing %p of the endpoint is dropped, by the fast path and by the pipeline',
    async (slash) => {
      const client = new ConnectClient(`${server.url}/public/v1${slash}`, KEY);
      await client.usageRecords.get(1);
      client.addAfterResponseHook((response) => response);
      await client.usageRecords.get(1);
      expect(server.requests.map(({ url }) => url)).toEqual(Array(2).fill('/public/v1/usage/records/1'));
    },
  );

  test.each([
    [undefined, KEY, /endpoint must be/],
    ['', KEY, /endpoint must be/],
    ['api.test', KEY, /endpoint must be/],
    ['ftp://x', KEY, /endpoint must be/],
    ['/x', KEY, /endpoint must be/],
    ['URL', undefined, /apiKey must be .* got undefined/],
    ['URL', '', /apiKey must be .* an empty string/],
    ['URL', 5, /apiKey must be .* a number/],
    ['URL', `${KEY}\r\nX: 1`, /apiKey must be .* line break/],
  ])('endpoint %p with key %p: the first request says what is wrong', async (endpoint, key, message) => {
    const client = new ConnectClient(endpoint === 'URL' ? server.url : endpoint, key);
    const error = await failure(client.usageRecords.close('UR-1'));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
    expect(util.inspect(error)).not.toContain('topsecret');
    expect(server.requests).toHaveLength(0);
  });

  test.each(Object.entries(TRANSPORTS_AND_FETCH))(
    'over %s a key with an odd character is refused by name',
    async (_, connect) => {
      for (const [odd, says] of [
        ['\u200b', 'an invisible or non-ASCII character (U+200B) at position 19'],
        ['\u00a0', '(U+00A0)'],
        ['\ufeff', '(U+FEFF)'],
        ['\u00e9', 'non-ASCII letter (U+00E9)'],
        ['\u20ac', '(U+20AC)'],
        ['\t', 'a control character (U+0009)'],
        ['\u007f', '(U+007F)'],
        ['\n', 'a line break (U+000A)'],
      ]) {
        const client = connect(server.url, { maxRetries: 0 }, `ApiKey SU-000-000:${odd}topsecret`);
        const error = await failure(client.usageRecords.close('UR-1', 'INV-7'));
        expect(error).toBeInstanceOf(TypeError);
        expect(error.message).toMatch(/^apiKey must be a string/);
        expect(error.message).toContain(says);
        expect(error.maybeProcessed).toBe(false);
        expect(util.inspect(error)).not.toContain('topsecret');
      }
      expect(server.requests).toHaveLength(0);
    },
  );

  test('a custom adapter gets what the original would give it', async () => {
    const seen = [];
    const adapter = new DefaultHttpAdapter();
    adapter._fetch = async (...given) => seen.push(given) && small();
    await new ConnectClient(undefined, undefined, adapter).usageRecords.get(1);
    expect(seen).toEqual([['undefined/usage/records/1', { headers: { Authorization: undefined } }]]);
  });

  test('endpoint and key may be changed until a request is made', async () => {
    const client = new ConnectClient('http://127.0.0.1:1', 'nobody');
    client._endpoint = server.url;
    client._apiKey = 'ApiKey later';
    await client.usageRecords.get(1);
    expect(server.requests[0].headers.authorization).toBe('ApiKey later');
  });
});

test('hooks may add a header and see the answer', async () => {
  const client = make();
  const statuses = [];
  client.addBeforeRequestHook((url, options) => ({
    url,
    options: { ...options, headers: { ...options.headers, 'X-Mine': '1' } },
  }));
  client.addAfterResponseHook((response) => {
    statuses.push(response.status);
    return response;
  });
  await client.usageRecords.close('UR-1', 'INV-7');
  expect(server.requests[0].headers).toMatchObject({ 'x-mine': '1', authorization: KEY });
  expect(statuses).toEqual([200]);
});

test('a process ends by itself after a call, and with a client that is idle', () => {
  const script = `
    const { ConnectClient } = require(${JSON.stringify(path.join(__dirname, '..'))});
    new ConnectClient('http://127.0.0.1:1', 'k');
    new ConnectClient('http://127.0.0.1:1', 'k').usageRecords.close('UR-1').catch((error) => console.log(error.code));`;
  const { status, stdout, signal } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    timeout: 60000,
  });
  expect({ status, stdout, signal }).toEqual({ status: 0, stdout: 'ECONNREFUSED\n', signal: null });
});
