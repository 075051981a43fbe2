'use strict';

/** Stubs of methods, resources, clients and adapters; see world.js. */

const { KEY, JSON_TYPE, sent, failure, keys, nowhere, real, reply } = require('./world');

const stubs = [
  [
    'a stub of search on the prototype of a resource',
    async ({ sdk, sandbox, requests }) => {
      const stub = sandbox.stub(sdk.api.AccountResource.prototype, 'search').resolves([{ id: 'VA-1' }]);
      const found = await nowhere(sdk).accounts.search({ a: 1 });
      return [found, stub.firstCall.args, requests.length];
    },
    [[{ id: 'VA-1' }], [{ a: 1 }], 0],
  ],
  [
    'a stub of a resource leaves the others alone, and goes',
    async (world) => {
      const stub = world.sandbox.stub(world.sdk.api.AccountResource.prototype, 'search').resolves('stub');
      const client = real(world);
      const first = [await client.accounts.search(), await client.assets.search()];
      stub.restore();
      return [...first, await client.accounts.search(), sent(world)];
    },
    ['stub', { id: 'X-1' }, { id: 'X-1' }, ['GET /assets', 'GET /accounts']],
  ],
  [
    'stubs of what a resource has by itself',
    async ({ sdk, sandbox }) => {
      const approve = sandbox.stub(sdk.api.RequestResource.prototype, 'approve').resolves('ok');
      sandbox.stub(sdk.api.TierConfigRequestResource.prototype, 'fail').rejects(new RangeError('mine'));
      const client = nowhere(sdk);
      const error = await failure(client.tierConfigRequests.fail('TCR-1', 'no'));
      return [await client.requests.approve('PR-1', { a: 1 }), approve.firstCall.args, error.message];
    },
    ['ok', ['PR-1', { a: 1 }], 'mine'],
  ],
  [
    'a stub of a method of every resource',
    async ({ sdk, sandbox }) => {
      sandbox.stub(sdk.GenericResource.prototype, 'get').callsFake(async function get(id) {
        return `${this.baseUri}/${id}`;
      });
      const client = nowhere(sdk);
      return [await client.hubs.get('HB-1'), await client.products.versions('PRD-1').get(2)];
    },
    ['/hubs/HB-1', '/products/PRD-1/versions/2'],
  ],
  [
    'stubs on the instance',
    async (world) => {
      const { sandbox } = world;
      const client = real(world);
      sandbox.stub(client.accounts, 'search').resolves([{ id: 'VA-1' }]);
      sandbox.stub(client.accounts, 'get').rejects(new Error('gone'));
      const error = await failure(client.accounts.get('VA-1'));
      return [await client.accounts.search(), error.message, sent(world)];
    },
    [[{ id: 'VA-1' }], 'gone', []],
  ],
  [
    'an assigned method',
    async (world) => {
      const client = real(world);
      client.requests.approve = async (...args) => args;
      return [await client.requests.approve('PR-1', {}), sent(world)];
    },
    [['PR-1', {}], []],
  ],
  [
    'GenericResource.prototype.fetch is stubbed while search is real',
    async ({ sdk, sandbox }) => {
      const stub = sandbox.stub(sdk.GenericResource.prototype, 'fetch').returns({ json: () => [{ id: 1 }] });
      const found = await nowhere(sdk).accounts.search({ status: 'active' });
      return [found, stub.args];
    },
    [[{ id: 1 }], [['/accounts?status=active']]],
  ],
  [
    'GenericResource.prototype.fetch is stubbed with a promise while create and delete are real',
    async ({ sdk, sandbox }) => {
      const stub = sandbox
        .stub(sdk.GenericResource.prototype, 'fetch')
        .resolves({ json: async () => 'made' });
      const client = nowhere(sdk);
      const body = { a: { b: undefined } };
      const made = await client.assets.create(body);
      const gone = await client.assets.delete('AS-1');
      return [made, gone, stub.args, stub.firstCall.args[1].body === body];
    },
    [
      'made',
      undefined,
      [
        ['/assets', { method: 'POST', body: { a: { b: undefined } } }],
        ['/assets/AS-1', { method: 'DELETE' }],
      ],
      true,
    ],
  ],
  [
    'GenericResource.prototype.fetch rejects with an error of the package',
    async ({ sdk, sandbox }) => {
      const mine = new sdk.APIError(409, '{"error_code":"REQ_005","errors":["e"]}');
      sandbox.stub(sdk.GenericResource.prototype, 'fetch').rejects(mine);
      const error = await failure(nowhere(sdk).requests.approve('PR-1', {}));
      return [error === mine, error instanceof sdk.HttpError, error.status, error.errorCode, error.errors];
    },
    [true, true, 409, 'REQ_005', ['e']],
  ],
  [
    'fetch of one instance is stubbed',
    async (world) => {
      const client = real(world);
      world.sandbox.stub(client.cases, 'fetch').resolves({ json: () => 'mine' });
      return [await client.cases.pend('CA-1'), await client.hubs.get('HB-1'), sent(world)];
    },
    ['mine', { id: 'X-1' }, ['GET /hubs/HB-1']],
  ],
  [
    'client.fetch is stubbed',
    async (world) => {
      const client = real(world);
      const stub = world.sandbox.stub(client, 'fetch').resolves(reply([1]));
      return [await client.products.getItems('PRD-1'), stub.args, sent(world)];
    },
    // The original passes the options on even where there are none.
    [[1], [['/products/PRD-1/items', undefined]], []],
  ],
  [
    'ConnectClient.prototype.fetch is stubbed',
    async ({ sdk, sandbox }) => {
      const stub = sandbox.stub(sdk.ConnectClient.prototype, 'fetch').resolves(reply('no', { status: 404 }));
      const error = await failure(nowhere(sdk).hubs.get('HB-1'));
      return [error.constructor.name, error.status, error.json, stub.callCount];
    },
    ['APIError', 404, 'no', 1],
  ],
  [
    'a getter of the client is stubbed',
    async ({ sdk, sandbox }) => {
      sandbox.stub(sdk.ConnectClient.prototype, 'accounts').get(() => ({ search: async () => 'mine' }));
      return nowhere(sdk).accounts.search();
    },
    'mine',
  ],
  [
    'the field behind a getter is replaced',
    async ({ sdk }) => {
      const client = nowhere(sdk);
      client._accounts = { search: async () => 'mine' };
      return client.accounts.search();
    },
    'mine',
  ],
  [
    'a client without endpoint, key and adapter still has one',
    ({ sdk }) => {
      const client = nowhere(sdk);
      return [client._adapter instanceof sdk.DefaultHttpAdapter, client._endpoint, client._apiKey];
    },
    [true, undefined, undefined],
  ],
  [
    'client._adapter._fetch is replaced',
    async (world) => {
      const client = real(world);
      const calls = [];
      client._adapter._fetch = async (...args) => {
        calls.push(args);
        return reply({ id: 'PR-1' });
      };
      const got = [await client.requests.get('PR-1'), await client.requests.fail('PR-1', 'no')];
      return [got, calls.map(([at, options]) => [at.replace(world.url, 'H'), options]), sent(world)];
    },
    [
      [{ id: 'PR-1' }, { id: 'PR-1' }],
      [
        ['H/requests/PR-1', { headers: { Authorization: KEY } }],
        [
          'H/requests/PR-1/fail',
          {
            method: 'POST',
            headers: { Authorization: KEY, 'Content-Type': JSON_TYPE },
            body: '{"reason":"no"}',
          },
        ],
      ],
      [],
    ],
  ],
  [
    'client._adapter._fetch is replaced and back again',
    async (world) => {
      const client = real(world);
      const { _fetch } = client._adapter;
      client._adapter._fetch = async () => reply('mine');
      const first = await client.hubs.get('HB-1');
      client._adapter._fetch = _fetch;
      return [first, await client.hubs.get('HB-1'), sent(world)];
    },
    ['mine', { id: 'X-1' }, ['GET /hubs/HB-1']],
  ],
  [
    'client._adapter._fetch is stubbed and answers with errors',
    async (world) => {
      const client = real(world);
      const stub = world.sandbox.stub(client._adapter, '_fetch');
      stub.onFirstCall().resolves(reply({ error_code: 'A' }, { status: 400 }));
      stub.onSecondCall().resolves(reply('down', { status: 500, type: 'text/plain' }));
      stub.onThirdCall().rejects(new RangeError('mine'));
      const errors = [];
      for (let i = 0; i < 3; i += 1) errors.push(await failure(client.assets.search()));
      return errors.map((error) => [error.constructor.name, error.status, error.message]);
    },
    [
      ['APIError', 400, '{"error_code":"A"}'],
      ['HttpError', 500, '"down"'],
      ['RangeError', undefined, 'mine'],
    ],
  ],
  [
    'the adapter’s fetch is stubbed',
    async (world) => {
      const client = real(world);
      const stub = world.sandbox.stub(client._adapter, 'fetch').resolves(reply('mine'));
      return [await client.tierAccounts.versions('TA-1').get(1), stub.args, sent(world)];
    },
    ['mine', [['/tier/accounts/TA-1/versions/1', undefined]], []],
  ],
  [
    'prepareRequest is stubbed on the default adapter',
    async (world) => {
      const { sdk, sandbox, url } = world;
      sandbox.stub(sdk.DefaultHttpAdapter.prototype, 'prepareRequest').callsFake((_, options) => ({
        url: `${url}/elsewhere`,
        options: { ...options, method: 'PUT', body: 'text' },
      }));
      await real(world).assets.get('AS-1');
      return [sent(world), keys(world)];
    },
    [['PUT /elsewhere text'], [KEY]],
  ],
  [
    'parseResponse is stubbed on the default adapter',
    async (world) => {
      world.sandbox.stub(world.sdk.DefaultHttpAdapter.prototype, 'parseResponse').returns(reply('mine'));
      return [await real(world).assets.get('AS-1'), sent(world)];
    },
    ['mine', ['GET /assets/AS-1']],
  ],
  [
    'the same id gives the same object',
    ({ sdk }) => {
      const client = nowhere(sdk);
      const of = (make) => {
        const [a, again, b, one, text] = ['A', 'A', 'B', 1, '1'].map(make);
        return [a === again, a === b, one === text];
      };
      return [
        of((id) => client.accounts.users(id)),
        of((id) => client.cases.attachments(id)),
        of((id) => client.cases.settings(id)),
        of((id) => client.conversations.messages(id)),
        of((id) => client.products.actions(id)),
        of((id) => client.products.configurations(id)),
        of((id) => client.products.connections(id)),
        of((id) => client.products.parameters(id)),
        of((id) => client.products.versions(id)),
        of((id) => client.products.versions('A').actions(id)),
        of((id) => client.tierAccounts.versions(id)),
        nowhere(sdk).products.parameters('A') === client.products.parameters('A'),
      ];
    },
    [...Array.from({ length: 11 }, () => [true, false, true]), false],
  ],
  [
    'a method is assigned to what an id gives',
    async (world) => {
      const client = real(world);
      client.products.parameters('PRD').search = async () => 'mine';
      const other = await client.products.parameters('PRD-2').search();
      return [await client.products.parameters('PRD').search(), other, sent(world)];
    },
    ['mine', { id: 'X-1' }, ['GET /products/PRD-2/parameters']],
  ],
  [
    'what an id gives is stubbed',
    async ({ sdk, sandbox }) => {
      const client = nowhere(sdk);
      sandbox.stub(client.products, 'parameters').returns({ search: async () => 'mine' });
      sandbox.stub(client.products.versions('PRD-1'), 'actions').returns({ link: async () => 'link' });
      return [
        await client.products.parameters('PRD').search(),
        await client.products.versions('PRD-1').actions('A').link(),
      ];
    },
    ['mine', 'link'],
  ],
  [
    'what an id gives is stubbed on the prototype',
    async ({ sdk, sandbox }) => {
      const stub = sandbox
        .stub(sdk.api.ProductResource.prototype, 'parameters')
        .returns({ get: () => 'mine' });
      const client = nowhere(sdk);
      return [client.products.parameters('A').get(), client.products.parameters('A').get(), stub.callCount];
    },
    ['mine', 'mine', 1],
  ],
];

module.exports = { stubs };
