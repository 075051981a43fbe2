'use strict';

const { execFile, spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { line } = require('../lib/internal/cli/progressBar');
const { recordId } = require('../testing');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');
const { startServer } = require('./support/server');

// `connect-usage`, as its users run it: in a process of its own.

const script = path.join(__dirname, '..', 'bin', 'connect-usage.js');
const SECRET = 'topsecret';
const KEY = `ApiKey SU-000-000:${SECRET}`;

const folder = useFolder();
const startSandbox = useSandboxes();
let sandbox;
const start = async (options) => {
  sandbox = await startSandbox({ apiKey: KEY, ...options });
};
const environment = () => ({ ...process.env, CONNECT_ENDPOINT: sandbox.url, CONNECT_API_KEY: KEY });

function run(...args) {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { cwd: folder, env: environment() },
      (error, stdout, stderr) => {
        expect(`${stdout}${stderr}`).not.toContain(SECRET);
        resolve({ code: error ? error.code : 0, stdout, stderr });
      },
    );
  });
}

function csv(name, rows) {
  const text = ['id,external_billing_id,external_billing_note', ...rows].join('\n');
  fs.writeFileSync(path.join(folder, name), `${text}\n`);
  return name;
}
const month = (count) => Array.from({ length: count }, (_, index) => `${recordId(index)},INV-7,"a, ""b"""`);

test('closes the records of a file: exit code 0', async () => {
  await start({ records: 250 });
  const { code, stdout, stderr } = await run('close', csv('month.csv', month(250)), '--yes');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^closed 250 of 250 records\n/);
  const { external_billing_id: bill, external_billing_note: note } = sandbox.records.get(recordId(7));
  expect([bill, note]).toEqual(['INV-7', 'a, "b"']);
});

test('some cannot be closed: exit code 1, and which', async () => {
  await start({ records: [{ id: 'UR-1' }, { id: 'UR-2', status: 'rejected' }] });
  const { code, stdout } = await run('close', csv('some.csv', ['UR-1,INV-7,', 'UR-2,INV-7,']), '--yes');
  expect(code).toBe(1);
  expect(stdout).toContain('closed 1 of 2 records\n1 could not be closed\n  UR-2 VAL_001 ');
});

test('of some it is not known: exit code 3, as JSON', async () => {
  await start({ records: 1 });
  const somebody = await startServer({ status: 404, body: '<html>not here</html>' });
  const file = csv('unknown.csv', ['UR-1,INV-7,']);
  // A 404 that is not the API's own: who answered may be anybody, and may have done anything.
  const { code, stdout, stderr } = await run('close', file, '--yes', '--json', '--endpoint', somebody.url);
  await somebody.close();
  expect(code).toBe(3);
  const { unknown, cause } = JSON.parse(stdout);
  expect(unknown).toMatchObject([{ id: 'UR-1', status: 404, message: expect.stringContaining('endpoint') }]);
  expect(cause.status).toBe(404);
  expect(stderr).toContain('the run ended early');
});

