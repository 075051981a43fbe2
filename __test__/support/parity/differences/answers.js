'use strict';

/** The key, and the values and errors that answers lead to (S and E of COMPATIBILITY.md). */

const { startServer } = require('../../server');
const { KEY, answered, at, fails, get, gives, search } = require('./terms');

const json = { 'Content-Type': 'application/json' };

module.exports = [
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
        // What is sent for is where the server sends us.
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
    fails('HttpError', 500, 'GET /assets/AS-1 returned status 500 with no body'),
  ],
  [
    'E1',
    '304',
    search({ a: 'b' }),
    answered({ status: 304 }),
    fails('HttpError', 304, 'GET /assets returned status 304 with no body'),
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
    fails('HttpError', 400, expect.stringMatching(/400 with no body$/)),
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
    'errors say what was sent',
    (client) =>
      client.assets.search({ a: 'b' }).catch(({ method, path, attempts }) => ({ method, path, attempts })),
    answered({ status: 400, json: {} }),
    gives({ method: 'GET', path: '/assets', attempts: 1 }, 'GET /assets?a=b'),
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
];
