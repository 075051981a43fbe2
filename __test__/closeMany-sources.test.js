'use strict';

const fs = require('fs');
const path = require('path');
const { APIError, HttpError, TableError, readRecords, writeRecords } = require('..');
const { recordId } = require('../testing');
const { useFolder } = require('./support/folder');
const { failure } = require('./support/promises');
const { INVOICE, records, useSandboxes } = require('./support/sandbox');
const { useServer } = require('./support/server');
const { TRANSPORTS } = require('./support/transports');

// Files and lists of which closeMany closes the records. Where nobody sees the requests they are read in Rust alone, so
// everything must be as it is on the pipeline.

const folder = useFolder();
const startSandbox = useSandboxes();
const server = useServer();

const write = (name, text) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
};

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  let sandbox;
  const start = async (options) => {
    sandbox = await startSandbox(options);
    return connect(sandbox.url, undefined, sandbox.apiKey);
  };
  const invoices = () => [...sandbox.records.values()].map((record) => record.external_billing_id);

  describe('a file', () => {
    test.each(['csv', 'xlsx'])('%s is closed, and progress knows how many records it has', async (format) => {
      const { usageRecords } = await start({ records: 250 });
      const file = path.join(folder, `month.${format}`);
      await writeRecords(file, records(250));
      const totals = new Set();
      const report = await usageRecords.closeMany(
        { path: file },
        { onProgress: ({ total }) => totals.add(total) },
      );
      expect(report).toMatchObject({ closed: 250, failed: [], unknown: [], duplicates: 0, requests: 3 });
      expect([...totals]).toEqual([250]);
      expect(new Set(invoices())).toEqual(new Set([INVOICE]));
    });

    test('its options are those of readRecords', async () => {
      const { usageRecords } = await start({ records: 1 });
      const file = write('one.csv', `id,external_billing_id\n${recordId(0)},${INVOICE}\n`);
      await expect(usageRecords.closeMany({ path: file, format: 'xlsx' })).rejects.toThrow(TableError);
      await expect(usageRecords.closeMany({ path: file, sheet: 'x' })).rejects.toThrow('has no sheets');
      await expect(usageRecords.closeMany({ path: file, maxBytes: 3 })).rejects.toThrow('bytes');
      for (const [wrong, says] of [
        [{ sheets: 'x' }, "closeMany: unknown option 'sheets'"],
        [{ hidden: 1 }, 'closeMany: the option hidden must be'],
        [{ path: '' }, "closeMany: the path must be that of a file; got ''"],
        [{ path: 7 }, 'closeMany: the path must be that of a file; got 7'],
      ]) {
        await expect(usageRecords.closeMany({ path: file, ...wrong })).rejects.toThrow(says);
      }
      await expect(usageRecords.closeMany({ path: `${file}.no` })).rejects.toMatchObject({ code: 'ENOENT' });
      expect(sandbox.requests).toEqual([]);
    });

    test.each([
      ['has no invoice', 'UR-2001,', 'line 2002 has no invoice'],
      ['names another invoice for a record', 'UR-1,INV-8', 'line 2002: UR-1 came before with another'],
      ['is refused', 'UR-2001,#N/A', 'is an error of the spreadsheet'],
    ])('nothing is sent if its last row %s', async (_what, last, message) => {
      const { usageRecords } = await start({ records: [{ id: 'UR-1' }] });
      const lines = Array.from({ length: 2000 }, (_row, i) => `UR-${i + 1},${INVOICE}\n`);
      const file = write('wrong.csv', `id,external_billing_id\n${lines.join('')}${last}\n`);
      await expect(usageRecords.closeMany({ path: file })).rejects.toThrow(message);
      expect(sandbox.requests).toEqual([]);
    });

    test('needs no invoices if the options have one', async () => {
      const { usageRecords } = await start({ records: 3 });
      const file = write(
        'ids.csv',
        `id\n${records(3)
          .map(({ id }) => `${id}\n`)
          .join('')}`,
      );
      await expect(usageRecords.closeMany({ path: file })).rejects.toThrow(
        'it has no column external_billing_id',
      );
      expect(await usageRecords.closeMany({ path: file }, { externalBillingId: INVOICE })).toMatchObject({
        closed: 3,
      });
      expect(invoices()).toEqual([INVOICE, INVOICE, INVOICE]);
    });

    test('may be one of chunks', async () => {
      const { usageChunks } = await start({ chunks: [{ id: 'UFC-1' }, { id: 'UFC-2' }] });
      const ids = [...sandbox.chunks.keys()];
      const file = write(
        'chunks.csv',
        `id,external_billing_id\n${ids.map((id) => `${id},${INVOICE}\n`).join('')}`,
      );
      expect(await usageChunks.closeMany({ path: file })).toMatchObject({ closed: 2 });
      expect([...sandbox.chunks.values()].map(({ status }) => status)).toEqual(['closed', 'closed']);
    });

    test('is not read on when the run is aborted', async () => {
      const { usageRecords } = await start({ records: 1 });
      const lines = Array.from({ length: 50_000 }, (_row, i) => `UR-${i},${INVOICE}\n`);
      const file = write('large.csv', `id,external_billing_id\n${lines.join('')}`);
      const controller = new AbortController();
      const run = usageRecords.closeMany({ path: file }, { signal: controller.signal });
      setImmediate(() => controller.abort());
      const error = await failure(run);
      expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
      expect(error.report).toMatchObject({ closed: 0, unknown: [] });
      expect(sandbox.requests).toEqual([]);
    });
  });

  describe('a list', () => {
    test('is asked for with its filter, in its pages, up to its limit', async () => {
      const { usageRecords } = await start({ records: 20 });
      const list = usageRecords.list(
        { status: 'approved', 'asset.id': { $out: ['AS-1', 'x y&'] }, created_time: { $ge: new Date(0) } },
        { pageSize: 4, limit: 6, headers: { 'X-Note': 'one' } },
      );
      const report = await usageRecords.closeMany(list, { externalBillingId: INVOICE });
      const filter = 'status=approved&out(asset.id,(AS-1,"x y&"))&ge(created_time,1970-01-01T00:00:00.000Z)';
      const sent = sandbox.requests.map(({ method, query }) => `${method} ${decodeURIComponent(query)}`);
      expect(sent).toEqual([
        `GET ${filter}&ordering(created_time)&limit=4&offset=0`,
        `GET ${filter}&ordering(created_time)&limit=2&offset=4`,
        'POST ',
        // How many are left.
        `GET ${filter}&limit=0&offset=0`,
      ]);
      expect(sandbox.requests[1].headers['x-note']).toBe('one');
      expect(report).toMatchObject({ closed: 6, leftOpen: 14 });
    });

    test('of at most 0 closes nothing', async () => {
      const { usageRecords } = await start({ records: 7 });
      const list = usageRecords.list({ status: 'approved' }, { limit: 0 });
      const report = await usageRecords.closeMany(list, { externalBillingId: INVOICE });
      expect(report).toMatchObject({ closed: 0, notSent: 0, leftOpen: 7 });
      expect(sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    });

    test('is not counted on when the run is aborted', async () => {
      const controller = new AbortController();
      server.answer = ({ url, method }) => {
        if (method === 'POST') return { status: 206, json: [{ id: 'UR-1', status: 'closed' }] };
        if (!url.includes('limit=0')) return { json: [{ id: 'UR-1' }] };
        setImmediate(() => controller.abort());
        return { raw: () => undefined };
      };
      const { usageRecords } = connect(server.url, { maxRetries: 0 });
      const options = { externalBillingId: INVOICE, signal: controller.signal };
      const report = await usageRecords.closeMany(usageRecords.list(), options);
      expect(report).toMatchObject({ closed: 1 });
      expect(report.leftOpen).toBeUndefined();
    });

    test('of which the same page comes again ends there', async () => {
      server.answer = ({ method }) =>
        method === 'POST'
          ? {
              status: 206,
              json: [
                { id: 'UR-0', status: 'closed' },
                { id: 'UR-1', status: 'closed' },
              ],
            }
          : { json: [{ id: 'UR-0' }, { id: 'UR-1' }], headers: { 'Content-Range': 'items 0-1/9' } };
      const { usageRecords } = connect(server.url, { maxRetries: 0 });
      const list = usageRecords.list({}, { pageSize: 2 });
      expect(await usageRecords.closeMany(list, { externalBillingId: INVOICE })).toMatchObject({ closed: 2 });
      // Two pages, the batch, and the count of those that are left.
      expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'GET']);
    });

    test.each([
      ['an error', { status: 400, json: { error_code: 'VAL_001', errors: ['no'] } }, APIError, 'VAL_001'],
      ['no JSON', { body: '<html>' }, HttpError, 'with a body that is not JSON: <html>'],
      ['half of a page', { body: '[{"id":"UR-1"}' }, HttpError, 'with a body that is not JSON'],
      ['no array', { json: { id: 'UR-1' } }, TypeError, 'list: expected an array from /usage/records'],
      ['nothing', { status: 204 }, TypeError, 'list: expected an array from /usage/records'],
      [
        'a record without an id',
        { json: [{ id: 'UR-1' }, {}] },
        TypeError,
        'records[1]: `id` is missing; a record is',
      ],
      ['nothing in an array', { json: [null] }, TypeError, 'records'],
    ])('whose page is %s ends the run, and nothing is closed', async (_what, answer, Class, says) => {
      server.answer = answer;
      const { usageRecords } = connect(server.url, { maxRetries: 0 });
      const error = await failure(
        usageRecords.closeMany(usageRecords.list(), { externalBillingId: INVOICE }),
      );
      expect(error).toBeInstanceOf(Class);
      expect(error.message).toContain(says);
      expect(error.report).toMatchObject({ closed: 0, unknown: [], requests: 0 });
      expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
    });

    test('is not read on when the run is aborted', async () => {
      server.answer = { raw: () => undefined };
      const { usageRecords } = connect(server.url, { maxRetries: 0 });
      const controller = new AbortController();
      const run = usageRecords.closeMany(usageRecords.list(), { signal: controller.signal });
      while (server.requests.length === 0) await new Promise(setImmediate);
      controller.abort();
      expect(await failure(run)).toMatchObject({ code: 'ABORT_ERR', report: { closed: 0, notSent: 0 } });
    });

    test('whose own signal is aborted rejects with its reason', async () => {
      server.answer = { raw: () => undefined };
      const { usageRecords } = connect(server.url, { maxRetries: 0 });
      const controller = new AbortController();
      const list = usageRecords.list({}, { signal: controller.signal });
      const run = usageRecords.closeMany(list, { externalBillingId: INVOICE });
      while (server.requests.length === 0) await new Promise(setImmediate);
      const reason = new Error('enough');
      controller.abort(reason);
      expect(await failure(run)).toMatchObject({ message: 'enough', report: { closed: 0 } });
    });

    test('may be of another client, whose key and hooks it is read with', async () => {
      const { usageRecords } = await start({ records: 3 });
      const other = connect(sandbox.url, undefined, sandbox.apiKey);
      const seen = [];
      other.addBeforeRequestHook((url, options) => {
        seen.push(new URL(url).pathname);
        return { url, options };
      });
      const list = other.usageRecords.list({ status: 'approved' });
      expect(await usageRecords.closeMany(list, { externalBillingId: INVOICE })).toMatchObject({ closed: 3 });
      // A page, and the count of those that are left.
      expect(seen).toEqual(['/public/v1/usage/records', '/public/v1/usage/records']);
    });
  });

  test('a stream that is a table is read by the run, too', async () => {
    const { usageRecords } = await start({ records: 2 });
    const file = write(
      'two.csv',
      `id,external_billing_id\n${records(2)
        .map(({ id }) => `${id},${INVOICE}\n`)
        .join('')}`,
    );
    const table = readRecords(fs.createReadStream(file));
    expect(await usageRecords.closeMany(table)).toMatchObject({ closed: 2 });
    await expect(usageRecords.closeMany(table)).rejects.toThrow('it can be read only once');
  });
});
