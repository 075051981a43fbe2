'use strict';

/** Answers of a server, and options of `client.fetch`, that both packages must treat alike. */

const { gzipSync } = require('zlib');

const json = { 'Content-Type': 'application/json' };
const text = { 'Content-Type': 'text/plain' };

/** Successes that have a value. */
const values = {
  'an object': { json: { id: 'X-1', nested: { list: [1, null] } } },
  'an empty object': { json: {} },
  'an array': { json: [{ id: 1 }, { id: 2 }] },
  'an empty array': { json: [] },
  'a string': { json: 'té"xt 😀' },
  'a number': { json: -1.5e-7 },
  zero: { json: 0 },
  true: { json: true },
  false: { json: false },
  null: { json: null },
  'an empty string of JSON': { json: '' },
  'numbers at the edge': { headers: json, body: '[1e400,-0,9007199254740993,0.1]' },
  'keys at the edge': { headers: json, body: '{"2":1,"1":2,"a":3,"a":4,"__proto__":{"x":1}}' },
  'white space around': { headers: json, body: ' \r\n\t[1]\n' },
  'escapes and lone surrogates': { headers: json, body: '"\\u0000\\ud800\\/"' },
  'bytes that are no text': { headers: json, body: Buffer.from([0x22, 0xff, 0x22]) },
  'JSON called text': { headers: text, body: '{"a":1}' },
  'JSON without a type': { body: '{"a":1}' },
  'JSON with a charset': {
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: '{"a":"é"}',
  },
  'JSON of an unknown coding': { headers: { ...json, 'Content-Encoding': 'identity' }, body: '[1]' },
  gzip: { headers: { ...json, 'Content-Encoding': 'gzip' }, body: gzipSync('{"a":"é"}') },
  201: { status: 201, json: { id: 'X-2' } },
  202: { status: 202, json: { id: 'X-2' } },
  206: { status: 206, json: [{ id: 1 }], headers: { 'Content-Range': 'items 0-0/10' } },
  207: { status: 207, json: [1] },
};

/** Successes without a value: an error in the original if a method resolves to one (E4). */
const nothings = {
  204: { status: 204 },
  205: { status: 205 },
  'an empty 200': { body: '' },
  'an empty 202': { status: 202, body: '' },
  'text with 200': { headers: text, body: 'accepted' },
  'HTML with 200': { headers: { 'Content-Type': 'text/html' }, body: '<html>' },
  'broken JSON': { headers: json, body: '{"a":' },
};