test('a journal, a dry run, a batch size', async () => {
  await start({ records: 20 });
  const file = csv('journal.csv', month(20));
  const dry = await run('close', file, '--dry-run', '--json', '--journal', 'a.journal');
  expect(dry.code).toBe(0);
  expect(JSON.parse(dry.stdout)).toMatchObject({ approved: 20, alreadyClosed: 0, requests: 2 });
  expect(sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
  const first = await run(
    'close',
    file,
    '--yes',
    '--journal',
    'a.journal',
    '--batch-size',
    '5',
    '--concurrency=2',
    '--json',
  );
  expect(JSON.parse(first.stdout)).toMatchObject({ closed: 20, requests: 4 });
  const second = await run('close', file, '--yes', '--journal', 'a.journal', '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({ closed: 0, alreadyClosed: 20, requests: 0 });
});

test('columns that are not read are named: a misspelt one may be among them', async () => {
  await start({ records: 1 });
  fs.writeFileSync(path.join(folder, 'ignored.csv'), `id,Invoice,asset\n${recordId(0)},INV-7,AS-1\n`);
  const { code, stderr } = await run('close', 'ignored.csv', '--billing-id', 'INV-8', '--yes');
  expect(stderr).toContain('columns that are not read: Invoice, asset');
  expect(code).toBe(0);
});

test('list writes what close reads', async () => {
  await start({ records: 120 });
  const listed = await run('list', '--status', 'approved', '--csv', '--billing-id', 'INV-9');
  expect(listed.code).toBe(0);
  expect(listed.stdout.split('\n').slice(0, 2)).toEqual([
    'id,external_billing_id,external_billing_note',
    `${recordId(0)},INV-9,`,
  ]);
  fs.writeFileSync(path.join(folder, 'listed.csv'), listed.stdout);
  expect((await run('close', 'listed.csv', '--yes')).code).toBe(0);
  expect(JSON.parse((await run('list', '--status', 'approved', '--json')).stdout)).toEqual([]);
  const some = await run('list', '--limit', '3', '--json');
  expect(JSON.parse(some.stdout).map(({ status }) => status)).toEqual(Array(3).fill('closed'));
  expect((await run('list', '--limit', '1')).stdout).toContain(`${recordId(0)}  closed`);
});

test.each([
  [[], 'missing command'],
  [['clos'], "unknown command 'clos'; did you mean 'close'?"],
  [['close'], 'expected at least one CSV or xlsx file'],
  [['close', 'a.csv', 'a.csv'], 'the file a.csv is given twice'],
  [['close', 'none.csv'], 'cannot read none.csv'],
  [['close', 'a.csv', '--concurrency', 'x'], "--concurrency must be a whole number above 0; got 'x'"],
  [['close', 'a.csv', '--apikey', 'x'], '--apikey'],
  [
    ['list', '--status', 'open'],
    "--status must be one of valid, invalid, approved, rejected, closed; got 'open'",
  ],
  [['list', '--csv', '--json'], 'cannot be used together'],
  [['list', 'x'], "list takes no arguments; got 'x'"],
])('%p is wrong usage: exit code 2, nothing sent', async (args, message) => {
  await start({ records: 1 });
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(sandbox.received).toBe(0);
});

test.each([
  [['UR-1,INV-7,', ',INV-7,'], 'line 3 has no id'],
  [['UR-1,INV-7,', 'UR-1,INV-8,'], 'came before with another external billing id'],
  [['UR-1'], 'cannot use wrong.csv'],
])('a file with the lines %p is refused as a whole', async (rows, message) => {
  await start({ records: [{ id: 'UR-1' }] });
  const { code, stderr } = await run('close', csv('wrong.csv', rows));
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(sandbox.received).toBe(0);
});

test('every refused row is printed', async () => {
  await start({ records: 1 });
  const rows = Array.from({ length: 120 }, (_, index) => `UR-${index},#N/A,`);
  const { code, stdout, stderr } = await run('close', csv('refused.csv', ['UR-X,INV-7,', ...rows]));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('cannot use refused.csv:\n  line 3, external_billing_id');
  expect(stderr.split('\n').filter((text) => text.startsWith('  line '))).toHaveLength(120);
  expect(stderr).toContain("\n  line 122, external_billing_id: '#N/A' is an error");
  expect(sandbox.received).toBe(0);
});

test('each record needs an invoice, its own or one for all', async () => {
  await start({ records: [{ id: 'UR-1' }, { id: 'UR-2' }] });
  const some = csv('some-invoices.csv', ['UR-1,INV-7,', 'UR-2,,']);
  expect(await run('close', some)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('line 3 has no invoice'),
  });
  fs.writeFileSync(path.join(folder, 'ids.csv'), 'Record ID\nUR-2\n');
  const without = await run('close', 'ids.csv');
  expect(without).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no column external_billing_id'),
  });
  expect(sandbox.received).toBe(0);
  expect((await run('close', some, '--yes', '--billing-id', 'INV-8')).code).toBe(0);
  expect(sandbox.records.get('UR-2').external_billing_id).toBe('INV-8');
});

test('help, and a missing key', async () => {
  await start({ records: 1 });
  expect((await run('--help')).stdout).toContain('connect-usage records close january.xlsx');
  const env = { ...environment() };
  delete env.CONNECT_API_KEY;
  const stderr = await new Promise((resolve) => {
    execFile(process.execPath, [script, 'list'], { env }, (_error, _stdout, text) => resolve(text));
  });
  expect(stderr).toContain('CONNECT_API_KEY is missing');
});

test('a wrong key is one line of standard error: exit code 1', async () => {
  await start({ records: 1, apiKey: 'ApiKey SU-000-000:other' });
  const { code, stdout, stderr } = await run('close', csv('key.csv', month(1)), '--yes');
  expect(code).toBe(1);
  expect(stderr).toContain('failed with status 401: AUTH_001 API request is unauthorized.');
  expect(stdout).toContain('1 were not sent');
});

test('an interrupt ends the run with its report, and the next one goes on with the journal', async () => {
  await start({ records: 300, faults: [{ kind: 'hang', processed: true, when: { from: 2 } }] });
  const file = csv('interrupted.csv', month(300));
  const args = [script, 'close', file, '--yes', '--journal', 'i.journal', '--concurrency', '1', '--json'];
  const child = spawn(process.execPath, args, { cwd: folder, env: environment() });
  let stdout = '';
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  for (let i = 0; i < 1000 && sandbox.received < 2; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ closed: 100, notSent: 100 });
  sandbox.faults = [];
  const again = await run('close', file, '--yes', '--journal', 'i.journal', '--json');
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    closed: 200,
    alreadyClosed: 100,
    failed: [],
    unknown: [],
  });
  for (const closures of sandbox.closures.values()) expect(closures).toHaveLength(1);
});

test('who reads no further ends it in peace', async () => {
  await start({ records: 5000 });
  const child = spawn(process.execPath, [script, 'list', '--json'], { env: environment() });
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('the progress bar says how far it is', () => {
  expect(line({ done: 50, total: 200, failed: 2, rate: 99.6, etaMs: 61000 })).toBe(
    '[########----------------------]  25 %  50/200  100/s  1:01 left  2 not confirmed',
  );
  expect(line({ done: 50, failed: 0, rate: 10 })).toBe('[------------------------------]  50  10/s');
});
