'use strict';

/** What calls send, and what they resolve to: alike for every transport, and for clients that are customised. */

const { APIError, ConnectClient, HttpError, UsageRecordResource } = require('..');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { KEY, TRANSPORTS_AND_FETCH } = require('./support/transports');

const server = useServer({ json: { id: 'UR-1' } });

const CLIENTS = {
  ...TRANSPORTS_AND_FETCH,
  'a replaced adapter._fetch': (url) => {
    const client = new ConnectClient(url, KEY);
    const send = client._adapter._fetch;
    client._adapter._fetch = (...args) => send(...args);
    return client;
  },
  'a replaced client.fetch': (url) => {
    const client = new ConnectClient(url, KEY);
    client.fetch = (...args) => ConnectClient.prototype.fetch.apply(client, args);
    return client;
  },
};

// [name, call, verb, path, body]
const calls = [
  [
    'close',
    (r) => r.close('UR-1', 'INV-7', 'January'),
    'POST',
    '/usage/records/UR-1/close',
    '{"external_billing_id":"INV-7","external_billing_note":"January"}',
  ],
  [
    'close without a note',
    (r) => r.close('UR-1', 'INV-7'),
    'POST',
    '/usage/records/UR-1/close',
    '{"external_billing_id":"INV-7"}',
  ],
  [
    'close with null',
    (r) => r.close('UR-1', null, null),
    'POST',
    '/usage/records/UR-1/close',
    '{"external_billing_id":null,"external_billing_note":null}',
  ],
  ['close with nothing', (r) => r.close('UR-1'), 'POST', '/usage/records/UR-1/close', '{}'],
  [
    'close with values',
    (r) => r.close('UR-1', 7, { a: [undefined, NaN, new Date(0)] }),
    'POST',
    '/usage/records/UR-1/close',
    '{"external_billing_id":7,"external_billing_note":{"a":[null,null,"1970-01-01T00:00:00.000Z"]}}',
  ],
  [
    'close with odd text',
    (r) => r.close('UR-1', 'é"\\\n\u2028漢😀', '\ud800'),
    'POST',
    '/usage/records/UR-1/close',
    JSON.stringify({ external_billing_id: 'é"\\\n\u2028漢😀', external_billing_note: '\ud800' }),
  ],
  [
    'closeRecords',
    (r) => r.closeRecords('UF-1', 'UR-1', 'INV-7', 'January'),
    'POST',
    '/usage/records/UF-1/close-records',
    '{"id":"UR-1","external_billing_id":"INV-7","external_billing_note":"January"}',
  ],
  ['get', (r) => r.get('UR-1'), 'GET', '/usage/records/UR-1', ''],
  ['get by number', (r) => r.get(0), 'GET', '/usage/records/0', ''],
  ['get by bigint', (r) => r.get(12n), 'GET', '/usage/records/12', ''],
  ['get by an odd id', (r) => r.get('a/b?c#d é'), 'GET', '/usage/records/a%2Fb%3Fc%23d%20%C3%A9', ''],
  ['create', (r) => r.create({ b: 1, a: undefined }), 'POST', '/usage/records', '{"b":1}'],
  ['create of a list', (r) => r.create([1]), 'POST', '/usage/records', '[1]'],
  ['create of nothing', (r) => r.create(), 'POST', '/usage/records', ''],
  ['create of text', (r) => r.create('text'), 'POST', '/usage/records', 'text'],
  ['create of bytes', (r) => r.create(Buffer.from('bytes')), 'POST', '/usage/records', 'bytes'],
  ['create of null', (r) => r.create(null), 'POST', '/usage/records', ''],
  ['create of a number', (r) => r.create(0), 'POST', '/usage/records', '0'],
  ['create of a form', (r) => r.create(new URLSearchParams('a=b c')), 'POST', '/usage/records', 'a=b+c'],
  [
    'create of an array buffer',
    (r) => r.create(new Uint8Array([65, 66]).buffer),
    'POST',
    '/usage/records',
    'AB',
  ],
  ['create of a blob', (r) => r.create(new Blob(['blob'])), 'POST', '/usage/records', 'blob'],
  [
    'create of a class',
    (r) =>
      r.create(
        new (class A {
          constructor() {
            this.a = 1;
          }
        })(),
      ),
    'POST',
    '/usage/records',
    '{"a":1}',
  ],
  ['create of toJSON', (r) => r.create({ a: { toJSON: () => 'b' } }), 'POST', '/usage/records', '{"a":"b"}'],
  [
    'update',
    (r) => r.update('UR-1', { status: 'valid' }),
    'PUT',
    '/usage/records/UR-1',
    '{"status":"valid"}',
  ],
  ['delete', (r) => r.delete('UR-1'), 'DELETE', '/usage/records/UR-1', ''],
  ['search', (r) => r.search(), 'GET', '/usage/records', ''],
  [
    'search by a filter',
    (r) => r.search({ status: { $in: ['approved', 'x y'] }, limit: 5 }),
    'GET',
    '/usage/records?in(status,(approved,%22x%20y%22))&limit=5',
    '',
  ],
];

