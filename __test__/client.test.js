'use strict';

/** The client and its classes as JavaScript objects: facts 7 to 14, 35, 40, 41, and the differences A3 to A5, S1. */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const util = require('util');

const api = require('..');
const { startServer } = require('./support/server');

const { ConnectClient, DefaultHttpAdapter, GenericResource, UsageRecordResource } = api;

let server;
beforeAll(async () => {
  server = await startServer({ json: { id: 1 } });
});
afterAll(() => server.close());
beforeEach(() => server.requests.splice(0));

const KEY = 'ApiKey SU-000-000:topsecret';
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
];

describe('construction', () => {
  test('checks nothing', () => {
    for (const given of [[], [undefined, undefined], [null, null, null], [1, {}], ['nonsense', '\n']]) {
      expect(new ConnectClient(...given)).toBeInstanceOf(ConnectClient);
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
    [{ timeout: '5' }, /timeout must be a number of milliseconds above 0, of 24 days at most; got '5'/],
    [{ timeout: -1 }, /timeout must be/],
    [{ readTimeout: NaN }, /readTimeout must be/],
    [{ transport: 'magic' }, /transport must be 'auto' or 'engine' or 'fetch'; got 'magic'/],
    [{ rql: 'sql' }, /rql must be 'server' or 'original'/],
    [{ timeout: 5, timeOut: 5 }, /'timeOut' is not an option/],
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
    'a trailing %p of the endpoint is dropped on both roads',
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
    const error = await client.usageRecords.close('UR-1').catch((refusal) => refusal);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
    expect(util.inspect(error)).not.toContain('topsecret');
    expect(server.requests).toHaveLength(0);
  });

  const SENDERS = {
    'the engine': { options: { maxRetries: 0 }, hook: undefined },
    'a hook': { options: { maxRetries: 0 }, hook: (url, options) => ({ url, options }) },
    'an agent': {
      options: { maxRetries: 0 },
      hook: (url, options) => ({ url, options: { ...options, agent: new (require('http').Agent)() } }),
    },
    'the global fetch': { options: { transport: 'fetch' }, hook: undefined },
  };

  test.each(Object.entries(SENDERS))(
    'over %s a key with an odd character is refused by name',
    async (_, sender) => {
      for (const [odd, says] of [
        ['\u200b', 'invisible or not ASCII (U+200B) in place 19'],
        ['\u00a0', 'invisible or not ASCII (U+00A0)'],
        ['\ufeff', '(U+FEFF)'],
        ['\u00e9', 'not ASCII (U+00E9)'],
        ['\u20ac', '(U+20AC)'],
        ['\t', 'a control character (U+0009)'],
        ['\u007f', '(U+007F)'],
        ['\n', 'a line break (U+000A)'],
      ]) {
        const client = new ConnectClient(server.url, `ApiKey SU-000-000:${odd}topsecret`, sender.options);
        if (sender.hook) client.addBeforeRequestHook(sender.hook);
        const error = await client.usageRecords.close('UR-1', 'INV-7').catch((refusal) => refusal);
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

  test('both count as they are when a request is made', async () => {
    const client = new ConnectClient('http://127.0.0.1:1', 'nobody');
    client._endpoint = server.url;
    client._apiKey = 'ApiKey later';
    await client.usageRecords.get(1);
    expect(server.requests[0].headers.authorization).toBe('ApiKey later');
  });
});

describe('classes', () => {
  test('are ordinary: chain, names, lengths, descriptors', () => {
    expect(Object.getPrototypeOf(UsageRecordResource)).toBe(GenericResource);
    expect(UsageRecordResource.name).toBe('UsageRecordResource');
    const { close, closeRecords } = UsageRecordResource.prototype;
    expect([close.name, close.length, closeRecords.length]).toEqual(['close', 3, 4]);
    const { get, create, update, delete: remove, search, fetch } = GenericResource.prototype;
    expect([get, create, update, remove, search, fetch].map(({ length }) => length)).toEqual([
      1, 1, 2, 1, 1, 2,
    ]);
    const { value, ...flags } = Object.getOwnPropertyDescriptor(UsageRecordResource.prototype, 'close');
    expect([typeof value, flags]).toEqual([
      'function',
      { writable: true, configurable: true, enumerable: false },
    ]);
    expect(() => UsageRecordResource(make())).toThrow(TypeError);
    expect(() => new close()).toThrow(TypeError);
  });

  test('are the same at every path', () => {
    expect(require('../lib/connect')).toBe(api);
    expect(require('../lib/connect/client')).toBe(ConnectClient);
    expect(require('../lib/connect/api/base')).toBe(GenericResource);
    expect(require('../lib/connect/api/usageRecords')).toBe(UsageRecordResource);
    expect(require('../lib/connect/api').UsageRecordResource).toBe(UsageRecordResource);
    expect(require('../lib/connect/api/errors').APIError).toBe(api.APIError);
    expect(require('../lib/connect/http/adapter').DefaultHttpAdapter).toBe(DefaultHttpAdapter);
    expect(require('../lib/connect/http').AbstractHttpAdapter).toBe(api.AbstractHttpAdapter);
  });

  test('can be extended: own path, own methods, super', async () => {
    class Things extends GenericResource {
      constructor(client) {
        super(client, '/things');
      }

      get baseUri() {
        return '/other/things';
      }

      async get(id) {
        return [await super.get(id)];
      }
    }
    expect(await new Things(make()).get('T-1')).toEqual([{ id: 1 }]);
    const records = new UsageRecordResource(make());
    records._baseUri = '/elsewhere';
    await records.close('UR-1');
    expect(server.requests.map(({ url }) => url)).toEqual(['/other/things/T-1', '/elsewhere/UR-1/close']);
  });

  test('a method without its object rejects', async () => {
    const { close } = make().usageRecords;
    await expect(close('UR-1')).rejects.toBeInstanceOf(TypeError);
    await expect(close.call({}, 'UR-1')).rejects.toBeInstanceOf(TypeError);
    await expect(close.call('text', 'UR-1')).rejects.toBeInstanceOf(TypeError);
  });
});

describe('stubs', () => {
  afterEach(() => jest.restoreAllMocks());

  test('of GenericResource.prototype.fetch, while search is called for real', async () => {
    const stub = jest
      .spyOn(GenericResource.prototype, 'fetch')
      .mockImplementation(async () => ({ json: () => ['stub'] }));
    expect(await make().usageRecords.search({ status: 'approved' })).toEqual(['stub']);
    expect(stub.mock.calls).toEqual([['/usage/records?status=approved']]);
    expect(await make().usageRecords.close('UR-1', 'INV-7')).toEqual(['stub']);
    expect(stub.mock.calls[1]).toStrictEqual([
      '/usage/records/UR-1/close',
      { method: 'POST', body: { external_billing_id: 'INV-7', external_billing_note: undefined } },
    ]);
  });

  test('of a method, on the prototype and on the instance', async () => {
    jest.spyOn(UsageRecordResource.prototype, 'close').mockResolvedValue('prototype');
    const client = make();
    expect(await client.usageRecords.close('UR-1')).toBe('prototype');
    client.usageRecords.close = async () => 'instance';
    expect(await client.usageRecords.close('UR-1')).toBe('instance');
  });

  test('of client.fetch, on the prototype and on the instance', async () => {
    jest.spyOn(ConnectClient.prototype, 'fetch').mockImplementation(async () => small());
    expect(await make().usageRecords.get(1)).toEqual({ id: 'small' });
    const client = make();
    client.fetch = small;
    expect(await client.usageRecords.get(1)).toEqual({ id: 'small' });
  });

  test('of the adapter, wherever a hand is put on it', async () => {
    const touched = [
      (adapter) => {
        adapter._fetch = async () => small();
      },
      (adapter) => {
        adapter.fetch = async () => small();
      },
      (adapter) => {
        adapter.parseResponse = () => small();
      },
      (adapter) => {
        adapter.prepareRequest = (url, options) => ({ url: `${url}?touched`, options });
      },
      (adapter) => {
        adapter.beforeRequest = [(url, options) => ({ url: `${server.url}${url}?touched`, options })];
      },
      (adapter) => adapter.beforeRequest.push((url, options) => ({ url: `${url}?touched`, options })),
      (adapter) => {
        adapter.beforeRequest[1] = (url, options) => ({ url: `${url}?touched`, options });
      },
      (adapter) => adapter.afterResponse.push(() => small()),
    ];
    for (const touch of touched) {
      server.requests.splice(0);
      const client = make();
      touch(client._adapter);
      const value = await client.usageRecords.get(1);
      const wasTouched = value.id === 'small' || server.requests[0].url.endsWith('?touched');
      expect([String(touch), wasTouched]).toEqual([String(touch), true]);
    }
    jest.spyOn(DefaultHttpAdapter.prototype, 'parseResponse').mockImplementation(() => small());
    expect(await make().usageRecords.get(1)).toEqual({ id: 'small' });
  });

  test('of the client’s own hooks', async () => {
    const client = make();
    client.addEndpointPrefix = (endpoint, url, options) => ({ url: `${endpoint}/prefixed${url}`, options });
    await client.usageRecords.get(1);
    expect(server.requests[0].url).toBe('/prefixed/usage/records/1');
    client.addAuthorizationHeader = (_, url, options) => ({
      url,
      options: { ...options, headers: { Authorization: 'other' } },
    });
    await client.usageRecords.get(1);
    expect(server.requests[1].headers.authorization).toBe('other');
  });

  test('a client that is no ConnectClient', async () => {
    const seen = [];
    const records = new UsageRecordResource({ fetch: async (...given) => seen.push(given) && small() });
    expect(await records.close('UR-1', 'INV-7')).toEqual({ id: 'small' });
    expect(seen[0][0]).toBe('/usage/records/UR-1/close');
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

test('an ES module imports the same classes, and the sandbox, by the name of the package', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-esm-'));
  try {
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(
      path.join(__dirname, '..'),
      path.join(folder, 'node_modules/cloudblue-connect-native'),
      'junction',
    );
    const script = `
      import * as module from 'cloudblue-connect-native';
      import { startSandbox } from 'cloudblue-connect-native/testing';
      import GenericResource from 'cloudblue-connect-native/lib/connect/api/base';
      import errors from 'cloudblue-connect-native/lib/connect/api/errors.js';
      import api from 'cloudblue-connect-native/lib/connect/api';
      import { createRequire } from 'module';
      const required = createRequire(import.meta.url)('cloudblue-connect-native');
      const names = Object.keys(required);
      const same = names.length === Object.keys(module).length && names.every((name) => module[name] === required[name]);
      const deep = [GenericResource === module.GenericResource, errors.APIError === module.APIError, api.GenericResource === GenericResource];
      console.log(JSON.stringify([same, deep, typeof startSandbox]));`;
    fs.writeFileSync(path.join(folder, 'program.mjs'), script);
    const { stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '[true,[true,true,true],"function"]\n', stderr: '' });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
