'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { recordId, startSandbox } = require('../testing');

// A run is killed at any moment, again and again, while much goes wrong besides. In the end ledger, journal and report
// agree: every record was closed once.

const COUNT = 20000;
const KILLS = 50;
const INVOICE = 'INV-7';

jest.setTimeout(300000);

/** The program that is killed: it closes all records, with a journal, and prints its report. */
const PROGRAM = `
  const { ConnectClient } = require(${JSON.stringify(path.join(__dirname, '..'))});
  const { recordId } = require(${JSON.stringify(path.join(__dirname, '..', 'testing'))});
  const [url, apiKey, journal] = process.argv.slice(1);
  const client = new ConnectClient(url, apiKey);
  const records = Array.from({ length: ${COUNT} }, (_, i) => ({ id: recordId(i), externalBillingId: '${INVOICE}' }));
  process.stdout.write('.');
  client.usageRecords
    .closeMany(records, { journal, backOff: 2, concurrency: 8, batchSize: 50 })
    .then((report) => console.log(JSON.stringify(report)));`;

const FAULTS = [
  { kind: 'status', status: 429, retryAfter: 0.01, rate: 0.01 },
  { kind: 'resetBefore', rate: 0.01 },
  { kind: 'resetAfter', rate: 0.02 },
  { kind: 'truncate', rate: 0.02 },
  { kind: 'status', status: 502, processed: true, rate: 0.01 },
  { kind: 'partial', rate: 0.01, missing: true, when: { path: '/close-records' }, times: 40 },
  { kind: 'partial', rate: 0.01, processed: true, when: { path: '/close-records' }, times: 40 },
];

/** Starts the program; `kill` ends it at once, `report` is what it printed if it came to its end. */
function startProgram(args) {
  const child = spawn(process.execPath, ['-e', PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  const begun = new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.on('data', (piece) => {
    printed += piece;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    begun,
    kill: () => child.kill('SIGKILL'),
    report: ended.then(() => (printed.includes('{') ? JSON.parse(printed.slice(1)) : undefined)),
  };
}

/** Numbers from 0 to 1, the same in every run (a linear congruential generator). */
function makeChance(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

/** The last word of the journal on each record. */
function readJournal(file) {
  const last = new Map();
  for (const text of fs.readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const { sending, is, records } = JSON.parse(text);
    for (const [id] of sending || records) if (last.get(id) !== 'closed') last.set(id, is || 'sending');
  }
  return last;
}

test(`killed ${KILLS} times over ${COUNT} records, with faults`, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-crash-'));
  const sandbox = await startSandbox({ records: COUNT, keepRequests: 0, latencyMs: 2, faults: FAULTS });
  try {
    const journal = path.join(folder, 'journal');
    const chance = makeChance(20261123);
    let kills = 0;
    let report;
    while (report === undefined) {
      const program = startProgram([sandbox.url, sandbox.apiKey, journal]);
      await program.begun;
      if (kills < KILLS) {
        await new Promise((resolve) => setTimeout(resolve, chance() * 60));
        program.kill();
      }
      kills += 1;
      report = await program.report;
    }
    // If the runs had come to an end before, this would be another test.
    expect(kills).toBe(KILLS + 1);

    expect(report).toMatchObject({ failed: [], conflicts: [], unknown: [], notSent: 0 });
    expect(report.closed + report.alreadyClosed).toBe(COUNT);
    // Killed in between, not before it had begun or after it was done.
    expect(report.alreadyClosed).toBeGreaterThan(0);
    expect(report.closed).toBeGreaterThan(0);

    expect(sandbox.closures.size).toBe(COUNT);
    for (let i = 0; i < COUNT; i += 1) {
      const closures = sandbox.closures.get(recordId(i));
      if (closures.length !== 1) throw new Error(`${recordId(i)} was closed ${closures.length} times`);
      expect(closures[0].externalBillingId).toBe(INVOICE);
    }
    const last = readJournal(journal);
    expect(last.size).toBe(COUNT);
    expect([...last.values()].filter((is) => is !== 'closed')).toEqual([]);
  } finally {
    await sandbox.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
