'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { APIError, ConnectClient, ConnectionError } = require('..');
const { recordId, startSandbox } = require('../testing');
const { TRANSPORTS } = require('./support/transports');

// Closing many records: what goes in, what comes out. What goes wrong on the way: `bulk-faults.test.js`.

const INVOICE = 'INV-7';
let folder;
let sandbox;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-many-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
afterEach(() => sandbox?.close());

const make = () => new ConnectClient(sandbox.url, sandbox.apiKey);

const records = (count, billing = INVOICE) =>
  Array.from({ length: count }, (_, index) => ({ id: recordId(index), externalBillingId: billing }));
const start = async (options) => {
  sandbox = await startSandbox(options);
};
const bodies = () => sandbox.requests.filter(({ body }) => body !== '').map(({ body }) => JSON.parse(body));

/** What a run that was called off rejects with. */
const ABORTED = { name: 'AbortError', code: 'ABORT_ERR' };

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

describe.each(Object.entries(TRANSPORTS))('over %s', (transport, through) => {
  const client = () => through(make());
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

  test('nothing is nothing', async () => {
    await start({ records: 1 });
    expect(await closeMany([])).toEqual({ ...NOTHING, requests: 0, elapsedMs: expect.any(Number) });
    expect(sandbox.received).toBe(0);
  });

  test('either spelling, notes, and what the options stand in for', async () => {
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

  test('what a record is decides: closed before, closed for another invoice, not to be closed, not there', async () => {
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
    ['that is none', [null], /^records\[0\]: null is no object/],
  ])('an array with a record %s is refused before anything is sent', async (_what, list, message) => {
    await start({ records: 600 });
    await expect(closeMany(list)).rejects.toThrow(message);
    await expect(closeMany(list)).rejects.toThrow(TypeError);
    expect(sandbox.received).toBe(0);
  });

  test('of a stream, what comes before a wrong record is closed, and reported', async () => {
    await start({ records: 10 });
    async function* stream() {
      yield* records(10);
      yield { id: recordId(3), externalBillingId: 'INV-8' };
    }
    const error = await closeMany(stream()).catch((caught) => caught);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^records\[10\]: .* came before/);
    expect(error.report).toMatchObject({ closed: 10, notSent: 0 });
  });

  test('what the source throws is thrown, with the report', async () => {
    await start({ records: 10 });
    const broken = new Error('the database is gone');
    async function* stream() {
      yield* records(4);
      throw broken;
    }
    await expect(closeMany(stream())).rejects.toBe(broken);
    expect(broken.report).toMatchObject({ closed: 4 });
  });

  test('never more at once than asked', async () => {
    await start({ records: 200, latencyMs: 10 });
    // A request that has been received and not answered is under way.
    const client2 = client();
    let most = 0;
    let now = 0;
    client2.addBeforeRequestHook((url, options) => {
      now += 1;
      most = Math.max(most, now);
      return { url, options };
    });
    client2.addAfterResponseHook((response) => {
      now -= 1;
      return response;
    });
    await client2.usageRecords.closeMany(records(200), { batchSize: 10, concurrency: 3 });
    expect(most).toBe(3);
  });

  test('an array that is emptied as soon as it was handed over is closed whole', async () => {
    await start({ records: 2500 });
    const handedOver = records(2500);
    const running = closeMany(handedOver);
    handedOver.length = 0;
    expect(await running).toMatchObject({ closed: 2500, notSent: 0 });
  });

  test('called off while the array is looked over, nothing is sent', async () => {
    await start({ records: 2500 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = closeMany(records(2500), { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toMatchObject({ ...ABORTED, cause: reason, report: { notSent: 2500 } });
    expect(sandbox.requests).toEqual([]);
  });

  test('progress is told in order, and at the end', async () => {
    await start({ records: 300, latencyMs: 30 });
    const told = [];
    await closeMany(records(300), { batchSize: 20, concurrency: 2, onProgress: (at) => told.push(at) });
    expect(told[told.length - 1]).toMatchObject({ done: 300, total: 300, closed: 300, failed: 0 });
    expect(told[told.length - 1].rate).toBeGreaterThan(0);
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
  });

  test('what onProgress throws ends the run', async () => {
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

  test('an onProgress that fails later ends the run as well', async () => {
    await start({ records: 1000, latencyMs: 30 });
    const broken = new Error('no more');
    const onProgress = async () => {
      throw broken;
    };
    await expect(closeMany(records(1000), { concurrency: 1, batchSize: 10, onProgress })).rejects.toBe(
      broken,
    );
  });

  test('a signal calls it off; what was under way is unknown', async () => {
    await start({ records: 100, faults: [{ kind: 'hang', processed: true, when: { from: 2 } }] });
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = closeMany(records(100), { batchSize: 10, concurrency: 2, signal: controller.signal });
    for (let i = 0; i < 500 && sandbox.received < 3; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(reason);
    const error = await running.catch((caught) => caught);
    expect(error).toMatchObject({ ...ABORTED, cause: reason });
    expect(error).toBeInstanceOf(Error);
    const { closed, unknown, notSent } = error.report;
    expect(closed + unknown.length + notSent).toBe(100);
    expect(unknown.length).toBeGreaterThan(0);
    for (const id of sandbox.closures.keys()) {
      const known = unknown.some((one) => one.id === id) || sandbox.attempts.get(id)[0].requestNumber === 1;
      expect(known).toBe(true);
    }
    // One signal may end several runs: each has an error and a report of its own.
    const again = await closeMany(records(7), { signal: controller.signal }).catch((caught) => caught);
    expect(again).toMatchObject({ ...ABORTED, cause: reason, report: { notSent: 7, unknown: [] } });
    expect(error.report.closed).toBe(closed);
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

  test('a key without the right ends it at once, with the report', async () => {
    await start({ records: 500 });
    sandbox.faults = [{ kind: 'status', status: 403, when: { from: 2 } }];
    const error = await closeMany(records(500), { concurrency: 1 }).catch((caught) => caught);
    expect(error).toMatchObject({ status: 403 });
    expect(error.report).toMatchObject({ closed: 100, notSent: 400, unknown: [] });
    expect(sandbox.received).toBe(2);
  });

  test('our own list is read as a whole first, and nothing of it is skipped', async () => {
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
          // As a queue that gives more only when what it gave is done.
          while (!isClosed(at - 1)) await new Promise((resolve) => setTimeout(resolve, 5));
        }
        yield { id: recordId(at), externalBillingId: INVOICE };
      }
    }
    expect(await closeMany(slow())).toMatchObject({ closed: 10, failed: [], unknown: [] });
  });

  test('a run that is done is reported, even if what is left open cannot be counted', async () => {
    await start({ records: 50 });
    const { usageRecords } = client();
    // The pages are read; the count behind the run is not answered any more.
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

  test('records that are added meanwhile are reported as left open', async () => {
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
    [7, undefined, 'the records must be an array or another iterable; got 7'],
    ['UR-1', undefined, "the records must be an array or another iterable; got 'UR-1'"],
    [{ id: 'UR-1' }, undefined, 'the records must be an array or another iterable; got an object'],
    [[], { batchsize: 1 }, "'batchsize' is not an option; there are batchSize, "],
    [[], { batchSize: 0 }, 'the option batchSize must be a whole number above 0; got 0'],
    [[], { journal: '' }, "the option journal must be the path of a file; got ''"],
    [[], { onProgress: 1 }, 'the option onProgress must be a function; got 1'],
    [[], 7, 'the options must be an object; got 7'],
  ])('closeMany(%p, %p) is refused', async (list, options, message) => {
    await start({ records: 1 });
    await expect(closeMany(list, options)).rejects.toThrow(`closeMany: ${message}`);
    expect(sandbox.received).toBe(0);
  });

  test('a list of records is closed with one request, and each item says what became of it', async () => {
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

  test('a wrong endpoint or key is said, nothing else', async () => {
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

test('a server that is not there is told, and nothing is called failed', async () => {
  await start({ records: 1 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  await sandbox.close();
  const error = await client.usageRecords.closeMany(records(300), { backOff: 1 }).catch((caught) => caught);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ code: 'ECONNREFUSED', maybeProcessed: false });
  expect(error.report).toMatchObject({ closed: 0, failed: [], unknown: [], notSent: 300 });
  expect(error.report.cause).toMatchObject({ code: 'ECONNREFUSED', message: error.report.stopped });
});

test('a journal that cannot be used is said before anything is sent', async () => {
  await start({ records: 1 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  const journal = path.join(folder, 'no', 'journal');
  await expect(client.usageRecords.closeMany(records(1), { journal })).rejects.toThrow(
    /^the journal .*journal: /,
  );
  const csv = path.join(folder, 'records.csv');
  fs.writeFileSync(csv, 'id\nUR-1\n');
  await expect(client.usageRecords.closeMany(records(1), { journal: csv })).rejects.toThrow(
    'is it another file?',
  );
  expect(fs.readFileSync(csv, 'utf8')).toBe('id\nUR-1\n');
  expect(sandbox.received).toBe(0);
  expect(ConnectionError).toBeDefined();
});

test('a run with the same journal skips what is closed, and refuses one of another endpoint', async () => {
  await start({ records: 20 });
  const journal = path.join(folder, 'again');
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  expect(await client.usageRecords.closeMany(records(12), { journal })).toMatchObject({ closed: 12 });
  const before = sandbox.received;
  expect(await client.usageRecords.closeMany(records(20), { journal })).toMatchObject({
    closed: 8,
    alreadyClosed: 12,
  });
  expect(sandbox.received).toBe(before + 1);
  // Another invoice for what is closed: found out, not assumed.
  expect(await client.usageRecords.closeMany(records(1, 'INV-8'), { journal })).toMatchObject({
    conflicts: [{ id: recordId(0), externalBillingId: INVOICE }],
  });
  const elsewhere = new ConnectClient(`${sandbox.url}/other`, sandbox.apiKey);
  await expect(elsewhere.usageRecords.closeMany(records(1), { journal })).rejects.toThrow('another endpoint');
  // One that is under way, until another one was refused; which of the two opens the journal first is chance.
  let release;
  const refused = new Promise((resolve) => {
    release = resolve;
  });
  async function* held() {
    yield* records(20);
    await refused;
  }
  const two = client.usageRecords.closeMany(held(), { journal });
  let error;
  while (error === undefined) {
    error = await client.usageRecords.closeMany(records(20), { journal }).then(
      () => undefined,
      (caught) => caught,
    );
  }
  expect(error.message).toContain('another run is writing it');
  release();
  expect(await two).toMatchObject({ alreadyClosed: 20 });
});
