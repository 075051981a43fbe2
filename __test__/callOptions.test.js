'use strict';

const { getEventListeners } = require('events');
const sinon = require('sinon');
const sdk = require('..');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { KEY, TRANSPORTS } = require('./support/transports');

// What a caller may say of a single call, behind its documented arguments.

const server = useServer({ json: { id: 'X-1' } });
const sent = (name) => server.requests.map(({ headers }) => headers[name]);

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const client = (options) => connect(server.url, options);
  const HEADERS = [
    ['an object', { 'X-Trace': 'abc', Authorization: 'ApiKey evil' }],
    ['pairs', [['X-Trace', 'abc']]],
    ['Headers', new Headers({ 'X-Trace': 'abc' })],
  ];

  test.each(HEADERS)('headers, as %s', async (_what, headers) => {
    const { assets, usageRecords, products } = client();
    await assets.get('AS-1', { headers });
    await usageRecords.search({ status: 'approved' }, { headers });
    await usageRecords.close('UR-1', 'INV-7', 'note', { headers });
    await products.parameters('PRD-1').create({ a: 1 }, { headers });
    expect(sent('x-trace')).toEqual(['abc', 'abc', 'abc', 'abc']);
    expect(new Set(sent('authorization'))).toEqual(new Set([KEY]));
    expect(server.requests.map(({ body }) => body)).toEqual([
      '',
      '',
      '{"external_billing_id":"INV-7","external_billing_note":"note"}',
      '{"a":1}',
    ]);
    expect(sent('content-type')).toEqual([undefined, undefined, 'application/json', 'application/json']);
  });

  test('headers of an upload, besides those of its form', async () => {
    await client().usageFiles.upload('UF-1', Buffer.from('x'), { headers: { 'X-Trace': 'abc' } });
    expect(sent('x-trace')).toEqual(['abc']);
    expect(sent('content-type')[0]).toMatch(/^multipart\/form-data; boundary=/);
  });

  test.each([
    [{ 'bad name': 'x' }, "'bad name' is not a valid header name"],
    [{ 'X-A': 'a\nb' }, "the value of the header 'X-A' contains a character that is not allowed in a header"],
  ])('headers that cannot be sent are named: %p', async (headers, message) => {
    const error = await failure(client().assets.get('AS-1', { headers }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(message);
    expect(server.requests).toEqual([]);
  });

  test('timeout, of this call only', async () => {
    server.answer = { raw: () => undefined };
    const { assets } = client({ timeout: 60_000 });
    await expect(assets.get('AS-1', { timeout: 50 })).rejects.toThrow(
      'timed out after 0.05 s without a complete response',
    );
    server.answer = { json: {} };
    expect(await assets.get('AS-1')).toEqual({});
  });

  test('a signal: its reason, and no listener left', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const listeners = () => getEventListeners(signal, 'abort').length;
    const { assets } = client();
    await assets.get('AS-1', { signal });
    expect(listeners()).toBe(0);
    server.answer = { raw: () => controller.abort(reason) };
    const reason = { any: 'value' };
    await expect(assets.get('AS-1', { signal })).rejects.toBe(reason);
    expect(listeners()).toBe(0);
    // Called off already: nothing is sent.
    server.requests.splice(0);
    await expect(assets.create({}, { signal })).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });

  test('many calls with one signal are one listener, and each is called off', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { assets } = client();
    server.answer = { raw: () => undefined };
    const pending = Array.from({ length: 30 }, (_, at) =>
      assets.get(`AS-${at}`, { signal }).catch((error) => error),
    );
    // All of them: one that arrived later would be taken for another test's.
    while (server.requests.length < 30) await new Promise((resolve) => setImmediate(resolve));
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    controller.abort('enough');
    expect(await Promise.all(pending)).toEqual(Array(30).fill('enough'));
    expect(getEventListeners(signal, 'abort').length).toBe(0);
  });

  test('a signal drops the connection', async () => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => {
      server.answer = {
        raw: (socket) => {
          socket.once('close', resolve);
          controller.abort();
        },
      };
    });
    await expect(client().assets.get('AS-1', { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await closed;
  });

  test.each([
    [
      { timeout: 0 },
      'get: the option timeout must be a number of milliseconds above 0 and at most 2147483647 (24 days); got 0',
    ],
    [
      { timeout: '5' },
      "get: the option timeout must be a number of milliseconds above 0 and at most 2147483647 (24 days); got '5'",
    ],
    [
      { timeout: Infinity },
      'get: the option timeout must be a number of milliseconds above 0 and at most 2147483647 (24 days); got Infinity',
    ],
    [
      { headers: { 'Content-Length': '5' } },
      "get: the header 'Content-Length' is set by the SDK and cannot be overridden",
    ],
    [{ maxRetries: -1 }, 'get: the option maxRetries must be a whole number of at least 0; got -1'],
    [{ signal: {} }, 'get: the option signal must be an AbortSignal; got an object'],
    [
      { headers: 'a' },
      "get: the option headers must be an object of header names and values, or a Headers object; got 'a'",
    ],
    [
      { timeout: 5, retries: 1 },
      "get: unknown option 'retries' for a call; known options: signal, timeout, maxRetries, headers",
    ],
    [
      { timeout: 5, to: 'x' },
      "get: unknown option 'to' for a call; known options: signal, timeout, maxRetries, headers",
    ],
  ])('%p is refused', async (call, message) => {
    const error = await failure(client().assets.get('AS-1', call));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(message);
    expect(server.requests).toEqual([]);
  });

  test('anything else there is ignored, as in the original', async () => {
    const { assets } = client();
    await Promise.all(['AS-1', 'AS-2'].map(assets.get, assets));
    await assets.get('AS-3', null);
    await assets.get('AS-4', { id: 'AS-9' });
    await assets.get(
      'AS-5',
      new (class Mine {
        timeout = 1;
      })(),
    );
    await assets.get('AS-6', { signal: undefined, timeout: null });
    expect(server.requests.map(({ url }) => url).sort()).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => `/assets/AS-${n}`),
    );
  });

  test('closeRecords takes them behind its documented arguments, or behind a list', async () => {
    server.answer = { json: [] };
    const { usageRecords } = client();
    const call = { headers: { 'X-Trace': 'abc' } };
    await usageRecords.closeRecords('UF-1', 'UR-1', 'INV-7', 'note', call);
    await usageRecords.closeRecords([{ id: 'UR-1', externalBillingId: 'INV-7' }], call);
    expect(sent('x-trace')).toEqual(['abc', 'abc']);
  });

  test('a list hands them to each of its pages', async () => {
    server.answer = { json: [{ id: 1 }], headers: { 'Content-Range': 'items 0-0/1' } };
    const call = { headers: { 'X-Trace': 'abc' }, timeout: 60_000, maxRetries: 0 };
    const list = client().assets.list({}, call);
    await list.toArray();
    await list.first();
    await list.snapshot('id').count();
    expect(sent('x-trace')).toEqual(['abc', 'abc', 'abc']);
  });
});

