'use strict';

/**
 * Where the packages are meant to differ: each case names the point of COMPATIBILITY.md, part one, and says what
 * ours does. W3, E9 and E10 need another protocol, minutes or much memory, and M1 other tools: their own tests hold
 * them.
 */

const { gzipSync } = require('zlib');

const { startServer } = require('./server');

const json = { 'Content-Type': 'application/json' };
const KEY = 'ApiKey SU-000-000:test';

/** What is expected of ours: nothing but a refusal of what was asked for. */
const refused = (message) => ({ sent: [], outcome: { error: 'TypeError', message } });
const fails = (error, status, message) => ({ outcome: { error, status, message } });
const gives = (value, ...sent) => ({ sent, outcome: { value } });
const search = (filter) => (client) => client.assets.search(filter);
const sends = (query) => ({ sent: [`GET /assets?${query}`] });
const get = (client) => client.assets.get('AS-1');
const answered = (answer) => ({ answer });
/** The client is made otherwise. */
const made = (make) => ({ make });
const at = (change) => made((sdk, url) => new sdk.ConnectClient(change(url), KEY));

/** `[point, what, (client, sdk, world) => promise, { answer, make, road }, { sent, outcome } of ours]`. */
const DIFFERENCES = [
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
    { road: 'untouched', ...at(() => endpoint) },
    refused(expect.stringMatching(/endpoint/)),
  ]),
  [
    'A4',
    'a query',
    get,
    { road: 'untouched', ...at((url) => `${url}?a=1`) },
    refused(expect.stringMatching(/endpoint/)),
  ],
  [
    'A4',
    'a user',
    get,
    { road: 'untouched', ...at((url) => url.replace('//', '//u:p@')) },
    refused(expect.stringMatching(/endpoint/)),
  ],
  ...[undefined, null].map((key) => [
    'A4',
    `the key ${key}`,
    get,
    { road: 'untouched', ...made((sdk, url) => new sdk.ConnectClient(url, key)) },
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
    'S1',
    'the key is not shown',
    async (client) => [
      Object.keys(client).includes('_apiKey'),
      require('util').inspect(client).includes(KEY),
      client._apiKey,
    ],
    {},
    gives([false, false, KEY]),
  ],
  [
    'S2',
    'the key stays with its origin',
    async (client) => {
      const other = await startServer({ json: [] });
      try {
        // What is asked for is where the server sends us.
        await client.fetch(`/to?${other.url}`);
        return other.requests.map(({ headers }) => headers.authorization);
      } finally {
        await other.close();
      }
    },
    { answer: ({ url }) => ({ status: 307, headers: { Location: url.slice('/to?'.length) } }) },
    { outcome: { value: [undefined] } },
  ],

  [
    'E1',
    'an error without a body',
    get,
    answered({ status: 500, body: '' }),
    fails('HttpError', 500, 'GET /assets/AS-1 was answered with 500 and no body'),
  ],
  [
    'E1',
    '304',
    search({ a: 'b' }),
    answered({ status: 304 }),
    fails('HttpError', 304, 'GET /assets was answered with 304 and no body'),
  ],
  ...['application/json; charset=utf-8', 'Application/JSON', 'application/json;x="y"'].map((type) => [
    'E2',
    type,
    get,
    answered({ status: 400, headers: { 'Content-Type': type }, body: '{"error_code":"A","errors":["b"]}' }),
    { outcome: { error: 'APIError', status: 400, errorCode: 'A', errors: ['b'] } },
  ]),
  [
    'E3',
    'broken JSON',
    get,
    answered({ status: 400, headers: json, body: '{"a"' }),
    fails('HttpError', 400, '{"a"'),
  ],
  [
    'E3',
    'no JSON',
    get,
    answered({ status: 400, headers: json, body: '' }),
    fails('HttpError', 400, expect.stringMatching(/400 and no body$/)),
  ],
  ...[
    ['204', { status: 204 }],
    ['an empty 200', { headers: json, body: '' }],
    ['an empty 201', { status: 201, body: '' }],
  ].flatMap(([what, answer]) =>
    [
      ['get', get, 'GET /assets/AS-1'],
      ['search', search(), 'GET /assets'],
      ['create', (client) => client.assets.create({}), 'POST /assets'],
      ['approve', (client) => client.requests.approve('PR-1', {}), 'POST /requests/PR-1/approve'],
    ].map(([name, call, sent]) => ['E4', `${name}: ${what}`, call, { answer }, gives(undefined, sent)]),
  ),
  [
    'E5',
    'HTML',
    get,
    answered({ headers: { 'Content-Type': 'text/html' }, body: '<html>' }),
    fails('HttpError', 200, expect.stringMatching(/not JSON: <html>$/)),
  ],
  [
    'E5',
    'half of it',
    get,
    answered({ headers: json, body: '{"a":' }),
    fails('HttpError', 200, expect.stringMatching(/not JSON: \{"a":$/)),
  ],
  [
    'E6',
    'the error is null',
    (client) => get(client).catch((error) => [error.json, error.errorCode, error.errors]),
    answered({ status: 400, json: null }),
    gives([null, undefined, undefined], 'GET /assets/AS-1'),
  ],
  [
    'E7',
    'the connection breaks',
    (client) => client.requests.approve('PR-1', {}),
    answered({ raw: (socket) => socket.destroy() }),
    {
      sent: ['POST /requests/PR-1/approve'],
      outcome: { error: 'ConnectionError', type: 'system', code: 'ECONNRESET' },
    },
  ],
  [
    'E7',
    'nobody listens',
    get,
    at(() => 'http://127.0.0.1:1'),
    { outcome: { error: 'ConnectionError', type: 'system', code: 'ECONNREFUSED' } },
  ],
  [
    'E7',
    'no answer in time',
    (client) => client.fetch('/x', { timeout: 50 }),
    answered({ raw: () => undefined }),
    { outcome: { error: 'TimeoutError', type: 'request-timeout' } },
  ],
  ...[
    ['a redirect that is forbidden', { redirect: 'error' }, 'no-redirect'],
    ['more redirects than allowed', { follow: 0 }, 'max-redirect'],
  ].map(([what, options, type]) => [
    'E7',
    what,
    (client) => client.fetch('/x', options),
    answered({ status: 302, headers: { Location: '/y' } }),
    { outcome: { error: 'ConnectionError', type } },
  ]),
  [
    'E8',
    'errors say what was asked',
    (client) =>
      client.assets.search({ a: 'b' }).catch(({ method, path, attempts }) => ({ method, path, attempts })),
    answered({ status: 400, json: {} }),
    gives({ method: 'GET', path: '/assets', attempts: 1 }, 'GET /assets?a=b'),
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
  [
    'E11',
    'a byte order mark',
    get,
    answered({ headers: json, body: '\ufeff{"a":1}' }),
    gives({ a: 1 }, 'GET /assets/AS-1'),
  ],
  [
    'E12',
    'a redirect to another scheme',
    (client) => client.fetch('/x'),
    answered({ status: 302, headers: { Location: 'ftp://127.0.0.1/' } }),
    { outcome: { error: 'ConnectionError', type: 'unsupported-redirect' } },
  ],
  [
    'E15',
    'a redirect that makes a GET of a POST',
    (client) => client.requests.pending('PR-1'),
    answered((_request, number) =>
      number === 1 ? { status: 302, headers: { Location: '/y' } } : { json: {} },
    ),
    { outcome: { error: 'ConnectionError', type: 'unsupported-redirect' } },
  ],
  [
    'R9',
    '$not of a value',
    search({ a: { $not: { $eq: 'x' } }, $not: [{ b: 1 }] }),
    {},
    sends('not(eq(a,x))&not(b=1)'),
  ],
  ['R9', 'a root $or of an object', search({ $or: { a: 1 } }), {}, sends('(a=1)')],
  [
    'R10',
    'inherited keys',
    search(Object.create({ a: 1 }, { b: { value: 2, enumerable: true } })),
    {},
    sends('b=2'),
  ],
  ['R10', 'a number', search(7), {}, refused(expect.stringContaining('filter'))],

  ['R1', '$gte and $lte', search({ a: { $gte: 1, $lte: 'x y' } }), {}, sends('ge(a,1)&le(a,%22x%20y%22)')],
  ['R1', 'within $or', search({ a: { $or: [{ $gte: 1 }, 'b'] } }), {}, sends('((ge(a,1))%7C(a=b))')],
  ['R2', '$range', search({ a: { $range: { min: 1, max: 2 } } }), {}, sends('ge(a,1)&le(a,2)')],
  ['R2', '$range with one end', search({ a: { $range: { max: 2 } } }), {}, sends('le(a,2)')],
  ['R3', '$null', search({ a: { $null: true }, b: { $null: false } }), {}, sends('a=null()&ne(b,null())')],
  [
    'R3',
    '$empty',
    search({ a: { $empty: true }, b: { $empty: false } }),
    {},
    sends('a=empty()&ne(b,empty())'),
  ],
  ['R4', 'a "', search({ a: 'x"y' }), {}, sends('a=%27x%22y%27')],
  ['R4', 'both quotes', search({ a: '"\'' }), {}, refused(expect.stringMatching(/both kinds of quotes/))],
  ['R5', '#', search({ a: 'x#y', b: 1 }), {}, sends('a=%22x%23y%22&b=1')],
  ['R5', '%', search({ a: '100%', b: '%41' }), {}, sends('a=%22100%25%22&b=%22%2541%22')],
  ['R6', 'a Date', search({ a: new Date(0) }), {}, sends('a=1970-01-01T00:00:00.000Z')],
  [
    'R6',
    'a Date in an operator',
    search({ a: { $ge: new Date(0) } }),
    {},
    sends('ge(a,1970-01-01T00:00:00.000Z)'),
  ],
  [
    'R7',
    'an unknown operator',
    search({ a: { $foo: 1 } }),
    {},
    refused(expect.stringMatching(/`a\.\$foo` is not an operator/)),
  ],
  ['R7', 'a string', search('a=b'), {}, refused(expect.stringMatching(/must be an object/))],
  ['R7', 'a list', search([1]), {}, refused(expect.stringMatching(/must be an object/))],
  ['R8', 'a list of values', search({ a: ['x', 'y z'] }), {}, sends('in(a,(x,%22y%20z%22))')],
];

module.exports = { DIFFERENCES };