/** Errors: all have a body (E1); one of JSON is complete (E3), and has the exact content type (E2). */
const refusals = {
  '400 with one error': { status: 400, json: { error_code: 'VAL_001', errors: ['asset: required.'] } },
  '400 with errors and more': {
    status: 400,
    json: { error_code: 'REQ_003', errors: ['one', { two: ['é'] }], params: { a: 1 } },
  },
  '400 with other keys': { status: 400, json: { detail: 'no' } },
  '400 with an array': { status: 400, json: ['no'] },
  '400 with a string': { status: 400, json: 'no' },
  '400 with a number': { status: 400, json: 0 },
  '400 with false': { status: 400, json: false },
  '400 with spaces in the JSON': {
    status: 400,
    headers: json,
    body: '{ "error_code" : "A",\n "errors": null }',
  },
  '400 of another type of JSON': {
    status: 400,
    headers: { 'Content-Type': 'application/problem+json' },
    body: '{"error_code":"A"}',
  },
  '400 with text': { status: 400, headers: text, body: 'Bad Request' },
  '401 with an error': {
    status: 401,
    json: { error_code: 'AUTH_001', errors: ['API request is unauthorized.'] },
  },
  '403 with JSON called text': { status: 403, headers: text, body: '{"error_code":"A"}' },
  '404 with HTML': { status: 404, headers: { 'Content-Type': 'text/html' }, body: '<h1>Nöt found</h1>' },
  '404 without a type': { status: 404, body: 'Not found' },
  '409 with an error': { status: 409, json: { error_code: 'REQ_005', errors: [] } },
  '422 with gzip': {
    status: 422,
    headers: { ...json, 'Content-Encoding': 'gzip' },
    body: gzipSync('{"error_code":"Z"}'),
  },
  '429 with a time to wait': {
    status: 429,
    headers: { ...text, 'Retry-After': '1' },
    body: 'Too many requests',
  },
  '500 with text': { status: 500, headers: text, body: 'Internal Server Error' },
  '500 with an error': { status: 500, json: { error_code: 'SYS', errors: ['x'] } },
  '502 with HTML': { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<html>\r\n' },
  '503 with text': { status: 503, headers: { ...text, 'Retry-After': '0' }, body: 'busy' },
  '300 with text': { status: 300, headers: text, body: 'choices' },
};

/** Redirects within the server: the second request gets a value. */
const redirectWith = (status, target) => (_request, count) =>
  count === 1
    ? { status, headers: { ...text, Location: target }, body: 'moved' }
    : { json: { followed: true } };
const redirects = Object.fromEntries(
  [301, 302, 303, 307, 308].flatMap((status) => [
    [`${status} to a path`, redirectWith(status, '/there?a=1')],
    [`${status} to a relative path`, redirectWith(status, 'there')],
  ]),
);

/** Options of `client.fetch`: `[what, options, path]`. */
const fetches = [
  ['no options', () => undefined],
  ['empty options', () => ({})],
  ['null for options', () => null],
  ['a method in lower case', () => ({ method: 'put', body: { a: 1 } })],
  ['a method in mixed case', () => ({ method: 'dElEtE' })],
  ['patch', () => ({ method: 'PATCH', body: [1] })],
  ['OPTIONS', () => ({ method: 'OPTIONS' })],
  ['HEAD', () => ({ method: 'HEAD' })],
  ['POST without a body', () => ({ method: 'POST' })],
  ['DELETE with a body', () => ({ method: 'DELETE', body: { a: 1 } })],
  ['GET with a body', () => ({ body: { a: 1 } })],
  ['GET with an empty body', () => ({ body: '' })],
  ['HEAD with a body', () => ({ method: 'HEAD', body: 'x' })],
  ['headers of the caller', () => ({ headers: { 'X-One': 'a', Accept: 'text/csv' } })],
  ['a type of the caller', () => ({ method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: 'a,b' })],
  [
    'a type of the caller, and an object',
    () => ({ method: 'POST', headers: { 'Content-Type': 'a/b' }, body: {} }),
  ],
  ['an own Authorization', () => ({ headers: { Authorization: 'ApiKey mine' } })],
  ['numbers and booleans as headers', () => ({ headers: { Accept: 1, 'Content-Type': true } })],
  ['an own Content-Length', () => ({ method: 'POST', headers: { 'Content-Length': '2' }, body: 'ab' })],
  ['undefined options', () => ({ method: undefined, headers: undefined, body: undefined })],
  ['unknown options', () => ({ foo: 1, nested: { a: [] } })],
  ["redirect: 'manual'", () => ({ redirect: 'manual' })],
  ['compress: false', () => ({ compress: false })],
  ['a timeout that is not reached', () => ({ timeout: 60000 })],
  ['a size that is not reached', () => ({ size: 1 << 20 })],
  ['a body and a query', () => ({ method: 'POST', body: { a: [undefined] } }), '/requests?a=1&b=(c,d)'],
  [
    'a filter in the path',
    () => undefined,
    '/requests?in(id,(A,B))&a="b c"&like(n,*x*)&ordering(-id)&x=\'y\'',
  ],
  ['letters beyond ASCII in the path', () => undefined, '/é/漢?q=ü😀'],
  ['escapes in the path', () => undefined, '/a%20b%2Fc?x=%22%zz'],
  ['dots in the path', () => undefined, '/a/./b/../c//d/'],
  ['blanks in the path', () => undefined, '/a b?c d'],
  ['an empty path', () => undefined, ''],
  ['only a query', () => undefined, '?a=1'],
  ['an empty query', () => undefined, '/a?'],
  ['line breaks in the path', () => undefined, '/a\nb?c\td'],
  ['a backslash', () => undefined, '/a\\b?c\\d'],
  ['brackets, bars and carets', () => undefined, '/[a]{b}?[c]'],
];

/** What a response consists of. */
async function read(pending, endpoint) {
  const response = await pending;
  const { ok, status, statusText, url, headers } = response;
  return {
    ok,
    status,
    statusText,
    url: url.replace(endpoint, ''),
    type: headers.get('Content-Type'),
    one: headers.get('x-one'),
    body: await response.text(),
    options: response.options,
  };
}

module.exports = { fetches, nothings, read, redirects, refusals, values };
