'use strict';

const fs = require('fs');
const path = require('path');
const { ConnectClient } = require('..');
const { recordId } = require('../testing');
const { useFolder } = require('./support/folder');
const { INVOICE, records, useSandboxes } = require('./support/sandbox');
const { TRANSPORTS } = require('./support/transports');

// The records, options and report of closeMany. Runs that end early: `closeMany-ends.test.js`; faults: `bulk-faults.test.js`.

const folder = useFolder();
const startSandbox = useSandboxes();
let sandbox;
const start = async (options) => {
  sandbox = await startSandbox(options);
};
const bodies = () => sandbox.requests.filter(({ body }) => body !== '').map(({ body }) => JSON.parse(body));

const NOTHING = {
  closed: 0,
  alreadyClosed: 0,
  failed: [],
  conflicts: [],
  unknown: [],
  duplicates: 0,
  notSent: 0,
  retries: 0,
};

describe.each(Object.entries(TRANSPORTS))('over %s', (transport, connect) => {
  const client = () => connect(sandbox.url, undefined, sandbox.apiKey);
  const closeMany = (...args) => client().usageRecords.closeMany(...args);

  test('an array is closed, in batches', async () => {
    await start({ records: 250 });
    const report = await closeMany(records(250));
    expect(report).toEqual({ ...NOTHING, closed: 250, requests: 3, elapsedMs: expect.any(Number) });
    expect(sandbox.requests.map(({ method, path: at }) => `${method} ${at}`)).toEqual(
      Array(3).fill('POST /public/v1/usage/records/close-records'),
    );
    expect(
      bodies()
        .map((batch) => batch.length)
        .sort(),
    ).toEqual([100, 100, 50]);
    expect(bodies().flat()).toContainEqual({ id: recordId(0), external_billing_id: INVOICE });
    for (const { status, external_billing_id: bill } of sandbox.records.values()) {
      expect([status, bill]).toEqual(['closed', INVOICE]);
    }
  });

  test.each([
    ['a set', (all) => new Set(all)],
    [
      'a generator',
      function* (all) {
        yield* all;
      },
    ],
    [
      'an async generator',
      async function* (all) {
        yield* all;
      },
    ],
  ])('%s is closed as well', async (_what, make) => {
    await start({ records: 30 });
    expect(await closeMany(make(records(30)), { batchSize: 7 })).toMatchObject({ closed: 30, requests: 5 });
  });

  test('an empty array sends nothing', async () => {
    await start({ records: 1 });
    expect(await closeMany([])).toEqual({ ...NOTHING, requests: 0, elapsedMs: expect.any(Number) });
    expect(sandbox.received).toBe(0);
  });

  test('fields may be spelled either way, and options are their defaults', async () => {
    await start({ records: 4 });
    await closeMany(
      [
        { id: recordId(0), externalBillingId: 'A', externalBillingNote: 'n' },
        { id: recordId(1), external_billing_id: 'B', external_billing_note: 'm' },
        { id: recordId(2) },
        { id: recordId(3), externalBillingId: null },
      ],
      { externalBillingId: 'C', externalBillingNote: 'o' },
    );
    expect(bodies()).toEqual([
      [
        { id: recordId(0), external_billing_id: 'A', external_billing_note: 'n' },
        { id: recordId(1), external_billing_id: 'B', external_billing_note: 'm' },
        { id: recordId(2), external_billing_id: 'C', external_billing_note: 'o' },
        { id: recordId(3), external_billing_id: 'C', external_billing_note: 'o' },
      ],
    ]);
  });

  test('records that are closed already, closed for another invoice, rejected or missing are reported as such', async () => {
    await start({
      records: [
        { id: 'UR-0' },
        { id: 'UR-1', status: 'closed', external_billing_id: INVOICE },
        { id: 'UR-2', status: 'closed', external_billing_id: 'INV-OTHER' },
        { id: 'UR-3', status: 'rejected' },
      ],
    });
    const ids = ['UR-0', 'UR-1', 'UR-2', 'UR-3', 'UR-4'];
    const report = await closeMany(ids.map((id) => ({ id, externalBillingId: INVOICE })));
    expect(report).toMatchObject({
      closed: 1,
      alreadyClosed: 1,
      conflicts: [{ id: 'UR-2', externalBillingId: 'INV-OTHER' }],
      unknown: [],
    });
    const failed = report.failed.sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(failed).toEqual([
      { id: 'UR-3', errorCodes: 'VAL_001', errorDetails: expect.stringContaining('rejected') },
      { id: 'UR-4', errorCodes: 'NFND_000', errorDetails: expect.stringContaining('UR-4') },
    ]);
  });

  test('a record that comes twice counts once', async () => {
    await start({ records: 10 });
    const report = await closeMany([...records(10), ...records(5)]);
    expect(report).toMatchObject({ closed: 10, duplicates: 5 });
    expect(bodies().flat()).toHaveLength(10);
  });

  test.each([
    [
      'with two invoices',
      [...records(600), { id: recordId(3), externalBillingId: 'INV-8' }],
      /^records\[600\]: \S+ came before with another/,
    ],
    ['without an id', [...records(3), { externalBillingId: 'x' }], /^records\[3\]: `id` is missing/],
    [
      'without an invoice',
      [{ id: 'UR-1', billingId: 'INV' }],
      /^records\[0\]: `externalBillingId` is missing/,
    ],
    ['that is null', [null], /^records\[0\]: expected an object .*, got null$/],
  ])('an array with a record %s is refused before anything is sent', async (_what, list, message) => {
    await start({ records: 600 });
    await expect(closeMany(list)).rejects.toThrow(message);
    await expect(closeMany(list)).rejects.toThrow(TypeError);
    expect(sandbox.received).toBe(0);
  });

  test('there are never more requests at once than the option concurrency', async () => {
    await start({ records: 200, latencyMs: 10 });
    const hooked = client();
    let most = 0;
    let now = 0;
    hooked.addBeforeRequestHook((url, options) => {
      now += 1;
      most = Math.max(most, now);
      return { url, options };
    });
    hooked.addAfterResponseHook((response) => {
      now -= 1;
      return response;
    });
    await hooked.usageRecords.closeMany(records(200), { batchSize: 10, concurrency: 3 });
    expect(most).toBe(3);
  });

  test('an array that is emptied as soon as it was handed over is closed whole', async () => {
    await start({ records: 2500 });
    const handedOver = records(2500);
    const running = closeMany(handedOver);
    handedOver.length = 0;
    expect(await running).toMatchObject({ closed: 2500, notSent: 0 });
  });

  test('onProgress is called in order, and at the end', async () => {
    await start({ records: 300, latencyMs: 30 });
    const calls = [];
    await closeMany(records(300), { batchSize: 20, concurrency: 2, onProgress: (at) => calls.push(at) });
    expect(calls[calls.length - 1]).toMatchObject({ done: 300, total: 300, closed: 300, failed: 0 });
    expect(calls[calls.length - 1].rate).toBeGreaterThan(0);
    expect(calls.map(({ done }) => done)).toEqual(calls.map(({ done }) => done).sort((a, b) => a - b));
  });

  test('a dry run sends nothing', async () => {
    await start({ records: 10 });
    const journal = path.join(folder, `dry-${transport}`);
    const report = await closeMany(records(10), { dryRun: true, journal });
    expect(report).toMatchObject({ closed: 0, notSent: 10, requests: 0 });
    expect(sandbox.received).toBe(0);
    expect(fs.existsSync(journal)).toBe(false);
    await expect(closeMany([{}], { dryRun: true })).rejects.toThrow('`id` is missing');
  });

  test('with listClosed the report names the closed records, those of this run and those before it', async () => {
    await start({ records: 4 });
    const [first, ...others] = records(4);
    await closeMany([first]);
    const report = await closeMany([first, ...others, { id: 'UR-0', externalBillingId: INVOICE }], {
      listClosed: true,
      batchSize: 2,
    });
    expect(report).toMatchObject({ closed: 3, alreadyClosed: 1, failed: [{ id: 'UR-0' }] });
    expect(report.closedIds.sort()).toEqual(others.map(({ id }) => id).sort());
    expect(report.alreadyClosedIds).toEqual([first.id]);
  });

  test('a list of the client is read as a whole first, and no record is skipped', async () => {
    await start({ records: 950 });
    const { usageRecords } = client();
    const list = usageRecords.list({ status: 'approved' }, { pageSize: 100 });
    const report = await usageRecords.closeMany(list, { externalBillingId: INVOICE });
    expect(report).toMatchObject({ closed: 950, leftOpen: 0 });
    expect(await list.count()).toBe(0);
    expect(decodeURIComponent(sandbox.requests[0].query)).toContain('ordering(created_time)');
  });

  test('the records of a slow source do not wait for those that come after them', async () => {
    await start({ records: 10 });
    const isClosed = (at) => sandbox.records.get(recordId(at)).status === 'closed';
    async function* slow() {
      for (let at = 0; at < 10; at += 1) {
        if (at === 3 || at === 7) {
          // Like a queue that yields more records only when the previous ones are done.
          while (!isClosed(at - 1)) await new Promise((resolve) => setTimeout(resolve, 5));
        }
        yield { id: recordId(at), externalBillingId: INVOICE };
      }
    }
    expect(await closeMany(slow())).toMatchObject({ closed: 10, failed: [], unknown: [] });
  });

  test('the report is complete even if the open records cannot be counted', async () => {
    await start({ records: 50 });
    const { usageRecords } = client();
    // After the run, the request for the count fails.
    const report = await usageRecords.closeMany(
      usageRecords.list({ status: 'approved' }, { maxRetries: 0 }),
      {
        externalBillingId: INVOICE,
        onProgress: ({ done }) => {
          if (done === 50) sandbox.faults = [{ kind: 'resetBefore' }];
        },
      },
    );
    expect(report).toMatchObject({ closed: 50, failed: [], unknown: [] });
    expect(report.leftOpen).toBeUndefined();
  });

  test('records that are added during the run are reported as left open', async () => {
    await start({ records: 300 });
    const { usageRecords } = client();
    const model = sandbox.records.get(recordId(0));
    const report = await usageRecords.closeMany(usageRecords.list({ status: 'approved' }), {
      externalBillingId: INVOICE,
      onProgress: ({ done, total }) => {
        expect(total).toBeUndefined();
        if (done > 0) sandbox.records.set('UR-NEW', { ...model, id: 'UR-NEW', status: 'approved' });
      },
    });
    expect(report).toMatchObject({ closed: 300, leftOpen: 1 });
  });

  test.each([
    [7, undefined, 'the records must be an array or another iterable, or a file { path }; got 7'],
    ['UR-1', undefined, "the records must be an array or another iterable, or a file { path }; got 'UR-1'"],
    [
      { id: 'UR-1' },
      undefined,
      'the records must be an array or another iterable, or a file { path }; got an object',
    ],
    [[], { batchsize: 1 }, "unknown option 'batchsize'; known options: batchSize, "],
    [[], { batchSize: 0 }, 'the option batchSize must be a whole number above 0; got 0'],
    [[], { journal: '' }, "the option journal must be the path of a file; got ''"],
    [[], { onProgress: 1 }, 'the option onProgress must be a function; got 1'],
    [[], 7, 'the options must be an object; got 7'],
  ])('closeMany(%p, %p) is refused', async (list, options, message) => {
    await start({ records: 1 });
    await expect(closeMany(list, options)).rejects.toThrow(`closeMany: ${message}`);
    expect(sandbox.received).toBe(0);
  });

  test('closeRecords closes an array with one request, and resolves to an item for each record', async () => {
    await start({ records: 3 });
    const { usageRecords } = client();
    sandbox.records.get(recordId(1)).status = 'invalid';
    const items = await usageRecords.closeRecords([
      { id: recordId(0), externalBillingId: INVOICE, externalBillingNote: 'n' },
      { id: recordId(1), external_billing_id: INVOICE },
    ]);
    expect(items).toEqual([
      { id: recordId(0), status: 'closed' },
      { id: recordId(1), status: 'invalid', error_codes: 'VAL_001', error_details: expect.any(String) },
    ]);
    expect(sandbox.received).toBe(1);
    await expect(usageRecords.closeRecords([{ id: 'UR-1' }])).rejects.toThrow(
      'records[0]: `externalBillingId` is missing',
    );
    await expect(usageRecords.closeRecords([7])).rejects.toThrow(TypeError);
    expect(sandbox.received).toBe(1);
    expect(usageRecords.closeRecords).toHaveLength(4);
  });
});

test('hooks see every request of a run', async () => {
  await start({ records: 5, faults: [{ kind: 'resetAfter', times: 1 }] });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  const seen = [];
  client.addBeforeRequestHook((url, options) => {
    seen.push(`${options.method || 'GET'} ${url.replace(sandbox.url, '')}`);
    return { url, options };
  });
  expect(await client.usageRecords.closeMany(records(5), { backOff: 1 })).toMatchObject({ closed: 5 });
  expect(seen[0]).toBe('POST /usage/records/close-records');
  expect(seen.slice(1).sort()).toEqual(
    records(5)
      .map(({ id }) => `GET /usage/records/${id}`)
      .sort(),
  );
});
