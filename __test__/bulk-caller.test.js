'use strict';

const { adapterThatThrows, auditEnd, thrower, useRun } = require('./support/bulk');

// If the caller's own code throws within a run, the run rejects with that very error, and its report is still true:
// `notSent` counts only records that certainly were not sent.

jest.setTimeout(20000);

const run = useRun();
const { clientWith, closeMany, start } = run;
const COUNT = run.list.length;

const VALUES = {
  'an Error': () => new Error('mine'),
  'a TypeError': () => new TypeError('mine'),
  'an error with a status': () => Object.assign(new Error('mine'), { status: 'late' }),
  'an error with a code of its own': () => Object.assign(new Error('mine'), { code: 'MINE' }),
  'a code of the file system': () => Object.assign(new Error('mine'), { code: 'ENOENT' }),
  'a frozen error': () => Object.freeze(new Error('mine')),
  'an object': () => ({ why: 'mine' }),
  text: () => 'mine',
  'empty text': () => '',
  'a number': () => 0,
  undefined: () => undefined,
  null: () => null,
  'a symbol': () => Symbol('mine'),
  'an error without a message': () => Object.create(null),
};

describe.each(Object.entries(VALUES))('%s', (what, make) => {
  const isExtensible = (error) => typeof error === 'object' && error !== null && Object.isExtensible(error);

  test('thrown by a before-hook rejects, and nothing was sent', async () => {
    await start();
    const thrown = make();
    const client = clientWith();
    client.addBeforeRequestHook(() => {
      throw thrown;
    });
    const running = client.usageRecords.closeMany(run.list, run.options);
    const settled = await running.then(
      () => 'resolved',
      (error) => ({ error }),
    );
    expect(settled).toEqual({ error: thrown });
    expect(settled.error).toBe(thrown);
    expect(run.server.requests).toEqual([]);
    if (isExtensible(thrown)) {
      auditEnd(run.server, thrown.report);
      expect(thrown.report).toMatchObject({ notSent: COUNT, unknown: [] });
    }
  });

  test('thrown by a before-hook from the second request on, what was closed stays closed', async () => {
    await start();
    const thrown = make();
    const client = clientWith();
    const fail = thrower(thrown, { from: 2 });
    client.addBeforeRequestHook((url, options) => {
      fail(options.method);
      return { url, options };
    });
    await expect(client.usageRecords.closeMany(run.list, run.options)).rejects.toBe(thrown);
    expect(run.server.closedIds).toHaveLength(10);
    if (isExtensible(thrown)) expect(thrown.report).toMatchObject({ closed: 10, notSent: 20, unknown: [] });
  });

  test.each(['after-hook', 'adapter'])(
    'thrown by an %s rejects, and what was done is not called otherwise',
    async (who) => {
      await start();
      const thrown = make();
      const client = clientWith(who === 'adapter' ? adapterThatThrows(thrown) : undefined);
      if (who !== 'adapter') {
        client.addAfterResponseHook(() => {
          throw thrown;
        });
      }
      await expect(client.usageRecords.closeMany(run.list, run.options)).rejects.toBe(thrown);
      expect(run.server.closedIds).toHaveLength(10);
      if (isExtensible(thrown)) {
        auditEnd(run.server, thrown.report);
        expect(thrown.report).toMatchObject({ notSent: 20 });
      }
    },
  );

  if (what === 'an Error') {
    test('that several runs share has the report of one of them, and each run rejects with it', async () => {
      await start();
      const thrown = make();
      const runs = [1, 2].map(() => {
        const client = clientWith();
        client.addBeforeRequestHook(() => {
          throw thrown;
        });
        return closeMany(client);
      });
      for (const { error } of await Promise.all(runs)) expect(error).toBe(thrown);
      auditEnd(run.server, thrown.report);
    });
  }
});

test.each([
  ['is no object', (client) => Object.assign(client, { _adapter: undefined })],
  ['has no fetch', (client) => Object.assign(client, { _adapter: {} })],
  ['has a fetch that is none', (client) => Object.assign(client, { _adapter: { fetch: 7 } })],
  ['has lost its fetch', (client) => Object.assign(client._adapter, { fetch: undefined })],
])('an adapter that %s rejects, and nothing was sent', async (_what, breakClient) => {
  await start();
  const client = clientWith();
  breakClient(client);
  const { error, report } = await closeMany(client);
  expect(error).toBeInstanceOf(TypeError);
  expect(report).toMatchObject({ notSent: COUNT, unknown: [], failed: [] });
  expect(run.server.requests).toEqual([]);
});

test.each([
  ['a before-hook', 'addBeforeRequestHook'],
  ['an after-hook', 'addAfterResponseHook'],
])('%s that returns nothing ends the run', async (_what, method) => {
  await start();
  const client = clientWith();
  client[method](() => undefined);
  const { error, report } = await closeMany(client);
  expect(error).toBeInstanceOf(Error);
  auditEnd(run.server, report);
  expect(report.notSent).toBe(COUNT - run.server.closedIds.length);
});

describe('hooks that throw for some requests', () => {
  test.each(['before', 'after'])('a %s-hook for GET only: what was sent may have arrived', async (when) => {
    const lost = { reset: true, processed: true };
    await start({ onBulk: (_items, number) => (number === 1 ? lost : undefined) });
    const thrown = new Error('mine');
    const fail = thrower(thrown);
    const client = clientWith();
    if (when === 'before') {
      client.addBeforeRequestHook((url, options) => {
        if (options.method !== 'POST') fail();
        return { url, options };
      });
    } else {
      client.addAfterResponseHook((response) => {
        if (run.server.log[run.server.log.length - 1].what === 'read') fail();
        return response;
      });
    }
    const { error, report } = await closeMany(client);
    expect(error).toBe(thrown);
    auditEnd(run.server, report);
    expect(report.unknown.length).toBeGreaterThan(0);
  });

  test.each([1, 2, 3])('a before-hook, once, for request %i, with four at once', async (from) => {
    await start();
    const thrown = new Error('mine');
    const fail = thrower(thrown, { from, times: 1 });
    const client = clientWith();
    client.addBeforeRequestHook((url, options) => {
      fail(options.method);
      return { url, options };
    });
    const { error, report } = await closeMany(client, { batchSize: 3, concurrency: 4 });
    expect(error).toBe(thrown);
    auditEnd(run.server, report);
    expect(report.notSent).toBeGreaterThan(0);
  });

  test('a record that an earlier POST may have closed is not called not sent', async () => {
    // The first POST is lost, the second one never leaves.
    await start({ onBulk: () => ({ reset: true, processed: true }), lags: () => true });
    const thrown = new Error('mine');
    const fail = thrower(thrown, { method: 'POST', from: 2 });
    const client = clientWith();
    client.addBeforeRequestHook((url, options) => {
      fail(options.method);
      return { url, options };
    });
    const { error, report } = await closeMany(client, { batchSize: COUNT });
    expect(error).toBe(thrown);
    expect(report).toMatchObject({ notSent: 0, closed: 0, failed: [] });
    expect(report.unknown).toHaveLength(COUNT);
  });
});
