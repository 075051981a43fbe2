'use strict';

const { QUICK, audit, endOf, records } = require('./support/bulk');
const { TRANSPORTS } = require('./support/transports');
const { json, startUsageServer } = require('./support/usage-server');

// POSTs of unknown effect, and reads that lag behind what was done: what is sent again, how often, after which reads,
// and what it is called in the end.

const ID = 'UR-0';

let server;
afterEach(() => server?.close());

/** How a POST may end without anybody knowing what it did. */
const UNKNOWN_EFFECTS = {
  'a reset': { reset: true },
  408: { status: 408, body: 'late' },
  500: json(500, { error_code: 'SYS_500', errors: ['oops'] }),
  504: { status: 504, body: '<html>late</html>' },
  'no JSON': { status: 206, body: '{"oops' },
  'an item that says nothing': json(206, [{ id: ID }]),
};
/** What refuses one record, without a word about its status. */
const REFUSAL = json(206, [{ id: ID, error_codes: 'VAL_001', error_details: 'Only an approved record' }]);
const APPROVED = json(200, { id: ID, status: 'approved' });

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const run = (options, list = records(server.records.size)) =>
    connect(server.url).usageRecords.closeMany(list, { ...QUICK, ...options });
  const closeMany = async (script, options) => {
    server = await startUsageServer(script);
    const report = await run(options);
    audit(server, report, { maxTries: script.allowed ?? options?.maxTries }, script.allowed === undefined);
    return report;
  };
  const first = (answer) => (_items, number) => (number === 1 ? answer : undefined);

  describe.each(Object.entries(UNKNOWN_EFFECTS))('after %s', (_what, effect) => {
    test.each([0, 2, 3, 6])('a record that was closed is, however many reads lag (%i)', async (lag) => {
      const report = await closeMany({
        onBulk: first({ ...effect, processed: true }),
        lags: (_id, reads) => reads < lag,
        isSilent: true,
      });
      expect(report).toMatchObject({ failed: [], unknown: [], conflicts: [] });
      expect(server.closures(ID)).toBe(1);
      // Once a read of its window shows it, it is not sent again; a repetition is refused, and the last one.
      const [shown] = server.windows(ID);
      expect(server.posts(ID)).toBeLessThanOrEqual(lag < shown.length ? 1 : 2);
    });

    test('a record that was not closed is sent again, and closed', async () => {
      expect(await closeMany({ onBulk: first(effect) })).toMatchObject({ closed: 1, unknown: [] });
      expect([server.posts(ID), server.windows(ID)[0].length > 0]).toEqual([2, true]);
    });

    test.each(['invalid', 'rejected'])('a record that is %s has failed', async (status) => {
      const report = await closeMany({ records: [{ id: ID, status }], onBulk: first(effect) });
      expect(report.failed).toMatchObject([{ id: ID }]);
      expect(server.posts(ID)).toBe(1);
    });

    test.each([1, 2, 5])(
      'again and again, a record is sent %i times at most, and unknown',
      async (maxTries) => {
        const report = await closeMany({ onBulk: () => effect, onSingle: () => effect }, { maxTries });
        expect(report).toMatchObject({ failed: [], unknown: [{ id: ID }] });
        expect(server.posts(ID)).toBe(maxTries);
        // The window after the last one is read as well.
        expect(server.windows(ID)[maxTries - 1].length).toBeGreaterThan(0);
      },
    );
  });

  test('the last POST is found to have closed its record', async () => {
    const last = { onBulk: () => ({ reset: true, processed: true }), lags: (_id, reads) => reads < 2 };
    // A window long enough for its three reads on a busy machine.
    const options = { maxTries: 1, window: 1500 };
    expect(await closeMany(last, options)).toMatchObject({ closed: 1, unknown: [] });
  });

  test('a repetition that is refused ends the sending, not the reading', async () => {
    let isTold = false;
    const onRead = (_id, number) => {
      isTold = number > 8;
      return undefined;
    };
    const onBulk = first({ reset: true, processed: true });
    const script = { onBulk, onRead, lags: () => !isTold, isSilent: true };
    expect(await closeMany(script, { readBackTimeout: 2000 })).toMatchObject({ unknown: [], failed: [] });
    expect(server.posts(ID)).toBe(2);
    expect(server.reads(ID)).toBe(9);
  });

  test('a repetition that is refused, of reads that lag for ever, leaves its record unknown', async () => {
    const script = { onBulk: first({ reset: true, processed: true }), lags: () => true, isSilent: true };
    expect((await closeMany(script)).unknown).toHaveLength(1);
    expect(server.posts(ID)).toBe(2);
  });

  test('a batch that is refused as a whole is closed one by one, and each is refused once', async () => {
    const whole = json(400, { error_code: 'VAL_001', errors: ['no'] });
    const answers = [{ reset: true, processed: true }, whole];
    const script = { records: 3, onBulk: (_items, number) => answers[Math.min(number, 2) - 1] };
    // Refused whole, a batch was not carried out: its records are closed one by one at once.
    const report = await closeMany({ ...script, lags: () => true, isSilent: true, allowed: 3 });
    expect(report.unknown).toHaveLength(3);
    for (const id of server.records.keys()) expect(server.of(id, 'single').length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['valid', json(200, { id: ID, status: 'valid' })],
    ['404', json(404, { error_code: 'NFND_000', errors: ['no'] })],
    ['nothing certain', json(200, { id: ID })],
    ['a status that is not known', json(200, { id: ID, status: 'closing' })],
    ['500', json(500, {})],
    ['a refusal', json(400, { error_code: 'VAL_001', errors: ['no'] })],
    ['no JSON', { body: '<html>' }],
    ['a reset', { reset: true }],
  ])('reads that say %s neither fail a record nor send it again', async (_what, answer) => {
    const script = { onBulk: () => ({ reset: true }), onRead: () => answer };
    expect(await closeMany(script)).toMatchObject({ failed: [], unknown: [{ id: ID }] });
    expect(server.posts(ID)).toBe(1);
    await server.close();
    // Once a later one says approved, it may be sent.
    const later = { onBulk: first({ reset: true }), onRead: (_id, n) => (n <= 5 ? answer : undefined) };
    expect(await closeMany(later, { readBackTimeout: 2000 })).toMatchObject({ closed: 1, unknown: [] });
    expect([server.posts(ID), server.reads(ID)]).toEqual([2, 6]);
  });

  test.each([429, 503])('reads that are throttled (%i) do not count', async (status) => {
    const busy = { ...json(status, {}), headers: { 'Retry-After': '0' } };
    const onRead = (_id, number) => (number <= 6 ? busy : undefined);
    const report = await closeMany({ onBulk: first({ reset: true, processed: true }), onRead });
    expect(report).toMatchObject({ closed: 1, unknown: [], failed: [] });
    expect(server.posts(ID)).toBe(1);
  });

  test('reads that are throttled without end end the run, and fail nothing', async () => {
    server = await startUsageServer({ onBulk: () => ({ reset: true }), onRead: () => json(429, {}) });
    const { error, report } = await endOf(run());
    expect(error).toBeDefined();
    expect(report).toMatchObject({ failed: [], unknown: [{ id: ID }], notSent: 0 });
    expect(report.cause.message).toMatch(/\w/);
  });

  test('POSTs that were throttled do not count', async () => {
    const onBulk = (_items, number) => (number <= 4 ? json(429, {}) : undefined);
    expect(await closeMany({ onBulk }, { maxTries: 1 })).toMatchObject({
      closed: 1,
      failed: [],
      unknown: [],
    });
  });

  test('a batch whose answer was lost is looked at as its records are', async () => {
    const script = { records: 100, onBulk: first({ reset: true, processed: true }), isSilent: true };
    const lags = (id, reads) => reads < Number(id.slice(3)) % 5;
    const report = await closeMany({ ...script, lags }, { readBackTimeout: 2000 });
    expect(report).toMatchObject({ failed: [], unknown: [], conflicts: [] });
    expect(server.closedIds).toHaveLength(100);
  });

  test('in its window a record waits behind the others, which go on', async () => {
    const onBulk = first({ reset: true });
    server = await startUsageServer({ records: 50, onBulk });
    const controller = new AbortController();
    const onProgress = ({ done }) => done === 45 && controller.abort();
    const options = { window: 1e6, batchSize: 5, concurrency: 1, signal: controller.signal, onProgress };
    const { report } = await endOf(run(options));
    expect(report).toMatchObject({ closed: 45, failed: [], notSent: 0 });
    expect(report.unknown).toHaveLength(5);
    for (const { id } of report.unknown) expect(server.posts(id)).toBe(1);
  });
});

test('the default window is long enough for reads that lag for a second', async () => {
  // Twenty reads would not fit into it; three do, and by the last the record shows.
  server = await startUsageServer({ lags: (_id, reads) => reads < 2 });
  server.onBulk = () => ({ reset: true, processed: true });
  const client = TRANSPORTS['the engine'](server.url);
  expect(await client.usageRecords.closeMany(records(1))).toMatchObject({ closed: 1, unknown: [] });
  expect([server.posts(ID), server.reads(ID)]).toEqual([1, 3]);
});

test('what refuses a repetition of a record alone is as good as its item', async () => {
  server = await startUsageServer({ lags: () => true });
  server.onBulk = (_items, number) => (number === 1 ? { reset: true, processed: true } : REFUSAL);
  server.onRead = () => APPROVED;
  const client = TRANSPORTS['the engine'](server.url);
  expect((await client.usageRecords.closeMany(records(1), QUICK)).unknown).toHaveLength(1);
  expect(server.posts(ID)).toBe(2);
});
