'use strict';

const fs = require('fs');
const { ConnectClient, DefaultHttpAdapter } = require('../..');
const { KEY } = require('./transports');
const { startUsageServer } = require('./usage-server');

/** What the tests of closeMany share: the records, and the checks that hold for every run and its report. */

const INVOICE = 'INV-7';

/** The records `UR-0`, `UR-1`, ..., as closeMany takes them. */
const records = (count) =>
  Array.from({ length: count }, (_, i) => ({ id: `UR-${i}`, externalBillingId: INVOICE }));

/** Short waits: the options change nothing else of a run. */
const QUICK = { window: 40, readBackTimeout: 150, backOff: 2 };

/** The number of records that a report accounts for. */
const total = ({ closed, alreadyClosed, failed, conflicts, unknown, notSent }) =>
  closed + alreadyClosed + failed.length + conflicts.length + unknown.length + notSent;

/** The ids that a journal states to be closed. */
function closedIn(journal) {
  const ids = new Set();
  for (const line of fs.readFileSync(journal, 'utf8').trim().split('\n').slice(1)) {
    const { is, records = [] } = JSON.parse(line);
    if (is === 'closed') for (const record of records) ids.add(Array.isArray(record) ? record[0] : record);
  }
  return ids;
}

/** Holds for every run: no record is closed twice, reported as failed although it is closed, or sent again without a read. */
function audit(server, report, { maxTries = 5 } = {}, isReadFirst = true) {
  const ids = [...server.records.keys()];
  expect(total(report)).toBe(ids.length);
  expect(server.overlaps).toBe(0);
  for (const { id } of report.failed)
    expect(['invalid', 'rejected']).toContain(server.records.get(id).status);
  for (const { message } of report.unknown) expect(message).toEqual(expect.stringMatching(/\w/));
  const unknown = new Set(report.unknown.map(({ id }) => id));
  const certain = server.closedIds.filter((id) => !unknown.has(id));
  expect(report.closed + report.alreadyClosed + report.conflicts.length).toBe(certain.length);
  for (const id of ids) {
    expect(server.closures(id)).toBeLessThanOrEqual(1);
    expect(server.posts(id)).toBeLessThanOrEqual(maxTries);
    // Sent again only after a read that shows approved: after at most three if all of them do.
    for (const shown of isReadFirst ? server.windows(id).slice(0, -1) : []) {
      expect(shown[shown.length - 1]).toBe('approved');
      if (shown.every((status) => status === 'approved')) expect(shown.length).toBeLessThanOrEqual(3);
    }
  }
}

/** Holds for every report: it has each record once, none as `notSent` that arrived, and none as closed that is not. */
function auditEnd(server, report) {
  const count = server.records.size;
  expect(report).toBeDefined();
  expect(total(report)).toBe(count);
  for (const { id } of report.failed) expect(server.records.get(id).status).toBe('rejected');
  const unknown = new Set(report.unknown.map(({ id }) => id));
  const certain = server.closedIds.filter((id) => !unknown.has(id));
  expect(report.closed + report.alreadyClosed).toBe(certain.length);
  const posted = new Set(server.log.filter(({ what }) => what !== 'read').map(({ id }) => id));
  expect(report.notSent).toBeLessThanOrEqual(count - posted.size);
  for (const { message } of report.unknown) expect(message).toEqual(expect.stringMatching(/\w/));
}

/** Makes a function that throws from its nth call for a `method` on. */
function thrower(thrown, { from = 1, method, times = Infinity } = {}) {
  let count = 0;
  return (called = 'GET') => {
    if (method !== undefined && called !== method) return;
    count += 1;
    if (count >= from && count < from + times) throw thrown;
  };
}

/** An adapter that sends the request, and then throws. */
function adapterThatThrows(thrown) {
  const adapter = new DefaultHttpAdapter();
  const send = adapter.fetch;
  adapter.fetch = async function fetch(url, options) {
    await send.call(this, url, options);
    throw thrown;
  };
  return adapter;
}

/** Resolves to the report of a run, and to the error that it rejected with, if it did. */
async function endOf(running) {
  try {
    return { report: await running };
  } catch (error) {
    return { error, report: error?.report };
  }
}

/**
 * For tests of a run of 30 records whose adapter or hooks are the caller's own: `start(script)` starts its server,
 * `clientWith(adapter)` makes a client, and `closeMany(client, options)` resolves as `endOf` does.
 */
function useRun() {
  const run = { list: records(30), options: { ...QUICK, batchSize: 10, concurrency: 1 }, server: undefined };
  afterEach(() => run.server?.close());
  return Object.assign(run, {
    start: async (script) => {
      run.server = await startUsageServer({ records: run.list.length, ...script });
      return run.server;
    },
    clientWith: (adapter) => new ConnectClient(run.server.url, KEY, adapter),
    closeMany: (client, options) =>
      endOf(client.usageRecords.closeMany(run.list, { ...run.options, ...options })),
  });
}

module.exports = {
  INVOICE,
  QUICK,
  adapterThatThrows,
  audit,
  auditEnd,
  closedIn,
  endOf,
  records,
  thrower,
  total,
  useRun,
};
