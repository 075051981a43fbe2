'use strict';

const path = require('path');
const { DecimalSum } = require('../lib/internal/cli/decimal');
const { readRows } = require('../lib/internal/tables/readRows');
const { KEY, closings, runCommand, writeCsv } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage preview`, and `close --dry-run`: what closing would do, by what the server says.

const folder = useFolder();
const startSandbox = useSandboxes();
const start = (records, options) => startSandbox({ apiKey: KEY, records, ...options });
const csv = (name, rows) => writeCsv(folder, name, rows);

const FILE = { id: 'UF-1', currency: 'EUR' };
const STATES = [
  { id: 'UR-1', usagefile: FILE, usage: 0.1, amount: 0.1 },
  { id: 'UR-2', usagefile: FILE, usage: 0.2, amount: 0.2 },
  { id: 'UR-3', usagefile: { id: 'UF-2', currency: 'USD' }, usage: 5, amount: 7.25 },
  { id: 'UR-4', usagefile: FILE, status: 'closed', external_billing_id: 'INV-7', usage: 1, amount: 2 },
  { id: 'UR-5', usagefile: FILE, status: 'closed', external_billing_id: 'INV-1' },
  { id: 'UR-6', usagefile: FILE, status: 'closed' },
  { id: 'UR-7', usagefile: FILE, status: 'rejected' },
];
const ROWS = [...STATES.map(({ id }) => `${id},INV-7,`), 'UR-99,INV-7,', 'UR-1,INV-7,'];

test.each([
  ['preview', []],
  ['close', ['--dry-run']],
])('%s tells what would become of each record, with sums that are exact', async (command, flags) => {
  const sandbox = await start(STATES);
  const results = path.join(folder, `${command}.csv`);
  const file = csv('states.csv', ROWS);
  const args = [command, file, ...flags, '--results', results];
  const { code, stdout, stderr } = await runCommand([...args, '--json'], { sandbox });
  expect(code).toBe(1);
  expect(closings(sandbox)).toEqual([]);
  const invoice = { externalBillingId: 'INV-7' };
  const { totals, ...preview } = JSON.parse(stdout);
  expect(preview).toMatchObject({
    records: 8,
    approved: 3,
    alreadyClosed: 1,
    conflicts: [
      { id: 'UR-5', externalBillingId: 'INV-1' },
      { id: 'UR-6', externalBillingId: null },
    ],
    otherStates: [{ id: 'UR-7', status: 'rejected' }],
    unknown: [{ id: 'UR-99' }],
    requests: 3,
  });
  expect(sandbox.received).toBe(3);
  expect(totals.filter(({ state }) => state === 'approved')).toEqual([
    {
      state: 'approved',
      ...invoice,
      currency: 'EUR',
      records: 2,
      usage: '0.3',
      amount: '0.3',
      withoutAmount: 0,
    },
    {
      state: 'approved',
      ...invoice,
      currency: 'USD',
      records: 1,
      usage: '5',
      amount: '7.25',
      withoutAmount: 0,
    },
  ]);
  expect(stderr).toContain('asking the server for the list of 7 records: 1 request\n');
  expect(stderr).toContain('reading 1 record singly: 1 request\n');
  const written = [];
  for await (const { cells } of readRows(results)) written.push([cells.id, cells.result, cells.reason]);
  expect(written).toEqual([
    ['UR-1', 'would be closed', ''],
    ['UR-2', 'would be closed', ''],
    ['UR-3', 'would be closed', ''],
    ['UR-4', 'closed', 'is closed with this invoice'],
    ['UR-5', 'closed otherwise', 'is closed with INV-1'],
    ['UR-6', 'closed otherwise', 'is closed without an invoice'],
    ['UR-7', 'cannot be closed', 'is rejected; only an approved one is closed'],
    ['UR-99', 'unknown to the server', 'the server has no such record; check its id'],
    ['UR-1', 'would be closed', `repeats ${file} line 2, and counts once`],
  ]);
  const { stdout: text } = await runCommand(args, { sandbox });
  expect(text).toContain('3 are approved: close would close them\n1 are closed already with this invoice\n');
  expect(text).toContain(
    'to be closed:\n  invoice  currency  records  usage  amount\n  INV-7    EUR             2  0.3    0.3\n',
  );
});

test('the list is narrowed by file, product and dates; what it lacks is read singly', async () => {
  const sandbox = await start([
    { id: 'UR-1', usagefile: { id: 'UF-1' }, product_id: 'PRD-1', start_date: '2021-01-31T12:00:00+00:00' },
    { id: 'UR-2', usagefile: { id: 'UF-2' }, product_id: 'PRD-1', start_date: '2021-01-31T12:00:00+00:00' },
    { id: 'UR-3', usagefile: { id: 'UF-1' }, product_id: 'PRD-2', start_date: '2021-02-01T00:00:00+00:00' },
  ]);
  const file = csv('narrowed.csv', ['UR-1,INV-7,', 'UR-2,INV-7,', 'UR-3,INV-7,']);
  const requests = async (...flags) => {
    const { code, stderr } = await runCommand(['preview', file, '--json', ...flags], { sandbox });
    return [code, /reading (\d+) /.exec(stderr)?.[1]];
  };
  expect(await requests()).toEqual([0, undefined]);
  expect(await requests('--file', 'UF-1')).toEqual([0, '1']);
  expect(await requests('--product', 'PRD-2')).toEqual([0, '2']);
  expect(await requests('--from', '2021-02-01')).toEqual([0, '2']);
  expect(await requests('--to', '2021-01-31')).toEqual([0, '1']);
});

test('a list that is longer than it is worth is not read', async () => {
  const sandbox = await start(1500);
  const [one] = sandbox.records.keys();
  const file = csv('few.csv', [`${one},INV-7,`]);
  const { code, stderr } = await runCommand(['preview', file], { sandbox });
  expect(code).toBe(0);
  expect(stderr).toContain('the list has 1500 records; --file, --product, --from and --to narrow it');
  expect(stderr).toContain('reading 1 record singly: 1 request');
  expect(sandbox.received).toBe(2);
});

test('a server that is down, and wrong flags', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('down.csv', ['UR-1,INV-7,']);
  const wrong = await runCommand(['preview', file, '--from', '2021-02-30'], { sandbox });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--from') });
  const turned = await runCommand(['preview', file, '--from', '2021-03-01', '--to', '2021-02-01'], {
    sandbox,
  });
  expect(turned).toMatchObject({ code: 2, stderr: expect.stringContaining('is after --to') });
  expect(sandbox.received).toBe(0);
  sandbox.faults = [{ kind: 'status', status: 400 }];
  expect((await runCommand(['preview', file], { sandbox })).code).toBe(1);
});

test('sums of decimals do not drift', () => {
  const sumOf = (...values) => {
    const sum = new DecimalSum();
    for (const value of values) sum.add(value);
    return `${sum}`;
  };
  expect(sumOf(0.1, 0.2)).toBe('0.3');
  expect(sumOf(...Array(1000).fill(0.01))).toBe('10');
  expect(sumOf('10.000', -0.005, null, undefined, 'none')).toBe('9.995');
  expect(sumOf(1e-7, 1e21, '-.5')).toBe('999999999999999999999.5000001');
  expect(sumOf(-0.25, 0.25)).toBe('0');
  expect(sumOf()).toBe('0');
});

test('an invoice that a reconciliation gave, and that close replaces, is shown', async () => {
  const sandbox = await start([
    { id: 'UR-1', external_billing_id: 'INV-1' },
    { id: 'UR-2', external_billing_id: 'INV-7' },
    { id: 'UR-3' },
  ]);
  const file = csv('other.csv', ['UR-1,INV-7,', 'UR-2,INV-7,', 'UR-3,INV-7,']);
  const results = path.join(folder, 'other-results.csv');
  const { code, stdout } = await runCommand(['preview', file, '--results', results], { sandbox });
  expect(code).toBe(0);
  expect(stdout).toContain(
    '3 are approved: close would close them\n1 of these have another invoice now, as a reconciliation gives it\n  UR-1 INV-1\n',
  );
  const reasons = [];
  for await (const { cells } of readRows(results)) reasons.push(cells.reason);
  expect(reasons).toEqual(['has the invoice INV-1 now', '', '']);
});
