'use strict';

const { ConnectClient, DefaultHttpAdapter } = require('..');
const { adapterThatThrows, auditEnd, thrower, useRun } = require('./support/bulk');
const { KEY } = require('./support/transports');

// A custom adapter may send and then fail in many ways: whatever it throws or returns, the report of a run is true.

const { clientWith, closeMany, start } = useRun();

describe('an error that was thrown elsewhere before anything was sent', () => {
  const thrown = new Error('mine');

  test('by a hook of another run', async () => {
    const server = await start();
    const other = clientWith();
    other.addBeforeRequestHook(() => {
      throw thrown;
    });
    await closeMany(other);
    const { error } = await closeMany(clientWith(adapterThatThrows(thrown)));
    expect(error).toBe(thrown);
    expect(server.closedIds).toHaveLength(10);
    auditEnd(server, error.report);
  });

  test.each([
    ['a hook that throws', (client) => client.addBeforeRequestHook(thrower(new Error('mine')))],
    ['no server', (client) => Object.assign(client, { _endpoint: 'http://127.0.0.1:1' })],
    ['no such host', (client) => Object.assign(client, { _endpoint: 'http://nowhere.invalid' })],
    ['no adapter', (client) => Object.assign(client, { _adapter: {} })],
  ])('by a call that an adapter makes after it has sent (%s)', async (_what, breakClient) => {
    const server = await start();
    const audits = new ConnectClient(server.url, KEY, { maxRetries: 0 });
    breakClient(audits);
    const adapter = new DefaultHttpAdapter();
    const send = adapter.fetch;
    adapter.fetch = async function fetch(url, options) {
      const response = await send.call(this, url, options);
      await audits.fetch('/audit');
      return response;
    };
    const { report } = await closeMany(clientWith(adapter), { maxTries: 2 });
    expect(server.closedIds.length).toBeGreaterThan(0);
    auditEnd(server, report);
    for (const id of server.closedIds) expect(server.closures(id)).toBe(1);
  });
});

/** An adapter that sends all requests, and then replaces the responses of those that close. */
function adapterThatReturns(result) {
  const adapter = new DefaultHttpAdapter();
  const send = adapter.fetch;
  adapter.fetch = async function fetch(url, options) {
    const response = await send.call(this, url, options);
    return options.method === 'POST' ? result(response) : response;
  };
  return adapter;
}

test.each([
  ['nothing', () => undefined],
  ['a number', () => 7],
  ['no response', () => ({})],
  [
    'a body that throws',
    () => ({
      ok: true,
      status: 206,
      text: async () => {
        throw new Error('mine');
      },
    }),
  ],
])('the report is true if an adapter sends, and returns %s', async (_what, result) => {
  const server = await start();
  const { report } = await closeMany(clientWith(adapterThatReturns(result)));
  expect(server.closedIds.length).toBeGreaterThan(0);
  auditEnd(server, report);
});

test.each([
  ['a text', '200'],
  ['null', null],
  ['an object', {}],
  ['a bigint', 200n],
])('the report is true if an adapter sends, and returns a status that is %s', async (_what, status) => {
  const server = await start();
  const adapter = adapterThatReturns(({ headers }) => ({
    ok: false,
    status,
    headers,
    text: async () => 'no',
  }));
  const { error, report } = await closeMany(clientWith(adapter));
  expect(server.closedIds.length).toBeGreaterThan(0);
  auditEnd(server, report);
  expect(error).not.toBeInstanceOf(TypeError);
  expect(error.message).toBe('closeMany: a response cannot be read; its status must be a number');
});

describe('an adapter that rejects as networks do', () => {
  const network = (code, more) => Object.assign(new Error(`${code}!`), { code, ...more });

  test.each([
    ['ECONNRESET', () => network('ECONNRESET')],
    [
      'the platform’s',
      () => Object.assign(new TypeError('fetch failed'), { cause: network('UND_ERR_SOCKET') }),
    ],
    ["node-fetch's", () => network('ECONNRESET', { type: 'system', name: 'FetchError' })],
  ])('once (%s): it is read back, and the run goes on', async (_what, make) => {
    const server = await start();
    const adapter = new DefaultHttpAdapter();
    const send = adapter.fetch;
    let isFirst = true;
    adapter.fetch = async function fetch(url, options) {
      const response = await send.call(this, url, options);
      if (!isFirst) return response;
      isFirst = false;
      throw make();
    };
    const { error, report } = await closeMany(clientWith(adapter));
    expect(error).toBeUndefined();
    auditEnd(server, report);
    expect(report).toMatchObject({ unknown: [], notSent: 0 });
  });

  test.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND'])(
    'always (%s): nothing is failed or closed',
    async (code) => {
      const server = await start();
      const adapter = new DefaultHttpAdapter();
      adapter.fetch = async () => {
        throw network(code);
      };
      const { report } = await closeMany(clientWith(adapter), { maxTries: 2 });
      auditEnd(server, report);
      for (const unknown of report.unknown) expect(unknown.code).toBe(code);
    },
  );
});
