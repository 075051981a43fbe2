'use strict';

const { ConnectClient, DefaultHttpAdapter } = require('..');
const { QUICK, adapterThatThrows, auditEnd, outcomeOf, thrower } = require('./support/bulk-roads');
const { startUsageServer } = require('./support/usage-server');

// A custom adapter may send and then fail in many ways: the report of a run tells the truth whatever it throws or gives.

const COUNT = 30;
const INVOICE = 'INV-7';
const OPTIONS = { ...QUICK, batchSize: 10, concurrency: 1 };
const list = Array.from({ length: COUNT }, (_, i) => ({ id: `UR-${i}`, externalBillingId: INVOICE }));

let server;
afterEach(() => server?.close());
const start = async (script) => {
  server = await startUsageServer({ records: COUNT, ...script });
};
const clientWith = (adapter) => new ConnectClient(server.url, 'ApiKey SU-1:x', adapter);
const closeMany = (client, options) =>
  outcomeOf(client.usageRecords.closeMany(list, { ...OPTIONS, ...options }));

describe('an error that was thrown before anything was sent, somewhere else', () => {
  const thrown = new Error('mine');

  test('by a hook of another run', async () => {
    await start();
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
  ])('by a call that an adapter makes after it has sent (%s)', async (_what, spoil) => {
    await start();
    const audits = new ConnectClient(server.url, 'ApiKey SU-1:x', { maxRetries: 0 });
    spoil(audits);
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
])('an adapter that sends and gives %s tells no lies', async (_what, give) => {
  await start();
  const adapter = new DefaultHttpAdapter();
  const send = adapter.fetch;
  adapter.fetch = async function fetch(url, options) {
    const response = await send.call(this, url, options);
    return options.method === 'POST' ? give() : response;
  };
  const { report } = await closeMany(clientWith(adapter));
  expect(server.closedIds.length).toBeGreaterThan(0);
  auditEnd(server, report);
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
    await start();
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
      await start();
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