describe('the operation classes', () => {
  const OPS = ['Fulfillment', 'Directory', 'Inventory', 'Subscriptions', 'Listings'];
  const methods = OPS.flatMap((name) =>
    Object.getOwnPropertyNames(sdk[name].prototype)
      .filter((method) => method !== 'constructor')
      .map((method) => [name, method]),
  );

  test.each(methods)(
    '%s.%s forwards the options of a call when they are given, and nothing else',
    async (name, method) => {
      server.answer = { json: [{ id: 'X-1', scope: 'asset' }] };
      const ops = new sdk[name](new sdk.ConnectClient(server.url, KEY));
      const call = { headers: { 'X-Trace': 'abc' } };
      const args = Array.from({ length: ops[method].length }, (_, at) => (at === 0 ? 'X-1' : { id: 'X-2' }));
      if (/^(search|create)/.test(method) && !/Parameters$/.test(method)) args[0] = { name: 'x' };
      if (/Version$|Link$|^getAssetsBy|^getConnectionId/.test(method)) args.fill('X-1');
      await ops[method](...args, call);
      expect(server.requests.length).toBeGreaterThan(0);
      expect(new Set(sent('x-trace'))).toEqual(new Set(['abc']));

      // Without them, whoever stubs a resource sees exactly the arguments of the original.
      const stub = sinon.stub(sdk.GenericResource.prototype, 'fetch').resolves({ json: async () => [] });
      try {
        await ops[method](...args, 7, 'more');
        for (const [, options] of stub.args) expect(Object.keys(options || {})).not.toContain('headers');
      } finally {
        stub.restore();
      }
    },
  );
});
