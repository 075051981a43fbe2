'use strict';

const { APIError, ConnectionError, HttpError } = require('..');
const { INVOICE, QUICK, auditEnd, endOf, records, total } = require('./support/bulk');
const { TRANSPORTS } = require('./support/transports');
const { json, startUsageServer } = require('./support/usage-server');

// What the report of a run says of why: of each record that is unknown, of a run that ended early, and of one that was
// called off.

const COUNT = 30;
const TEXT = expect.stringMatching(/\w/);

let server;
afterEach(() => server?.close());
const start = async (script) => {
  server = await startUsageServer({ records: COUNT, ...script });
};
const page = (status, more) => ({
  status,
  body: '<html><head><title>Log in</title></head></html>',
  headers: { 'Content-Type': 'text/html', ...more },
});

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const closeMany = (options, url = server.url, list = records(server.records.size)) =>
    connect(url).usageRecords.closeMany(list, {
      ...QUICK,
      batchSize: 10,
      concurrency: 2,
      ...options,
    });
  const run = (...args) => endOf(closeMany(...args));

  /** A run in which nothing can have been sent. */
  function expectNotSent({ error, report }, code) {
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.code).toMatch(code);
    expect(report).toMatchObject({ notSent: COUNT, unknown: [], failed: [], closed: 0 });
    expect(report.cause).toMatchObject({ code: error.code, message: TEXT });
    expect(report.stopped).toBe(report.cause.message);
  }

  test('a connection that is refused', async () => {
    await start();
    await server.close();
    expectNotSent(await run(), /^ECONNREFUSED$/);
  });

  test('a host that is not known', async () => {
    await start();
    expectNotSent(await run({}, 'http://connect.invalid/public/v1'), /^(ENOTFOUND|EAI_AGAIN)$/);
    expect(server.requests).toEqual([]);
  });

  test('https to a port of http', async () => {
    await start();
    expectNotSent(await run({}, server.url.replace('http:', 'https:')), /^[A-Z][A-Z_0-9]+$/);
    expect(server.log).toEqual([]);
  });

  test('a server that goes away in the midst of it', async () => {
    await start();
    server.onBulk = (_items, number) => {
      if (number === 2) server.close();
      return undefined;
    };
    const { error, report } = await run({ concurrency: 1 });
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    auditEnd(server, report);
    expect(report.notSent).toBe(10);
    expect(report.cause).toMatchObject({ code: 'ECONNREFUSED', message: TEXT });
  });

  test.each([
    ['the page of a login', page(200), { status: 200 }],
    ['500', json(500, { error_code: 'SYS_500', errors: ['it is broken'] }), { status: 500 }],
    ['a page of an error', page(502), { status: 502 }],
    ['a connection that ends', { reset: true }, { code: 'ECONNRESET' }],
    ['an item that says nothing', json(206, [{}]), {}],
  ])('%s, always: each unknown record says so', async (_what, answer, cause) => {
    await start({ onBulk: () => answer, onRead: () => answer });
    const { error, report } = await run();
    expect(error).toBeUndefined();
    auditEnd(server, report);
    expect(report.unknown).toHaveLength(COUNT);
    for (const unknown of report.unknown) {
      expect(unknown).toMatchObject({ id: expect.stringMatching(/^UR-/), message: TEXT, ...cause });
    }
    expect(new Set(report.unknown.map(({ id }) => id)).size).toBe(COUNT);
  });

  test('reads that fail otherwise than the POST did: a cause all the same', async () => {
    await start({ onBulk: () => ({ reset: true }), onRead: () => json(500, {}) });
    const { report } = await run();
    expect(report.unknown).toHaveLength(COUNT);
    for (const unknown of report.unknown) expect(unknown.code ?? unknown.status).toBeDefined();
  });

  test.each([
    ['a page', page(404)],
    ['JSON of a gateway', json(404, { message: 'no Route matched with those values' })],
    ['nothing', { status: 404 }],
    ['text', { status: 404, body: '404 page not found\n', headers: { 'Content-Type': 'text/plain' } }],
    ['a list', json(404, [])],
  ])('a 404 that is not Connect’s (%s) ends the run, and names the endpoint', async (_what, answer) => {
    await start({ onBulk: () => answer, onSingle: () => answer, onRead: () => answer });
    const { error, report } = await run();
    expect(error).toBeInstanceOf(HttpError);
    expect(error.status).toBe(404);
    expect(error.message).toContain(server.url);
    expect(report.cause).toMatchObject({ status: 404, message: expect.stringContaining(server.url) });
    auditEnd(server, report);
    // Not two requests a record: no more than were under way at once.
    expect(server.requests.length).toBeLessThanOrEqual(2);
    expect(report.unknown).toHaveLength(10 * server.requests.length);
  });

  test.each([401, 403])(
    'a key without the right (%i): nothing was done, each record counts once',
    async (status) => {
      const refusal = json(status, { error_code: 'AUTH_001', errors: ['API request is unauthorized.'] });
      await start({ records: 3000, onBulk: (_items, number) => (number > 3 ? refusal : undefined) });
      const { error, report } = await run({ batchSize: 100 });
      expect(error).toBeInstanceOf(APIError);
      auditEnd(server, report);
      expect(report).toMatchObject({ closed: 300, notSent: 2700, unknown: [] });
      expect(report.cause).toMatchObject({ status, message: TEXT });
    },
  );

  test('a first record that fails', async () => {
    const list = records(COUNT).map(({ id }, at) => ({ id, status: at === 15 ? 'rejected' : 'approved' }));
    await start({ records: list });
    const report = await closeMany({ stopOnError: true, concurrency: 1 });
    expect(total(report)).toBe(COUNT);
    expect(report).toMatchObject({ cause: { message: expect.stringContaining('UR-15') }, unknown: [] });
    expect(report.stopped).toBe(report.cause.message);
  });

  test('a run that ends as it should has no cause', async () => {
    await start();
    const report = await closeMany();
    expect(report.closed).toBe(COUNT);
    expect([report.cause, report.stopped]).toEqual([undefined, undefined]);
  });

  describe('a signal', () => {
    const REASONS = {
      'an Error': new Error('enough'),
      'a frozen one': Object.freeze(new Error('enough')),
      text: 'enough',
      'a number': 0,
      null: null,
      false: false,
      'nothing said': undefined,
    };

    test.each(Object.entries(REASONS))('with %s as its reason, for two runs', async (_what, reason) => {
      const controller = new AbortController();
      const abort = () => controller.abort(reason);
      await start({ onBulk: () => ({ hang: true, processed: true }), onPost: abort });
      const { signal } = controller;
      const all = records(COUNT);
      const ends = await Promise.all([
        run({ signal, concurrency: 1 }, server.url, all.slice(0, 20)),
        run({ signal, concurrency: 1 }, server.url, all.slice(20)),
      ]);
      for (const { error } of ends) {
        expect(error).toBeInstanceOf(Error);
        expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
        expect(error.cause).toBe(signal.reason);
        expect(signal.reason?.report).toBeUndefined();
      }
      expect(ends[0].error).not.toBe(ends[1].error);
      expect(ends.map(({ report }) => total(report))).toEqual([20, 10]);
      for (const { report } of ends) for (const { message } of report.unknown) expect(message).toEqual(TEXT);
    });

    test('that was aborted before: nothing is sent, and all of it counted', async () => {
      await start();
      const signal = AbortSignal.abort('before');
      const { error, report } = await run({ signal });
      expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'before' });
      expect(report).toMatchObject({ notSent: COUNT, unknown: [], closed: 0 });
      expect(server.requests).toEqual([]);
      // A plain call rejects with the reason itself.
      const call = connect(server.url).usageRecords.get('UR-0', { signal });
      await expect(call).rejects.toBe('before');
    });

    test('that is aborted when all is done changes nothing', async () => {
      await start();
      const controller = new AbortController();
      const report = await closeMany({ signal: controller.signal });
      controller.abort();
      expect(report.closed).toBe(COUNT);
    });
  });

  describe('half a surrogate', () => {
    const half = 'n\ud83d';
    const whole = 'n\ufffd';

    test.each([
      ['a note', { id: 'UR-1', externalBillingId: INVOICE, externalBillingNote: half }],
      [
        'a note, as the API spells it',
        { id: 'UR-1', externalBillingId: INVOICE, external_billing_note: half },
      ],
      ['an invoice', { id: 'UR-1', externalBillingId: half }],
      ['an id', { id: `UR-1${half}`, externalBillingId: INVOICE }],
      ['a field that does not count', { id: 'UR-1', externalBillingId: INVOICE, [half]: half }],
    ])('in %s is sent whole, or refused by name before anything is sent', async (what, record) => {
      for (const make of [
        (list) => list,
        (list) => new Set(list),
        async function* stream(list) {
          yield* list;
        },
      ]) {
        await start({ records: [{ id: 'UR-0' }, { id: 'UR-1' }, { id: `UR-1${whole}` }] });
        const list = [record, { id: 'UR-0', externalBillingId: INVOICE }];
        const { error, report } = await run({}, server.url, make(list));
        if (error === undefined) {
          expect(report).toMatchObject({ closed: 2, failed: [], unknown: [] });
          const closed = server.records.get(what === 'an id' ? `UR-1${whole}` : 'UR-1');
          expect(closed.status).toBe('closed');
          if (what.startsWith('a note')) expect(closed.external_billing_note).toBe(whole);
          if (what === 'an invoice') expect(closed.external_billing_id).toBe(whole);
        } else {
          expect(error).toBeInstanceOf(TypeError);
          expect(error.message).toContain('UR-1');
          expect(server.requests).toEqual([]);
        }
        await server.close();
      }
    });

    test('in an option', async () => {
      await start();
      const { error } = await run({ externalBillingNote: half });
      if (error === undefined) expect(server.records.get('UR-0').external_billing_note).toBe(whole);
      else expect(error).toBeInstanceOf(TypeError);
    });
  });

  test.each([1, COUNT])('an onProgress that rejects at the very end (%i records)', async (count) => {
    await start({ records: count });
    const broken = new Error('mine');
    const onProgress = async ({ done }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (done === count) throw broken;
    };
    const { error, report } = await run({ onProgress });
    expect(error).toBe(broken);
    expect(report).toMatchObject({ closed: count });
  });
});
