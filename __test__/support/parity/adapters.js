'use strict';

/** Adapters of the caller, and hooks; see world.js. */

const { KEY, JSON_TYPE, sent, failure, keys, real, reply } = require('./world');

/** A custom adapter, which sends with `send`, and whose responses have a class of their own. */
function makeAdapter({ AbstractHttpAdapter }, send) {
  class Wrapped {
    constructor(response) {
      this.response = response;
    }

    get ok() {
      return this.response.statusCode < 300;
    }

    get headers() {
      return { get: (name) => this.response.headers[name.toLowerCase()] };
    }

    get status() {
      return this.response.statusCode;
    }

    async json() {
      return JSON.parse(this.response.payload);
    }

    async text() {
      return this.response.payload;
    }
  }

  class Adapter extends AbstractHttpAdapter {
    constructor() {
      super(send);
    }

    prepareRequest(url, options) {
      return { url, options };
    }

    parseResponse(response) {
      return new Wrapped(response);
    }
  }
  return new Adapter();
}

const adapters = [
  [
    'a custom adapter: identity and a class of its own',
    async ({ sdk }) => {
      const calls = [];
      const adapter = makeAdapter(sdk, async (...args) => {
        calls.push(args);
        return { statusCode: 200, headers: { 'content-type': JSON_TYPE }, payload: '{"id":"PR-1"}' };
      });
      const client = new sdk.ConnectClient('https://h/v1', KEY, adapter);
      const got = [await client.requests.create({ a: 1 }), await client.requests.delete('PR-1')];
      return [got, calls];
    },
    [
      [{ id: 'PR-1' }, undefined],
      [
        ['https://h/v1/requests', { method: 'POST', body: { a: 1 }, headers: { Authorization: KEY } }],
        ['https://h/v1/requests/PR-1', { method: 'DELETE', headers: { Authorization: KEY } }],
      ],
    ],
  ],
  [
    'a custom adapter: errors',
    async ({ sdk }) => {
      const answers = [
        {
          statusCode: 400,
          headers: { 'content-type': JSON_TYPE },
          payload: '{"error_code":"A","errors":[1]}',
        },
        { statusCode: 500, headers: {}, payload: 'down' },
      ];
      const client = new sdk.ConnectClient(
        'https://h',
        KEY,
        makeAdapter(sdk, async () => answers.shift()),
      );
      const errors = [await failure(client.hubs.get('A')), await failure(client.hubs.get('A'))];
      return errors.map((error) => [error.constructor.name, error.status, error.message, error.errorCode]);
    },
    [
      ['APIError', 400, '{"error_code":"A","errors":[1]}', 'A'],
      ['HttpError', 500, 'down', undefined],
    ],
  ],
  [
    'a custom adapter: hooks run around it',
    async ({ sdk }) => {
      const calls = [];
      const answer = { statusCode: 200, headers: {}, payload: '1' };
      const adapter = makeAdapter(sdk, async (url) => {
        calls.push(url);
        return { ...answer };
      });
      const client = new sdk.ConnectClient('https://h', KEY, adapter);
      client.addBeforeRequestHook((url, options) => ({ url: `${url}/hooked`, options }));
      client.addAfterResponseHook((response) => ({
        ok: response.ok,
        json: async () => [await response.json()],
      }));
      return [await client.hubs.get('A'), calls];
    },
    [[1], ['https://h/hubs/A/hooked']],
  ],
  [
    'a plain object is an adapter that gets the bare path',
    async ({ sdk }) => {
      const calls = [];
      const fetch = async (...args) => {
        calls.push(args);
        return reply('mine');
      };
      const client = new sdk.ConnectClient('https://h', KEY, { fetch });
      const got = [await client.webhooks.search({ a: 1 }), await client.webhooks.update('WH-1', [2])];
      return [got, calls, (await client.fetch('x', { y: 1 })).ok];
    },
    [
      ['mine', 'mine'],
      [
        ['/notifications/webhooks?a=1', undefined],
        ['/notifications/webhooks/WH-1', { method: 'PUT', body: [2] }],
        ['x', { y: 1 }],
      ],
      true,
    ],
  ],
  [
    'a plain object is an adapter that refuses',
    async ({ sdk }) => {
      const fetch = async () => reply({ error_code: 'B' }, { status: 403 });
      const error = await failure(new sdk.ConnectClient('https://h', KEY, { fetch }).hubs.search());
      return [error.constructor.name, error.status, error.errorCode];
    },
    ['APIError', 403, 'B'],
  ],
  [
    'a before hook changes the URL and the headers',
    async (world) => {
      const client = real(world);
      client.addBeforeRequestHook((url, options) => ({
        url: url.replace('/assets', '/other'),
        options: { ...options, headers: { ...options.headers, Authorization: 'mine', 'X-One': '1' } },
      }));
      const got = await client.assets.get('AS-1');
      return [got, sent(world), keys(world), world.requests[0].headers['x-one']];
    },
    [{ id: 'X-1' }, ['GET /other/AS-1'], ['mine'], '1'],
  ],
  [
    'a before hook changes method and body',
    async (world) => {
      const client = real(world);
      client.addBeforeRequestHook((url, options) => ({
        url,
        options: { ...options, method: 'PUT', body: { was: options.body } },
      }));
      await client.assets.create({ a: 1 });
      return sent(world);
    },
    ['PUT /assets {"was":{"a":1}}'],
  ],
  [
    'before hooks run in order, on every client by itself',
    async (world) => {
      const client = real(world);
      for (const letter of 'ab') {
        client.addBeforeRequestHook((url, options) => ({ url: `${url}${letter}`, options }));
      }
      await client.hubs.get('H');
      await real(world).hubs.get('H');
      return sent(world);
    },
    ['GET /hubs/Hab', 'GET /hubs/H'],
  ],
  [
    'a before hook throws',
    async (world) => {
      const client = real(world);
      client.addBeforeRequestHook(() => {
        throw new RangeError('mine');
      });
      const error = await failure(client.hubs.get('H'));
      return [error.constructor.name, error.message, sent(world)];
    },
    ['RangeError', 'mine', []],
  ],
  [
    'an after hook replaces the response',
    async (world) => {
      const client = real(world);
      const seen = [];
      client.addAfterResponseHook((response) => {
        seen.push(response.status, response.headers.get('content-type'), response.options);
        return reply('mine');
      });
      return [await client.hubs.create({ a: 1 }), seen, sent(world)];
    },
    ['mine', [200, JSON_TYPE, { method: 'POST', body: { a: 1 } }], ['POST /hubs {"a":1}']],
  ],
  [
    'an after hook turns a success into an error',
    async (world) => {
      const client = real(world);
      client.addAfterResponseHook(() => reply('no', { status: 418, type: 'text/plain' }));
      const error = await failure(client.hubs.get('H'));
      return [error.constructor.name, error.status, error.message];
    },
    ['HttpError', 418, '"no"'],
  ],
  [
    'an after hook throws',
    async (world) => {
      const client = real(world);
      client.addAfterResponseHook(() => {
        throw new RangeError('mine');
      });
      const error = await failure(client.hubs.get('H'));
      return [error.constructor.name, error.message, sent(world)];
    },
    ['RangeError', 'mine', ['GET /hubs/H']],
  ],
  [
    'a hook is added after the first call',
    async (world) => {
      const client = real(world);
      await client.hubs.get('H');
      client.addBeforeRequestHook((url, options) => ({ url: `${url}?late`, options }));
      await client.hubs.get('H');
      return sent(world);
    },
    ['GET /hubs/H', 'GET /hubs/H?late'],
  ],
  [
    'beforeRequest is pushed to',
    async (world) => {
      const client = real(world);
      client._adapter.beforeRequest.push((url, options) => ({ url: `${url}?pushed`, options }));
      await client.hubs.get('H');
      return [sent(world), keys(world)];
    },
    [['GET /hubs/H?pushed'], [KEY]],
  ],
  [
    'beforeRequest loses the hook of the key',
    async (world) => {
      const client = real(world);
      client._adapter.beforeRequest.pop();
      await client.hubs.get('H');
      return [sent(world), keys(world)];
    },
    [['GET /hubs/H'], [undefined]],
  ],
  [
    'beforeRequest has its first hook replaced',
    async (world) => {
      const client = real(world);
      client._adapter.beforeRequest[0] = (url, options) => ({ url: `${world.url}/base${url}`, options });
      await client.hubs.search({ a: 'b' });
      return [sent(world), keys(world)];
    },
    [['GET /base/hubs?a=b'], [KEY]],
  ],
  [
    'beforeRequest is assigned',
    async (world) => {
      const client = real(world);
      client._adapter.beforeRequest = [(url, options) => ({ url: `${world.url}${url}/x`, options })];
      await client.hubs.get('H');
      return [sent(world), keys(world)];
    },
    [['GET /hubs/H/x'], [undefined]],
  ],
  [
    'afterResponse is pushed to',
    async (world) => {
      const client = real(world);
      client._adapter.afterResponse.push(() => reply('mine'));
      return client.hubs.get('H');
    },
    'mine',
  ],
  [
    'endpoint and key are changed on the client',
    async (world) => {
      const client = real(world);
      await client.hubs.get('H');
      client._endpoint = `${world.url}/v2`;
      client._apiKey = 'ApiKey other';
      await client.hubs.get('H');
      return [sent(world), keys(world)];
    },
    [
      ['GET /hubs/H', 'GET /v2/hubs/H'],
      [KEY, 'ApiKey other'],
    ],
  ],
  [
    'the built-in hooks are replaced on the client',
    async (world) => {
      const client = real(world);
      client.addAuthorizationHeader = (apiKey, url, options) => ({
        url,
        options: { ...options, headers: { Authorization: apiKey.toLowerCase() } },
      });
      client.addEndpointPrefix = (endpoint, url, options) => ({ url: `${endpoint}/p${url}`, options });
      await client.hubs.get('H');
      return [sent(world), keys(world)];
    },
    [['GET /p/hubs/H'], [KEY.toLowerCase()]],
  ],
  [
    'two clients share an adapter',
    async (world) => {
      const adapter = new world.sdk.DefaultHttpAdapter();
      const first = new world.sdk.ConnectClient(`${world.url}/1`, 'one', adapter);
      const second = new world.sdk.ConnectClient(`${world.url}/2`, 'two', adapter);
      await first.hubs.get('H');
      await second.hubs.get('H');
      return [sent(world), keys(world)];
    },
    [
      ['GET /2/hubs/H', 'GET /2/hubs/H'],
      ['two', 'two'],
    ],
  ],
];

module.exports = { adapters };