describe.each(Object.entries(CLIENTS))('over %s', (name, connect) => {
  const makeClient = () => connect(server.url);

  test.each(calls)('%s', async (what, call, verb, path, body) => {
    const value = await call(new UsageRecordResource(makeClient()));
    expect(value).toEqual(what === 'delete' ? undefined : { id: 'UR-1' });
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect([request.method, request.url, request.body]).toEqual([verb, path, body]);
    const { authorization, 'content-type': type, 'content-length': length } = request.headers;
    expect(authorization).toBe(KEY);
    if (/^[{[]/.test(body)) expect(type).toBe('application/json');
    if (body === 'text') expect(type).toBe('text/plain;charset=UTF-8');
    if (body === '' && verb !== 'GET' && verb !== 'DELETE') expect([type, length]).toEqual([undefined, '0']);
    if (name === 'the engine' || name === 'a hook') {
      expect(request.headers['user-agent']).toBe(
        `cloudblue-connect-native/${require('../package.json').version}`,
      );
    }
  });

  test.each([
    [undefined],
    [null],
    [''],
    ['.'],
    ['..'],
    [{}],
    [[]],
    [NaN],
    [Infinity],
    [true],
    [Symbol('id')],
    [() => 1],
  ])('an id %p is refused by name, and nothing is sent', async (id) => {
    const records = makeClient().usageRecords;
    for (const call of [
      () => records.close(id, 'INV-7'),
      () => records.get(id),
      () => records.delete(id),
      () => records.update(id, {}),
    ]) {
      const refusal = call();
      expect(refusal).toBeInstanceOf(Promise);
      await expect(refusal).rejects.toBeInstanceOf(TypeError);
      await expect(refusal).rejects.toThrow(/^(close|get|delete|update): `id` must be .*; got /);
    }
    expect(server.requests).toHaveLength(0);
  });

  test('an API error has its class and says what it is about', async () => {
    server.answer = { status: 400, json: { error_code: 'VAL_001', errors: ['no'] } };
    const error = await failure(makeClient().usageRecords.search({ email: 'secret@x' }));
    expect(error).toBeInstanceOf(APIError);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({
      status: 400,
      errorCode: 'VAL_001',
      errors: ['no'],
      method: 'GET',
      path: '/usage/records',
    });
    expect(error.message).toBe('{"error_code":"VAL_001","errors":["no"]}');
    expect(error.stack).toContain('usageRecords.test.js');
    expect(error.stack).not.toContain('secret@x');
  });

  test('what the caller’s own code throws is what a call rejects with', async () => {
    const mine = new RangeError('mine');
    const body = {
      toJSON() {
        throw mine;
      },
    };
    await expect(makeClient().usageRecords.create(body)).rejects.toBe(mine);
    const circle = {};
    circle.circle = circle;
    await expect(makeClient().usageRecords.create(circle)).rejects.toBeInstanceOf(TypeError);
    await expect(makeClient().usageRecords.create({ big: 1n })).rejects.toBeInstanceOf(TypeError);
    expect(server.requests).toHaveLength(0);
  });

  test('arguments beyond the documented ones are ignored', async () => {
    const records = makeClient().usageRecords;
    expect(await Promise.all(['UR-1', 'UR-2'].map(records.get, records))).toHaveLength(2);
  });
});

test('only a customised client takes the JavaScript pipeline', async () => {
  // Node's http writes the headers that it adds with a capital, the engine in lower case.
  await CLIENTS['the engine'](server.url).usageRecords.close('UR-1');
  await CLIENTS['an agent'](server.url).usageRecords.close('UR-1');
  const [engine, node] = server.requests.map(({ rawHeaders }) =>
    rawHeaders.filter((_, index) => index % 2 === 0),
  );
  expect(engine).toContain('host');
  expect(node).toContain('Host');
  // The fast path makes no response object that a hook could see.
  const hooked = CLIENTS['a hook'](server.url);
  const seen = [];
  hooked.addAfterResponseHook((response) => {
    seen.push(response.status);
    return response;
  });
  await hooked.usageRecords.close('UR-1');
  expect(seen).toEqual([200]);
});

/** Around the length up to which an id is read in one go, with characters that do not end there. */
const LENGTHS = [...Array.from({ length: 14 }, (_, more) => 118 + more), 300];

test.each([
  ['one byte', 'a'],
  ['two bytes', 'é'],
  ['three bytes', '€'],
  ['four bytes', '😀'],
])('ids of any length arrive whole: characters of %s', async (_, character) => {
  const records = CLIENTS['the engine'](server.url).usageRecords;
  for (const length of LENGTHS) {
    for (const before of ['', 'a', 'aa', 'aaa']) {
      const size = Buffer.byteLength(character);
      const id = before + character.repeat(Math.ceil(length / size));
      await records.get(id);
      expect(server.requests.pop().url).toBe(`/usage/records/${encodeURIComponent(id)}`);
    }
  }
});
