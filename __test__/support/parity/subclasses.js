'use strict';

/** Subclasses of resources and clients, resources with other clients, and errors; see world.js. */

const { KEY, sent, keys, nowhere, real, reply } = require('./world');

const subclasses = [
  [
    'a subclass overrides what an id gives',
    ({ sdk }) => {
      class Products extends sdk.api.ProductResource {
        parameters(id) {
          return { id, path: this.baseUri };
        }
      }
      const products = new Products(nowhere(sdk));
      const [first, second] = [products.parameters('A'), products.parameters('A')];
      return [first, first === second];
    },
    [{ id: 'A', path: '/products' }, true],
  ],
  [
    'a subclass overrides baseUri',
    async (world) => {
      class Mine extends world.sdk.GenericResource {
        get baseUri() {
          return `${super.baseUri}/mine`;
        }
      }
      const mine = new Mine(real(world), '/path');
      await mine.get(1);
      await mine.create({ a: 1 });
      await mine.update(1, 'x');
      await mine.delete(1);
      await mine.search({ a: 'b' });
      return sent(world);
    },
    [
      'GET /path/mine/1',
      'POST /path/mine {"a":1}',
      'PUT /path/mine/1 x',
      'DELETE /path/mine/1',
      'GET /path/mine?a=b',
    ],
  ],
  [
    'a subclass of a resource overrides baseUri',
    async (world) => {
      class Mine extends world.sdk.api.RequestResource {
        get baseUri() {
          return '/v2/requests';
        }
      }
      const mine = new Mine(real(world));
      await mine.approve('PR-1', { a: 1 });
      await mine.pending('PR-1');
      return sent(world);
    },
    ['POST /v2/requests/PR-1/approve {"a":1}', 'POST /v2/requests/PR-1/pend'],
  ],
  [
    'a changed baseUri reaches what an id gives',
    async (world) => {
      const client = real(world);
      for (const name of ['products', 'conversations', 'cases']) client[name]._baseUri = '/moved';
      await client.products.versions('A').actions('1').link('B', 'AS-1');
      await client.conversations.messages('CO-1').search();
      await client.conversations.getConversationsByObjectId('PR-1');
      await client.cases.close('CA-1', 5, 'fine');
      return sent(world);
    },
    [
      'GET /moved/A/versions/1/actions/B/actionLink?asset_id=AS-1',
      'GET /moved/CO-1/messages',
      'GET /moved?instance_id=PR-1',
      'POST /moved/CA-1/close {"rating":5,"feedback":"fine"}',
    ],
  ],
  [
    'a subclass adds methods that call fetch',
    async (world) => {
      class Mine extends world.sdk.GenericResource {
        async act(id) {
          const response = await this.fetch(`${this.baseUri}/${id}/act`, { method: 'POST', body: { b: 1 } });
          return [response.status, await response.json()];
        }
      }
      return [await new Mine(real(world), '/mine').act(1), sent(world)];
    },
    [[200, { id: 'X-1' }], ['POST /mine/1/act {"b":1}']],
  ],
  [
    'a subclass overrides search and calls it',
    async (world) => {
      class Mine extends world.sdk.api.AssetResource {
        async search(filters) {
          return [await super.search({ ...filters, limit: 1 })];
        }
      }
      return [await new Mine(real(world)).search({ a: 'b' }), sent(world)];
    },
    [[{ id: 'X-1' }], ['GET /assets?a=b&limit=1']],
  ],
  [
    'a subclass overrides fetch',
    async (world) => {
      class Mine extends world.sdk.api.HubResource {
        async fetch(url, options) {
          return super.fetch(`${url}?mine`, options);
        }
      }
      return [await new Mine(real(world)).get('H'), sent(world)];
    },
    [{ id: 'X-1' }, ['GET /hubs/H?mine']],
  ],
  [
    'a subclass of the client',
    async (world) => {
      class Mine extends world.sdk.ConnectClient {
        async fetch(url, options) {
          return super.fetch(`/mine${url}`, options);
        }

        get reports() {
          return new world.sdk.GenericResource(this, '/reporting/reports');
        }
      }
      const client = new Mine(world.url, KEY);
      await client.reports.get(1);
      await client.accounts.users('VA-1').search();
      return [sent(world), keys(world)];
    },
    [
      ['GET /mine/reporting/reports/1', 'GET /mine/accounts/VA-1/users'],
      [KEY, KEY],
    ],
  ],
  [
    'a resource of a client that is a plain object',
    async ({ sdk }) => {
      const calls = [];
      const client = { fetch: async (...args) => calls.push(args) && reply('mine') };
      const resource = new sdk.api.ConversationResource(client);
      return [
        await resource.messages('CO-1').create({ text: 'a' }),
        await resource.createMessage(1, 'b'),
        calls,
      ];
    },
    [
      'mine',
      'mine',
      [
        ['/conversations/CO-1/messages', { method: 'POST', body: { text: 'a' } }],
        ['/conversations/1/messages', { method: 'POST', body: { text: 'b' } }],
      ],
    ],
  ],
  [
    'methods are called without their arguments’ order being lost: map, bind, all',
    async (world) => {
      const client = real(world);
      const get = client.hubs.get.bind(client.hubs);
      await Promise.all([get('A')]);
      for (const id of ['B', 'C']) await client.hubs.get.call(client.assets, id);
      return sent(world);
    },
    ['GET /hubs/A', 'GET /assets/B', 'GET /assets/C'],
  ],
  [
    'errors are distinguished by their class',
    ({ sdk }) => {
      const error = new sdk.APIError(400, '{"error_code":"A","errors":["b"]}');
      const plain = new sdk.HttpError(500, 'down');
      return [
        [error instanceof sdk.APIError, error instanceof sdk.HttpError, error instanceof Error, error.name],
        [plain instanceof sdk.APIError, plain instanceof sdk.HttpError, plain.status, plain.message],
        [error.json, error._json, error.message, `${error}`, Object.keys(error)],
      ];
    },
    [
      [true, true, true, 'Error'],
      [false, true, 500, 'down'],
      [
        { error_code: 'A', errors: ['b'] },
        { error_code: 'A', errors: ['b'] },
        '{"error_code":"A","errors":["b"]}',
        'Error: {"error_code":"A","errors":["b"]}',
        ['status', '_json'],
      ],
    ],
  ],
];

module.exports = { subclasses };
