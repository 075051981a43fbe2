'use strict';

const path = require('path');
const { readRows } = require('../lib/internal/tables/readRows');
const { writeRows } = require('../lib/internal/tables/writeRows');
const { KEY, closings, runCommand, writeCsv } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage list --out` and `plan`: from the records of a month to the file that `close` takes.

const folder = useFolder();
const startSandbox = useSandboxes();
const start = (records) => startSandbox({ apiKey: KEY, records });
const inFolder = (name) => path.join(folder, name);

/** The rows of a table as objects. */
async function tableOf(file, options) {
  const rows = [];
  for await (const { cells } of readRows(file, options)) rows.push(cells);
  return rows;
}

const asset = (number, externalId) => ({
  id: `AS-${number}`,
  external_id: externalId,
  external_uid: `uid-${number}`,
  tiers: { customer: { name: `Customer ${number}` } },
});
const MONTH = [
  {
    id: 'UR-1',
    asset: asset(1, '00123'),
    item: { id: 'PRD-1-1', mpn: 'SEAT', name: 'Seat', unit: 'user' },
    usagefile: { id: 'UF-1', name: 'January', schema: 'tr', currency: 'EUR' },
    usage: 12.5,
    amount: 99.95,
    tier: 2,
  },
  { id: 'UR-2', asset: asset(2, '=1+1') },
  {
    id: 'UR-3',
    asset: asset(3, '300'),
    status: 'closed',
    external_billing_id: 'INV-1',
    external_billing_note: 'n',
  },
];

test.each(['.xlsx', '.csv'])(
  'list --out (%s) has all that billing needs, and close reads it',
  async (end) => {
    const sandbox = await start(MONTH);
    const out = inFolder(`list${end}`);
    const args = ['list', '--out', out, '--billing-id', 'INV-7'];
    expect(await runCommand(args, { sandbox })).toEqual({
      code: 0,
      stdout: `${out}: 3 records\n`,
      stderr: '',
    });
    const rows = await tableOf(out);
    expect(rows[0]).toEqual({
      id: 'UR-1',
      status: 'approved',
      external_billing_id: 'INV-7',
      external_billing_note: '',
      usage: '12.5',
      'item.unit': 'user',
      amount: '99.95',
      currency: 'EUR',
      'item.id': 'PRD-1-1',
      'item.mpn': 'SEAT',
      'item.name': 'Seat',
      'asset.id': 'AS-1',
      'asset.external_id': '00123',
      'asset.external_uid': 'uid-1',
      customer: 'Customer 1',
      'product.id': 'PRD-736-723-721',
      'usagefile.id': 'UF-1',
      'usagefile.name': 'January',
      'usagefile.schema': 'tr',
      start_date: '2021-01-01T00:00:00+00:00',
      end_date: '2021-01-02T00:00:00+00:00',
      tier: '2',
      closed_at: '',
    });
    expect(rows[2]).toMatchObject({ external_billing_id: 'INV-1', external_billing_note: 'n' });
    const closed = await runCommand(['close', out, '--yes', '--json'], { sandbox });
    // Its own columns are no reason to warn.
    expect(closed.stderr).toBe('');
    expect(JSON.parse(closed.stdout)).toMatchObject({ closed: 2, alreadyClosed: 1 });
  },
);

test('list is narrowed, and refuses flags that mean nothing', async () => {
  const sandbox = await start([
    { id: 'UR-1', usagefile: { id: 'UF-1' } },
    { id: 'UR-2', usagefile: { id: 'UF-2' }, asset: asset(9, 'X-9') },
  ]);
  const ids = async (...flags) => {
    const { stdout } = await runCommand(['records', 'list', '--json', ...flags], { sandbox });
    return JSON.parse(stdout).map(({ id }) => id);
  };
  expect(await ids()).toEqual(['UR-1', 'UR-2']);
  expect(await ids('--file', 'UF-2')).toEqual(['UR-2']);
  expect(await ids('--asset-external-id', 'X-9')).toEqual(['UR-2']);
  expect(await ids('--filter', 'ne(status,approved)')).toEqual([]);
  for (const [flags, message] of [
    [['--billing-id', 'INV-7'], '--billing-id needs --out'],
    [['--csv', '--out', 'a.csv'], 'cannot be used together'],
    [['--out', 'a.txt'], '--out must end in .csv or .xlsx'],
    [['--out', 'a.csv', '--billing-id', '#N/A'], "--billing-id: '#N/A'"],
    [['--file', 'UR-1'], 'is a usage record'],
  ]) {
    const { code, stderr } = await runCommand(['list', ...flags], { sandbox });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  }
});

const PLANNED = [
  { id: 'UR-1', asset: asset(1, '00123') },
  { id: 'UR-2', asset: asset(1, '00123') },
  { id: 'UR-3', asset: asset(2, '200') },
  { id: 'UR-4', asset: asset(3, '300') },
  { id: 'UR-5', asset: asset(4, '400'), status: 'rejected' },
];

test('plan gives records their invoices by any column, lists what matched nothing or twice, and close takes it', async () => {
  const sandbox = await start(PLANNED);
  const map = inFolder('invoices.xlsx');
  const columns = ['Asset.External_ID', 'External Billing ID', 'external_billing_note'];
  const rows = [
    ['00123', 'INV-7', 'January'],
    ['300', 'INV-8', null],
    ['300', 'INV-9', null],
    ['900', 'INV-7', null],
    ['00123', 'INV-7', null],
  ];
  await writeRows(map, [{ name: 'records', columns, rows }]);
  const out = inFolder('plan.xlsx');
  const args = ['plan', '--map', map, '--by', 'asset.external_id', '--out', out];
  const { code, stdout } = await runCommand(args, { sandbox });
  expect(code).toBe(1);
  expect(stdout).toBe(
    [
      `${out}: 2 records of 1 invoice`,
      '1 record without a row of the file:',
      '  UR-3 asset.external_id 200',
      '1 record with several invoices, left out:',
      '  UR-4 asset.external_id 300',
      '1 value of asset.external_id with several invoices:',
      '  300: INV-8 (row 3), INV-9 (row 4)',
      '1 row of the file without a record:',
      '  row 5: 900 INV-7',
      '',
    ].join('\n'),
  );
  const plan = await tableOf(out);
  expect(plan.map((row) => [row.id, row.external_billing_id, row.external_billing_note])).toEqual([
    ['UR-1', 'INV-7', 'January'],
    ['UR-2', 'INV-7', 'January'],
  ]);
  expect((await tableOf(out, { sheet: 'not matched' })).map(({ id }) => id)).toEqual(['UR-3', 'UR-4']);
  const json = JSON.parse((await runCommand([...args, '--json'], { sandbox })).stdout);
  expect(json).toMatchObject({ records: 2, unmatched: [{ id: 'UR-3', key: '200' }], unused: [{ row: 5 }] });
  expect(closings(sandbox)).toEqual([]);
  expect((await runCommand(['close', out, '--yes'], { sandbox })).code).toBe(0);
  expect(sandbox.records.get('UR-2')).toMatchObject({ status: 'closed', external_billing_id: 'INV-7' });
});

test('a mapping may have other headers; all matched is exit code 0', async () => {
  const sandbox = await start(PLANNED.slice(0, 2));
  const map = writeCsv(folder, 'erp.csv', ['Customer 1,4711'], 'Customer,Invoice No');
  const out = inFolder('erp-plan.csv');
  const flags = ['--by', 'customer', '--key', 'customer', '--invoice-column', 'Invoice No', '--out', out];
  expect((await runCommand(['plan', '--map', map, ...flags], { sandbox })).code).toBe(0);
  expect((await tableOf(out)).map((row) => row.external_billing_id)).toEqual(['4711', '4711']);
});

test('a mapping that cannot be used is refused as a whole', async () => {
  const sandbox = await start(PLANNED);
  const rows = ['00123,#N/A', '200,', ',INV-7', '300,1.2E+11'];
  const map = writeCsv(folder, 'wrong.csv', rows, 'asset.external_id,external_billing_id');
  const out = inFolder('never.csv');
  const args = ['plan', '--map', map, '--by', 'asset.external_id', '--out', out];
  const { code, stderr } = await runCommand(args, { sandbox });
  expect(code).toBe(2);
  expect(stderr).toContain(`cannot use ${map}:\n  line 2, external_billing_id: '#N/A' is`);
  expect(stderr).toContain('\n  line 3 has no external_billing_id\n  line 4 has no asset.external_id\n');
  expect(stderr).toContain("\n  line 5, external_billing_id: '1.2E+11'");
  expect(sandbox.received).toBe(0);
  for (const [flags, message] of [
    [['--map', map, '--out', out], '--by is missing'],
    [['--map', map, '--by', 'assets', '--out', out], '--by must be a column of records list --out'],
    [['--map', map, '--by', 'item.mpn', '--out', out], 'it has no column item.mpn; name one with --key'],
    [['--map', map, '--by', 'customer', '--out', map], 'would replace the file of --map'],
    [['--map', map, '--by', 'customer', '--to', 'plan.xlsx', '--out', out], '--out names a file'],
    [['--map', 'none.csv', '--by', 'customer', '--out', out], 'cannot read none.csv'],
  ]) {
    const wrong = await runCommand(['plan', ...flags], { sandbox });
    expect(wrong).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  }
});
