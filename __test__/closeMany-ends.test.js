'use strict';

const { APIError, ConnectClient, ConnectionError } = require('..');
const { recordId } = require('../testing');
const { failure } = require('./support/promises');
const { INVOICE, records, useSandboxes } = require('./support/sandbox');
const { TRANSPORTS } = require('./support/transports');

// What ends a run of closeMany early, and what it rejects with.

const startSandbox = useSandboxes();
let sandbox;
const start = async (options) => {
  sandbox = await startSandbox(options);
};
/** What an aborted run rejects with. */
const ABORTED = { name: 'AbortError', code: 'ABORT_ERR' };

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const client = () => connect(sandbox.url, undefined, sandbox.apiKey);
  const closeMany = (...args) => client().usageRecords.closeMany(...args);

  test('an invalid record of a stream: those before it are closed, and reported', async () => {
    await start({ records: 10 });
    async function* stream() {
      yield* records(10);
      yield { id: recordId(3), externalBillingId: 'INV-8' };
    }
    const error = await failure(closeMany(stream()));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^records\[10\]: .* came before/);
    expect(error.report).toMatchObject({ closed: 10, notSent: 0 });
  });

  test('an error of the source is what the run rejects with, with the report', async () => {
    await start({ records: 10 });
    const broken = new Error('the database is gone');
    async function* stream() {
      yield* records(4);
      throw broken;
    }
    await expect(closeMany(stream())).rejects.toBe(broken);
    expect(broken.report).toMatchObject({ closed: 4 });
  });

  test('aborted while the array is checked, a run sends nothing', async () => {
    await start({ records: 2500 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = closeMany(records(2500), { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toMatchObject({ ...ABORTED, cause: reason, report: { notSent: 2500 } });
    expect(sandbox.requests).toEqual([]);
  });

  test('an error of onProgress ends the run', async () => {
    await start({ records: 1000, latencyMs: 30 });
    const broken = new Error('no more');
    const onProgress = () => {
      throw broken;
    };
    await expect(closeMany(records(1000), { concurrency: 1, batchSize: 10, onProgress })).rejects.toBe(
      broken,
    );
    expect(broken.report.notSent).toBeGreaterThan(0);
  });

  test('an onProgress that rejects ends the run', async () => {
    await start({ records: 1000, latencyMs: 30 });
    const broken = new Error('no more');
    const onProgress = async () => {
      throw broken;
    };
    await expect(closeMany(records(1000), { concurrency: 1, batchSize: 10, onProgress })).rejects.toBe(
      broken,
    );
  });

  test('a signal aborts the run: records under way are unknown', async () => {
    await start({ records: 100, faults: [{ kind: 'hang', processed: true, when: { from: 2 } }] });
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = closeMany(records(100), { batchSize: 10, concurrency: 2, signal: controller.signal });
    for (let i = 0; i < 500 && sandbox.received < 3; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(reason);
    const error = await failure(running);
    expect(error).toMatchObject({ ...ABORTED, cause: reason });
    expect(error).toBeInstanceOf(Error);
    const { closed, unknown, notSent } = error.report;
    expect(closed + unknown.length + notSent).toBe(100);
    expect(unknown.length).toBeGreaterThan(0);
    for (const id of sandbox.closures.keys()) {
      const known = unknown.some((one) => one.id === id) || sandbox.attempts.get(id)[0].requestNumber === 1;
      expect(known).toBe(true);
    }
    // Each run that a signal aborts has an error and a report of its own.
    const again = await failure(closeMany(records(7), { signal: controller.signal }));
    expect(again).toMatchObject({ ...ABORTED, cause: reason, report: { notSent: 7, unknown: [] } });
    expect(error.report.closed).toBe(closed);
  });

  test('stopOnError ends it at the first record that cannot be closed', async () => {
    await start({
      records: [...Array(50).keys()].map((n) => ({ status: n === 12 ? 'invalid' : 'approved' })),
    });
    const list = [...sandbox.records.keys()].map((id) => ({ id, externalBillingId: INVOICE }));
    const report = await closeMany(list, { stopOnError: true, batchSize: 5, concurrency: 1 });
    expect(report.stopped).toContain(list[12].id);
    expect(report.failed).toHaveLength(1);
    expect(report.closed + report.notSent + 1).toBe(50);
    expect(report.notSent).toBeGreaterThan(0);
  });

  test('a 403 ends the run at once, with the report', async () => {
    await start({ records: 500 });
    sandbox.faults = [{ kind: 'status', status: 403, when: { from: 2 } }];
    const error = await failure(closeMany(records(500), { concurrency: 1 }));
    expect(error).toMatchObject({ status: 403 });
    expect(error.report).toMatchObject({ closed: 100, notSent: 400, unknown: [] });
    expect(sandbox.received).toBe(2);
  });

  test('a wrong endpoint or key is what the run rejects with', async () => {
    await start({ records: 1 });
    const wrong = client();
    wrong._endpoint = 'nonsense';
    await expect(wrong.usageRecords.closeMany(records(1))).rejects.toThrow(TypeError);
    const other = client();
    other._apiKey = 'ApiKey SU-1:wrong';
    await expect(other.usageRecords.closeMany(records(1))).rejects.toThrow(APIError);
    expect(sandbox.closures.size).toBe(0);
  });
});

test('a refused connection ends the run, and no record has failed', async () => {
  await start({ records: 1 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  await sandbox.close();
  const error = await failure(client.usageRecords.closeMany(records(300), { backOff: 1 }));
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ code: 'ECONNREFUSED', maybeProcessed: false });
  expect(error.report).toMatchObject({ closed: 0, failed: [], unknown: [], notSent: 300 });
  expect(error.report.cause).toMatchObject({ code: 'ECONNREFUSED', message: error.report.stopped });
});
