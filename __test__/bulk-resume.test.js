'use strict';

const { spawn } = require('child_process');
const path = require('path');
const { INVOICE, QUICK, audit, closedIn, endOf, records } = require('./support/bulk');
const { useFolder } = require('./support/folder');
const { TRANSPORTS } = require('./support/transports');
const { startUsageServer } = require('./support/usage-server');

// A run that goes on from the journal of another one, which was called off or killed while a POST was under way: nobody
// knows when that POST ended, and reads may lag behind it.

const ID = 'UR-0';

const folder = useFolder();
let journals = 0;
let server;
afterEach(() => server?.close());
const newJournal = () => path.join(folder, `${journals++}`);

/** Lets the server answer as Connect does from now on, with an empty ledger of requests. */
const mend = () =>
  Object.assign(server, { onBulk: () => undefined, onPost: () => undefined, log: [], posting: new Map() });

describe.each(Object.keys(TRANSPORTS))('over %s', (transport) => {
  const run = (options, list = records(server.records.size)) =>
    TRANSPORTS[transport](server.url).usageRecords.closeMany(list, { ...QUICK, ...options });

  /** Leaves a journal in which the record is under way, by an aborted run; the server closed it, or not. */
  async function interrupt(processed, count = 1) {
    const journal = newJournal();
    const controller = new AbortController();
    server = await startUsageServer({ records: count, isSilent: true, onPost: () => controller.abort() });
    server.onBulk = () => ({ hang: true, processed });
    const { report } = await endOf(run({ journal, signal: controller.signal }));
    expect(report.unknown).toHaveLength(count);
    mend();
    return journal;
  }

  test.each([0, 1, 2, 5, 9])(
    'a run that goes on settles what was closed before, with %i reads lagging',
    async (lag) => {
      const journal = await interrupt(true);
      server.lags = (_id, reads) => reads < lag;
      const report = await run({ journal, readBackTimeout: 2000 });
      audit(server, report);
      expect(report).toMatchObject({ failed: [], unknown: [], conflicts: [] });
      expect(server.posts(ID)).toBe(lag < 3 ? 0 : 1);
      expect([...closedIn(journal)]).toEqual([ID]);
    },
  );

  test('a run that goes on calls nothing failed that lags for ever', async () => {
    const journal = await interrupt(true);
    server.lags = () => true;
    expect(await run({ journal })).toMatchObject({ failed: [], unknown: [{ id: ID }] });
    expect(server.posts(ID)).toBe(1);
    expect([...closedIn(journal)]).toEqual([]);
  });

  test('a run that goes on reads first, sends what is open, and counts anew', async () => {
    const journal = await interrupt(false);
    server.onBulk = (_items, number) => (number <= 5 ? { reset: true } : undefined);
    server.batches = 0;
    const { unknown } = await run({ journal });
    expect(unknown).toHaveLength(1);
    expect(server.log[0]).toMatchObject({ what: 'read', shown: 'approved' });
    expect(server.posts(ID)).toBe(5);
    expect(await run({ journal })).toMatchObject({ closed: 1, unknown: [] });
    expect(server.closures(ID)).toBe(1);
  });

  test('a run that goes on waits for a window of its own, and closes the rest meanwhile', async () => {
    const journal = await interrupt(false, 3);
    for (let i = 3; i < 40; i += 1) server.records.set(`UR-${i}`, { id: `UR-${i}`, status: 'approved' });
    const controller = new AbortController();
    const onProgress = ({ done }) => done === 37 && controller.abort();
    const { report } = await endOf(run({ journal, window: 1e6, signal: controller.signal, onProgress }));
    expect(report).toMatchObject({ closed: 37, notSent: 0, failed: [] });
    expect(report.unknown).toHaveLength(3);
    for (const { id } of report.unknown) expect([server.posts(id), server.reads(id) > 0]).toEqual([0, true]);
  });
});

const PROGRAM = `
  const { TRANSPORTS } = require(${JSON.stringify(require.resolve('./support/transports'))});
  const [transport, url, journal] = process.argv.slice(1);
  const records = [{ id: '${ID}', externalBillingId: '${INVOICE}' }];
  TRANSPORTS[transport](url).usageRecords.closeMany(records, { ...${JSON.stringify(QUICK)}, journal });`;

describe.each(Object.keys(TRANSPORTS))('killed, over %s', (transport) => {
  test.each([
    [true, 2, 0],
    [true, 7, 1],
    [false, 0, 1],
  ])('closed: %p, with %i reads that lag', async (processed, lag, posts) => {
    const journal = newJournal();
    let child;
    server = await startUsageServer({ isSilent: true, onPost: () => child.kill('SIGKILL') });
    server.onBulk = () => ({ hang: true, processed });
    server.lags = (_id, reads) => reads < lag;
    child = spawn(process.execPath, ['-e', PROGRAM, transport, server.url, journal], { stdio: 'inherit' });
    await new Promise((resolve) => child.once('close', resolve));
    expect(server.posts(ID)).toBe(1);
    mend();
    // Long enough for its three reads on a busy machine.
    const options = { ...QUICK, window: 2000, readBackTimeout: 2000, journal };
    const report = await TRANSPORTS[transport](server.url).usageRecords.closeMany(records(1), options);
    audit(server, report);
    expect(report).toMatchObject({ failed: [], unknown: [], conflicts: [] });
    expect([server.posts(ID), server.closures(ID)]).toEqual([posts, 1]);
    expect(server.log[0].what).toBe('read');
  });
});
