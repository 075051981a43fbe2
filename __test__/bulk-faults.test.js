'use strict';

const path = require('path');
const { ConnectClient } = require('..');
const { useFolder } = require('./support/folder');
const { INVOICE, records: recordsOf, useSandboxes } = require('./support/sandbox');

// Every fault, at every request, in several kinds of runs: afterwards the sandbox's ledger shows every record closed once,
// and the report agrees with the ledger.

const COUNT = 120;

const BATCH = { method: 'POST', path: '/close-records' };
const SINGLE = { method: 'POST', path: /\/close$/ };
const READ = { method: 'GET' };

/** The faults of a request. */
const KINDS = {
  'reset before processing': { kind: 'resetBefore' },
  'reset after processing': { kind: 'resetAfter' },
  truncated: { kind: 'truncate' },
  'no JSON': { kind: 'badJson' },
  dripping: { kind: 'drip', ms: 1 },
  '500 before processing': { kind: 'status', status: 500 },
  '500 after processing': { kind: 'status', status: 500, processed: true },
  '502 after processing': { kind: 'status', status: 502, processed: true },
  '503 before processing, with Retry-After': { kind: 'status', status: 503, retryAfter: 0.01 },
  '503 after processing': { kind: 'status', status: 503, processed: true, retryAfter: 0.01 },
  '429 with Retry-After': { kind: 'status', status: 429, retryAfter: 0.01 },
  '408 after processing': { kind: 'status', status: 408, processed: true },
  '400 before processing': { kind: 'status', status: 400 },
  '413 before processing': { kind: 'status', status: 413 },
  '404 before processing': { kind: 'status', status: 404 },
};

const PARTIAL = {
  'records refused, open': { kind: 'partial', rate: 0.3, times: 2 },
  'records refused, closed': { kind: 'partial', rate: 0.3, processed: true },
  'records missing, open': { kind: 'partial', rate: 0.3, missing: true, times: 2 },
  'records missing, closed': { kind: 'partial', rate: 0.3, missing: true, processed: true },
};

/** Short waits: the sandbox does everything before it answers. */
const PATIENCE = { backOff: 2, window: 8, readBackTimeout: 200 };

/** How often: the first request, or some of all. */
const FREQUENCIES = { once: { times: 1 }, 'now and then': { rate: 0.4, times: 40 } };

const RUNS = {
  'one at a time': { concurrency: 1, batchSize: 40 },
  'four at a time, small batches': { concurrency: 4, batchSize: 9 },
};

const POINTS = { batch: BATCH, single: SINGLE, read: READ };

/** A fault at the point asked for; at the later points, the batches fail first, so that there are such requests. */
function script(point, fault) {
  const first = {
    batch: [],
    single: [{ kind: 'status', status: 400, when: BATCH }],
    read: [{ kind: 'resetAfter', when: BATCH, rate: 0.5 }],
  }[point];
  return [{ ...fault, when: POINTS[point] }, ...first];
}

const CASES = Object.keys(RUNS).flatMap((run) => [
  ...Object.keys(POINTS).flatMap((point) =>
    Object.entries(KINDS).flatMap(([what, fault]) =>
      Object.entries(FREQUENCIES).map(([how, frequency]) => [
        `${what}, ${point}, ${how}, ${run}`,
        script(point, { ...fault, ...frequency }),
        RUNS[run],
      ]),
    ),
  ),
  ...Object.entries(PARTIAL).map(([what, fault]) => [
    `${what}, ${run}`,
    [{ ...fault, when: BATCH }],
    RUNS[run],
  ]),
]);

const startSandbox = useSandboxes();
const folder = useFolder();
let journals = 0;
const records = recordsOf(COUNT);

/** What the ledger says of a run, held against its report. */
function audit(sandbox, report) {
  const closedIds = [...sandbox.records.values()]
    .filter(({ status }) => status === 'closed')
    .map(({ id }) => id);
  for (const id of closedIds) expect(sandbox.closures.get(id)).toHaveLength(1);
  for (const attempts of sandbox.attempts.values()) {
    // Closed once; whatever came after was for the same invoice, and the API said that it was closed already.
    expect(attempts.filter(({ outcome }) => outcome === 'closed').length).toBeLessThanOrEqual(1);
    for (const { externalBillingId } of attempts) expect(externalBillingId).toBe(INVOICE);
  }
  const { closed, alreadyClosed, failed, conflicts, unknown, notSent } = report;
  expect(closed + alreadyClosed + failed.length + conflicts.length + unknown.length + notSent).toBe(COUNT);
  // What is called closed is; what is called failed is not; only of what is called unknown nothing is said.
  const isClosed = new Set(closedIds);
  for (const { id } of failed) expect(isClosed.has(id)).toBe(false);
  const unknownClosed = unknown.filter(({ id }) => isClosed.has(id)).length;
  for (const { message } of unknown) expect(message).toMatch(/\w/);
  expect(closed + alreadyClosed).toBe(closedIds.length - unknownClosed);
  return { isClosed };
}

async function run(faults, options, { isHooked, journal }) {
  const sandbox = await startSandbox({ records: COUNT, faults, keepRequests: 0 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  if (isHooked) client.addBeforeRequestHook((url, given) => ({ url, options: given }));
  const report = await client.usageRecords
    .closeMany(records, { ...options, ...PATIENCE, journal })
    .catch((error) => {
      // A batch that is answered with a 404 of somebody else ends the run.
      if (error.status !== 404) throw error;
      return error.report;
    });
  audit(sandbox, report);
  // Whatever went wrong, once it goes right again a second run settles all that is open.
  sandbox.faults = [];
  const again = await client.usageRecords.closeMany(records, { ...PATIENCE, journal });
  expect(again).toMatchObject({ failed: [], conflicts: [], unknown: [], notSent: 0 });
  expect(again.closed + again.alreadyClosed).toBe(COUNT);
  audit(sandbox, again);
  return report;
}

describe.each([
  ['the engine, with a journal', { isHooked: false, hasJournal: true }],
  ['a hook', { isHooked: true, hasJournal: false }],
])('over %s', (_path, { isHooked, hasJournal }) => {
  test.each(CASES)('%s', async (_what, faults, options) => {
    journals += 1;
    const journal = hasJournal ? path.join(folder, `${journals}`) : undefined;
    const report = await run(faults, options, { isHooked, journal });
    // These go away by themselves, or say for certain what was done: nothing of them is left over.
    expect(report.conflicts).toEqual([]);
  });
});

test('throttled by a bucket of tokens, the run keeps to it and closes all', async () => {
  const sandbox = await startSandbox({
    records: COUNT,
    faults: [{ kind: 'throttle', perSecond: 40, burst: 3, retryAfter: 0.02 }],
  });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  const report = await client.usageRecords.closeMany(records, { batchSize: 10, concurrency: 8, backOff: 5 });
  expect(report).toMatchObject({ closed: COUNT, failed: [], unknown: [] });
  expect(report.retries).toBeGreaterThan(0);
  audit(sandbox, report);
});

test('a server that never answers leaves its records unknown when the deadline has passed, and open ones open', async () => {
  const sandbox = await startSandbox({ records: COUNT, faults: [{ kind: 'hang', processed: true }] });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey, { readTimeout: 500 });
  const report = await client.usageRecords.closeMany(records, {
    ...PATIENCE,
    batchSize: 60,
    concurrency: 64,
  });
  expect(report).toMatchObject({ closed: 0, failed: [], conflicts: [] });
  expect(report.unknown).toHaveLength(COUNT);
});
