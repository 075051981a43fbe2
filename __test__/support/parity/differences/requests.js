'use strict';

/** Arguments, endpoint and options, and the requests that they lead to (A and W of COMPATIBILITY.md). */

const { gzipSync } = require('zlib');
const { KEY, answered, at, get, gives, made, refused } = require('./terms');

module.exports = [
  ...[undefined, null, '', '.', '..', Number.NaN, Number.POSITIVE_INFINITY, {}, true].map((id) => [
    'A1',
    `get with the id ${JSON.stringify(id)} (${id})`,
    (client) => client.assets.get(id),
    {},
    refused(expect.stringMatching(/^get: `id` must be a non-empty string or a number/)),
  ]),
  ...Object.entries({
    update: (client) => client.assets.update(undefined, {}),
    delete: (client) => client.assets.delete(null),
    updateAttributes: (client) => client.billingRequests.updateAttributes('', {}),
    approve: (client) => client.requests.approve(undefined, {}),
    pending: (client) => client.tierConfigRequests.pending(undefined),
    cancel: (client) => client.listingRequests.cancel('..'),
    close: (client) => client.cases.close(undefined, 5),
    createMessage: (client) => client.conversations.createMessage(undefined, 'text'),
    getTemplates: (client) => client.products.getTemplates(),
    link: (client) => client.products.actions('PRD-1').link(undefined, 'AS-1'),
  }).map(([name, call]) => [
    'A1',
    `${name} without an id`,
    call,
    {},
    refused(expect.stringMatching(new RegExp(`^${name}: \`id\` must be a non-empty string or a number`))),
  ]),
  ...[
    ['GET', get, { status: 503, body: 'busy' }],
    ['GET', get, { status: 408, body: 'late' }],
    ['DELETE', (client) => client.webhooks.delete('WH-1'), { status: 502, body: 'busy' }],
    ['POST', (client) => client.assets.create({}), { status: 429, body: 'slower' }],
    ['PUT', (client) => client.assets.update('AS-1', {}), { status: 429, body: 'slower' }],
  ].map(([method, call, answer]) => [
    'W9',
    `${method} answered with ${answer.status} is sent again`,
    call,
    // The original would take options for an adapter.
    {
      ...answered(answer),
      ...made(
        (sdk, url) => new sdk.ConnectClient(url, KEY, sdk.ConnectionError ? { backOff: 1 } : undefined),
      ),
    },
    {
      sent: Array(3).fill(expect.stringMatching(new RegExp(`^${method} `))),
      outcome: { error: 'HttpError', status: answer.status, message: answer.body },
    },
  ]),
  ...Object.entries({
    'accounts.users': (client) => client.accounts.users(undefined).search(),
    'products.versions': (client) => client.products.versions(null).get(1),
    'the actions of a version': (client) => client.products.versions('PRD-1').actions('').get(1),
    'the actions of a version of nothing': (client) => client.products.versions().actions(1).search(),
    'tierAccounts.versions': (client) => client.tierAccounts.versions('.').create({}),
    'cases.attachments': (client) => client.cases.attachments({}).delete('A'),
  }).map(([what, call]) => [
    'A1',
    `${what}, below nothing`,
    call,
    {},
    refused(expect.stringMatching(/^\w+: `(id|version)` must be a non-empty string or a number/)),
  ]),

  ['A2', 'a slash', (client) => client.assets.get('a/b'), {}, gives({ id: 'X-1' }, 'GET /assets/a%2Fb')],
  ['A2', 'a hash', (client) => client.assets.delete('a#b'), {}, gives(undefined, 'DELETE /assets/a%23b')],
  ['A2', 'a query', (client) => client.assets.update('a?b=1', {}), {}, { sent: ['PUT /assets/a%3Fb%3D1'] }],
  [
    'A2',
    'an escape',
    (client) => client.requests.pending('%41'),
    {},
    { sent: ['POST /requests/%2541/pend'] },
  ],
  ['A2', 'a quote', (client) => client.assets.get("it's"), {}, { sent: ["GET /assets/it's"] }],
  [
    'A2',
    'a path for the id of what is above',
    (client) => client.products.versions('A/../B').actions('1?').get('x&y'),
    {},
    { sent: ['GET /products/A%2F..%2FB/versions/1%3F/actions/x%26y'] },
  ],

  ['A3', 'a slash behind the endpoint', get, at((url) => `${url}/`), { sent: ['GET /assets/AS-1'] }],
  [
    'A3',
    'slashes behind its path',
    (client) => client.fetch('/x').then((response) => response.status),
    at((url) => `${url}/v1//`),
    gives(200, 'GET /v1/x'),
  ],

  ...['api.example.com', '', undefined, 'ftp://127.0.0.1', 7].map((endpoint) => [
    'A4',
    `the endpoint ${JSON.stringify(endpoint)}`,
    get,
    { path: 'fast path', ...at(() => endpoint) },
    refused(expect.stringMatching(/endpoint/)),
  ]),
  [
    'A4',
    'a query',
    get,
    { path: 'fast path', ...at((url) => `${url}?a=1`) },
    refused(expect.stringMatching(/endpoint/)),
  ],
  [
    'A4',
    'a user',
    get,
    { path: 'fast path', ...at((url) => url.replace('//', '//u:p@')) },
    refused(expect.stringMatching(/endpoint/)),
  ],
  ...[undefined, null].map((key) => [
    'A4',
    `the key ${key}`,
    get,
    { path: 'fast path', ...made((sdk, url) => new sdk.ConnectClient(url, key)) },
    refused(expect.stringMatching(/apiKey/)),
  ]),

  [
    'A5',
    'options',
    get,
    made((sdk, url) => new sdk.ConnectClient(url, KEY, { timeout: 60000 })),
    gives({ id: 'X-1' }, 'GET /assets/AS-1'),
  ],

  [
    'W1',
    'User-Agent',
    async (client, _sdk, { requests }) => (await get(client)) && requests[0].headers['user-agent'],
    {},
    { outcome: { value: expect.stringMatching(/^cloudblue-connect-native\/\d/) } },
  ],
  [
    'W2',
    'Accept-Encoding',
    async (client, _sdk, { requests }) => (await get(client)) && requests[0].headers['accept-encoding'],
    {},
    { outcome: { value: expect.stringMatching(/^gzip, ?deflate, ?br$/) } },
  ],
  [
    'W4',
    'the headers of a coding that is undone',
    async (client) => {
      const { headers } = await client.fetch('/x');
      return [headers.get('content-encoding'), headers.get('content-length')];
    },
    answered({
      headers: { 'Content-Encoding': 'gzip', 'Content-Length': gzipSync('{}').length },
      body: gzipSync('{}'),
    }),
    { outcome: { value: [null, null] } },
  ],
  [
    'W5',
    'the content type of a GET that was a POST',
    async (client, _sdk, { requests }) => {
      await client.fetch('/x', { method: 'POST', body: {}, redirect: 'follow' });
      return requests.map(({ method, headers }) => [method, headers['content-type']]);
    },
    answered((_request, number) =>
      number === 1 ? { status: 302, headers: { Location: '/y' } } : { json: {} },
    ),
    {
      outcome: {
        value: [
          ['POST', 'application/json'],
          ['GET', undefined],
        ],
      },
    },
  ],
  [
    'W5',
    'a PATCH without a body',
    async (client, _sdk, { requests }) => {
      await client.fetch('/x', { method: 'PATCH' });
      return requests[0].headers['content-length'] === undefined;
    },
    {},
    { outcome: { value: true } },
  ],
  [
    'W8',
    'a key __proto__',
    async (client, _sdk, { requests }) => {
      await client.assets.create(JSON.parse('{"__proto__":{"a":1}}'));
      return requests[0].body;
    },
    {},
    { outcome: { value: '{"__proto__":{"a":1}}' } },
  ],
];
