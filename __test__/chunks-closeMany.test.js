'use strict';

const fs = require('fs');
const path = require('path');
const { APIError, ConnectClient, HttpError } = require('..');
const { INVOICE, QUICK, records } = require('./support/bulk');
const { chunkId, json, startChunkServer } = require('./support/chunk-server');
const { useFolder } = require('./support/folder');
const { KEY, TRANSPORTS } = require('./support/transports');
const { startUsageServer } = require('./support/usage-server');

const folder = useFolder();
const NOT_SHOWN = 'the chunk is closed, and Connect does not show with which invoice: look it up';

let server;
const start = async (script) => {
  server = await startChunkServer(script);
};
afterEach(() => server?.close());

/** The chunks as closeMany takes them. */
const chunks = (count) =>
  Array.from({ length: count }, (_, i) => ({ id: chunkId(i), externalBillingId: INVOICE }));

/** One chunk as it is in the server. */
const chunk = (status, fields) => ({ id: chunkId(0), status, ...fields });

describe.each(Object.entries(TRANSPORTS))('over %s', (transport, connect) => {
  const journalAt = (name) => path.join(folder, `${name}-${transport}`);
  const closeMany = (list, options) =>
    connect(server.url).usageChunks.closeMany(list, { ...QUICK, ...options });

  test('each chunk is closed by a request of its own', async () => {
    await start({ chunks: 20 });
    const report = await closeMany(chunks(20), { externalBillingNote: 'January' });
    expect(report).toMatchObject({ closed: 20, alreadyClosed: 0, failed: [], unknown: [], requests: 20 });
    expect(server.posts.map(({ id }) => id).sort()).toEqual(chunks(20).map(({ id }) => id));
    expect(server.requests).toContain(`POST /public/v1/usage/chunks/${chunkId(7)}/close`);
    expect(server.posts[0]).toEqual({
      id: expect.any(String),
      external_billing_id: INVOICE,
      external_billing_note: 'January',
    });
  });

  test('a list of another resource is refused before anything is sent', async () => {
    await start({ chunks: 1 });
    const { usageChunks, usageRecords } = connect(server.url);
    await expect(usageChunks.closeMany(usageRecords.list(), { externalBillingId: INVOICE })).rejects.toThrow(
      new TypeError('closeMany: the list is of /usage/records; expected one of /usage/chunks'),
    );
    await expect(usageRecords.closeMany(usageChunks.list())).rejects.toThrow('the list is of /usage/chunks');
    expect(server.requests).toEqual([]);
  });

  test('a lost answer is read back: ready is sent again, closed is unknown', async () => {
    await start({
      chunks: 2,
      onClose: (id, number) => (number === 1 ? { reset: true, processed: id === chunkId(1) } : undefined),
    });
    const report = await closeMany(chunks(2));
    expect(report).toMatchObject({ closed: 1, alreadyClosed: 0, failed: [], conflicts: [] });
    expect(report.unknown).toEqual([
      { id: chunkId(1), code: expect.any(String), message: expect.stringContaining(NOT_SHOWN) },
    ]);
    expect([0, 1].map((i) => server.postsOf(chunkId(i)))).toEqual([2, 1]);
    expect([...server.chunks.values()].map(({ closures }) => closures)).toEqual([1, 1]);
  });

  test('a run with the same journal skips what is closed, and says what it cannot know', async () => {
    const journal = journalAt('resumed');
    await start({
      chunks: 3,
      onClose: (id) => (id === chunkId(2) ? { reset: true, processed: true } : undefined),
    });
    expect(await closeMany(chunks(3), { journal })).toMatchObject({
      closed: 2,
      unknown: [{ id: chunkId(2) }],
    });
    const resumed = await closeMany(chunks(3), { journal });
    expect(resumed).toMatchObject({ closed: 0, alreadyClosed: 2, conflicts: [], failed: [], requests: 1 });
    expect(resumed.unknown).toEqual([
      {
        id: chunkId(2),
        message: `an earlier run may have closed it, and its journal does not say what became of it; ${NOT_SHOWN}`,
      },
    ]);
    const other = await closeMany([{ id: chunkId(0), externalBillingId: 'INV-8' }], { journal });
    expect(other.unknown[0].message).toBe(
      `by the journal an earlier run closed it with another invoice; ${NOT_SHOWN}`,
    );
    expect(server.posts).toHaveLength(3);
  });

  test('a run that was cut off after sending reads back before it sends', async () => {
    const journal = journalAt('cut-off');
    await start({ chunks: 1 });
    await closeMany(chunks(1), { journal });
    // As if the process had ended before it wrote the answer down: the header, and what was sent.
    const [header, sending] = fs.readFileSync(journal, 'utf8').split('\n');
    fs.writeFileSync(journal, `${header}\n${sending}\n`);
    server.requests.length = 0;
    const report = await closeMany(chunks(1), { journal });
    expect(report).toMatchObject({ closed: 0, alreadyClosed: 0, failed: [], unknown: [{ id: chunkId(0) }] });
    expect(report.unknown[0].message).toContain(NOT_SHOWN);
    expect(server.requests).toEqual([`GET /public/v1/usage/chunks/${chunkId(0)}`]);
  });

  test.each([
    ['draft', {}, 'Only a ready chunk can be closed.'],
    [
      'failed',
      { error: { detail: 'Item MPN-1 has no price.' } },
      'Only a ready chunk can be closed; the chunk is failed; only ready chunks can be closed: Item MPN-1 has no price.',
    ],
  ])('one that is %s cannot be closed', async (status, fields, errorDetails) => {
    await start({ chunks: [chunk(status, fields)] });
    const report = await closeMany(chunks(1));
    expect(report).toMatchObject({ closed: 0, unknown: [], conflicts: [] });
    expect(report.failed).toEqual([{ id: chunkId(0), errorCodes: 'VAL_002', errorDetails }]);
    expect(server.posts).toHaveLength(1);
  });

  test('one that does not exist cannot be closed', async () => {
    await start({ chunks: 1 });
    const report = await closeMany([...chunks(1), { id: 'UFC-0', externalBillingId: INVOICE }]);
    expect(report).toMatchObject({ closed: 1, failed: [{ id: 'UFC-0', errorCodes: 'NFND_000' }] });
  });

  test('one that was closed before is neither ours nor a conflict', async () => {
    await start({ chunks: [chunk('closed', { invoice: INVOICE })] });
    const report = await closeMany(chunks(1));
    expect(report).toMatchObject({ closed: 0, alreadyClosed: 0, failed: [], conflicts: [] });
    expect(report.unknown).toEqual([
      {
        id: chunkId(0),
        code: 'VAL_002',
        message: `it was refused: Only a ready chunk can be closed.; ${NOT_SHOWN}`,
      },
    ]);
  });

  test.each([
    [INVOICE, { alreadyClosed: 1, conflicts: [] }],
    ['INV-8', { alreadyClosed: 0, conflicts: [{ id: chunkId(0), externalBillingId: 'INV-8' }] }],
  ])('if the server shows the invoice %s, it decides', async (invoice, expected) => {
    await start({ chunks: [chunk('closed', { invoice })], showsInvoice: true });
    expect(await closeMany(chunks(1))).toMatchObject({ closed: 0, unknown: [], ...expected });
  });

  test('a list is read first, and what is outdated is not closed', async () => {
    const all = Array.from({ length: 250 }, (_, i) => ({ id: chunkId(i), outdated: i === 7 }));
    await start({ chunks: [...all, { id: 'UFC-9', status: 'draft' }] });
    const { usageChunks } = connect(server.url);
    const list = usageChunks.list({ status: 'ready' });
    const report = await usageChunks.closeMany(list, { ...QUICK, externalBillingId: INVOICE });
    expect(report).toMatchObject({ closed: 249, unknown: [], leftOpen: 1 });
    expect(report.failed).toEqual([
      { id: chunkId(7), errorDetails: expect.stringContaining('outdated: regenerate it') },
    ]);
    expect(server.postsOf(chunkId(7))).toBe(0);
    expect(decodeURIComponent(server.requests[0])).toContain('ordering(usagefile.id)');
  });

  test('a list without an invoice is refused, and nothing is closed', async () => {
    await start({ chunks: 2 });
    const { usageChunks } = connect(server.url);
    const closing = usageChunks.closeMany(usageChunks.list({ status: 'ready' }));
    await expect(closing).rejects.toThrow('chunks[0]: `externalBillingId` is missing');
    expect(server.posts).toEqual([]);
  });

  test('an order of the caller is kept', async () => {
    await start({ chunks: 1 });
    const { usageChunks } = connect(server.url);
    const list = usageChunks.list({ status: 'ready', $ordering: '-usagefile.id' });
    expect(await usageChunks.closeMany(list, { externalBillingId: INVOICE })).toMatchObject({ closed: 1 });
    expect(decodeURIComponent(server.requests[0])).toContain('ordering(-usagefile.id)');
  });

  test.each([
    [[{ id: 'UFC-1', externalBillingId: null }], {}, 'chunks[0]: `externalBillingId` is null'],
    [[{ id: 'UFC-1' }], {}, 'chunks[0]: `externalBillingId` is missing'],
    [
      [...chunks(1), { id: chunkId(0), externalBillingId: 'INV-8' }],
      {},
      'a chunk can be billed by one invoice',
    ],
    [chunks(1), { batchSize: 1 }, 'batchSize is not for chunks'],
    [7, {}, 'the chunks must be an array or another iterable, or a file { path }; got 7'],
  ])('%j with %j is refused, and nothing is sent', async (list, options, message) => {
    await start({ chunks: 1 });
    const error = await closeMany(list, options).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(message);
    expect(server.requests).toEqual([]);
  });

  test('a journal of records is not one of chunks, nor the other way round', async () => {
    await start({ chunks: 1 });
    const usage = await startUsageServer({ records: 1 });
    try {
      const ofRecords = journalAt('of-records');
      const ofChunks = journalAt('of-chunks');
      const { usageRecords } = connect(usage.url);
      await usageRecords.closeMany(records(1), { journal: ofRecords });
      await closeMany(chunks(1), { journal: ofChunks });
      // The same endpoint: only the resource differs.
      const { usageChunks } = connect(usage.url);
      const refused = usageChunks.closeMany(chunks(1), { journal: ofRecords });
      await expect(refused).rejects.toThrow(
        /another endpoint, .*\/usage\/records; this run's is .*\/usage\/chunks/,
      );
      const here = connect(server.url).usageRecords.closeMany(records(1), { journal: ofChunks });
      await expect(here).rejects.toThrow(
        /another endpoint, .*\/usage\/chunks; this run's is .*\/usage\/records/,
      );
      expect([usage.requests.length, server.requests.length]).toEqual([1, 1]);
    } finally {
      await usage.close();
    }
  });

  test('an aborted run reports what was under way as unknown, and the rest as not sent', async () => {
    await start({ chunks: 10, onClose: (id) => (id === chunkId(3) ? { hang: true } : undefined) });
    const controller = new AbortController();
    const running = closeMany(chunks(10), {
      concurrency: 1,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 3) controller.abort();
      },
    });
    const { name, report } = await running.catch((error) => error);
    expect(name).toBe('AbortError');
    expect(report).toMatchObject({ closed: 3, notSent: 6, unknown: [{ id: chunkId(3) }] });
  });

  test('the progress counts chunks', async () => {
    await start({ chunks: 5 });
    const seen = [];
    await closeMany(chunks(5), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ done: 5, total: 5, closed: 5, failed: 0 });
  });

  test('a key that may not close them ends the run', async () => {
    await start({ chunks: 9, onClose: () => json(403, { error_code: 'AUTH_001', errors: ['No right.'] }) });
    const error = await closeMany(chunks(9), { concurrency: 1 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 403, report: { closed: 0, notSent: 9 } });
    expect(server.posts).toHaveLength(1);
  });

  test('an endpoint that is not that of Connect ends the run', async () => {
    await start({ chunks: 9, onClose: () => ({ status: 404, body: '<html>' }) });
    const error = await closeMany(chunks(9), { concurrency: 1 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(HttpError);
    expect(error.message).toContain('/usage/chunks/{id}/close was answered with 404');
    expect(error.report).toMatchObject({ closed: 0, unknown: [{ id: chunkId(0) }], notSent: 8 });
  });

  test('after 429 it is sent again', async () => {
    await start({ chunks: 3, onClose: (_id, number) => (number === 1 ? { status: 429 } : undefined) });
    expect(await closeMany(chunks(3))).toMatchObject({ closed: 3, unknown: [], failed: [] });
  });
});

test('on a customised client each request takes the pipeline', async () => {
  await start({ chunks: 2 });
  const client = new ConnectClient(server.url, KEY);
  const seen = [];
  const { fetch } = client.usageChunks;
  client.usageChunks.fetch = function replaced(to, options) {
    seen.push(`${options?.method ?? 'GET'} ${to}`);
    return fetch.call(this, to, options);
  };
  expect(await client.usageChunks.closeMany(chunks(2))).toMatchObject({ closed: 2 });
  expect(seen.sort()).toEqual([0, 1].map((i) => `POST /usage/chunks/${chunkId(i)}/close`));
});
