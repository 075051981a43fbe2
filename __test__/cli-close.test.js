'use strict';

const fs = require('fs');
const path = require('path');
const { readRows } = require('../lib/internal/tables/readRows');
const { writeRows } = require('../lib/internal/tables/writeRows');
const { KEY, runCommand, writeCsv } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage close`: what it refuses, shows, asks and writes down.

const folder = useFolder();
const startSandbox = useSandboxes();
const start = (records, options) => startSandbox({ apiKey: KEY, records, ...options });
const csv = (name, rows, header) => writeCsv(folder, name, rows, header);
const inFolder = (name) => path.join(folder, name);

async function xlsx(name, rows, columns = ['id', 'external_billing_id']) {
  await writeRows(inFolder(name), [{ name: 'records', columns, rows }]);
  return inFolder(name);
}

/** The rows of a table as arrays of texts. */
async function tableOf(file) {
  const rows = [];
  for await (const { cells } of readRows(file)) rows.push(Object.values(cells));
  return rows;
}

test('a misspelt header of invoices closes nothing', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('misspelt.csv', ['UR-1,INV-7'], 'id,Invoice');
  const { code, stderr } = await runCommand(['close', file, '--yes'], { sandbox });
  expect(code).toBe(2);
  expect(stderr).toContain(
    `nothing was sent\ncannot use ${file}: it has no column external_billing_id; add it, or give one invoice for all records (--billing-id ID)`,
  );
  expect(sandbox.received).toBe(0);
});

test.each([
  [['--billing-id', 'INV-8'], 'records close'],
  [['--without-invoice'], 'records close'],
  [['--billing-id', 'INV-8'], 'chunks close'],
])('an invoice for all does not stand in for a misspelt column: %s, %s', async (flags, command) => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const id = command === 'records close' ? 'UR-1' : [...sandbox.chunks.keys()][0];
  const file = csv('near.csv', [`${id},INV-7`], 'id,external_biling_id');
  const { code, stderr } = await runCommand([...command.split(' '), file, '--yes', ...flags], { sandbox });
  expect(code).toBe(2);
  expect(stderr).toContain(
    `cannot use ${file}: it has a column 'external_biling_id', and none named external_billing_id; correct the name`,
  );
  expect(sandbox.closures.size).toBe(0);
});

test('all refused rows of all files are printed, and nothing is sent', async () => {
  const sandbox = await start([{ id: 'UR-1' }, { id: 'UR-2' }]);
  const first = csv('first.csv', ['UR-1,#N/A,', 'UR-2,INV-7,', 'UR-3,1.23457E+11,']);
  const second = await xlsx('second.xlsx', [
    ['UR-4', '0'],
    ['UR-2', 'INV-8'],
    ['', 'INV-8'],
  ]);
  const { code, stdout, stderr } = await runCommand(['close', first, second, 'none.csv', '--yes'], {
    sandbox,
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`\ncannot use ${first}:\n  line 2, external_billing_id: '#N/A' is`);
  expect(stderr).toContain("\n  line 4, external_billing_id: '1.23457E+11'");
  expect(stderr).toContain(`\ncannot use ${second}:\n  row 2, external_billing_id (B2): '0'`);
  expect(stderr).toContain('\n  row 4 has no id');
  expect(stderr).toContain('\ncannot read none.csv');
  expect(sandbox.received).toBe(0);
});

test('a record that comes twice counts once; with two invoices, also in two files, it is refused', async () => {
  const sandbox = await start([{ id: 'UR-1' }, { id: 'UR-2' }]);
  const first = csv('twice.csv', ['UR-1,INV-7,', 'UR-2,INV-7,', 'UR-1,INV-7,']);
  const other = csv('other.csv', ['UR-2,INV-8,']);
  const refused = await runCommand(['close', first, other, '--yes'], { sandbox });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    `cannot use ${other}:\n  line 2: UR-2 came before with another external billing id: INV-7 in ${first} line 3, INV-8 here`,
  );
  expect(sandbox.received).toBe(0);
  const again = csv('again.csv', ['UR-2,INV-7,']);
  const closed = await runCommand(['close', first, again, '--yes', '--json'], { sandbox });
  expect(closed.code).toBe(0);
  expect(JSON.parse(closed.stdout)).toMatchObject({
    closed: 2,
    duplicates: 2,
    files: [{ rows: 3 }, { rows: 1 }],
  });
});

test('an invoice of the command line is checked as one of a file is', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('ids.csv', ['UR-1'], 'id');
  for (const [value, message] of [
    ['#N/A', "--billing-id: '#N/A' is"],
    ['1.23457E+11', "--billing-id: '1.23457E+11'"],
    ['a\nb', '--billing-id: '],
    ['', '--billing-id is empty'],
  ]) {
    const { code, stderr } = await runCommand(['close', file, '--yes', '--billing-id', value], { sandbox });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  }
  expect(sandbox.received).toBe(0);
});

test('without an invoice records are closed only if that is said', async () => {
  const sandbox = await start([{ id: 'UR-1' }, { id: 'UR-2' }]);
  const file = csv('without.csv', ['UR-1,,', 'UR-2,INV-7,']);
  expect((await runCommand(['close', file, '--yes'], { sandbox })).code).toBe(2);
  const both = ['close', file, '--yes', '--without-invoice', '--billing-id', 'INV-8'];
  expect((await runCommand(both, { sandbox })).stderr).toContain('cannot be used together');
  expect(sandbox.received).toBe(0);
  const { code, stdout, stderr } = await runCommand(['close', file, '--without-invoice'], {
    sandbox,
    terminal: true,
    input: 'y\n',
  });
  expect(stderr).toContain('2 records:\n  1  WITHOUT AN INVOICE\n  1  INV-7\n');
  expect(stdout + stderr).toContain('Close 2 records, 1 of them WITHOUT AN INVOICE?');
  expect(code).toBe(0);
  expect(sandbox.records.get('UR-1')).toMatchObject({ status: 'closed' });
  expect(sandbox.records.get('UR-1')).not.toHaveProperty('external_billing_id');
  expect(sandbox.records.get('UR-2').external_billing_id).toBe('INV-7');
});

test('on a terminal it shows what the files say, and asks', async () => {
  const sandbox = await start(3);
  const [one, two, three] = sandbox.records.keys();
  const file = await xlsx(
    'asked.xlsx',
    [
      ['Contoso', one, 'INV-7'],
      ['Contoso', two, 'INV-8'],
      ['Fabrikam', three, 'INV-7'],
      ['Fabrikam', three, 'INV-7'],
    ],
    ['Customer', 'Record ID', 'External Billing ID'],
  );
  const no = await runCommand(['close', file], { sandbox, terminal: true, input: 'n\n' });
  expect(no.code).toBe(1);
  expect(no.stderr).toContain(
    [
      `${file}, sheet records: 4 rows`,
      '  columns that are read: record from Record ID, invoice from External Billing ID',
      '  columns that are not read: Customer',
      '3 records:',
      '  2  INV-7',
      '  1  INV-8',
      '1 row repeats a record with the same invoice; each record counts once:',
      `  ${three}: ${file} row 5, as in ${file} row 4`,
    ].join('\n'),
  );
  expect(no.stderr).toContain('Close 3 records? This cannot be undone. [y/N]');
  expect(sandbox.received).toBe(0);
  const yes = await runCommand(['close', file], { sandbox, terminal: true, input: 'y\n' });
  expect(yes.code).toBe(0);
  expect(yes.stdout).toContain('closed 3 of 3 records');
});

test('without a terminal --yes is needed', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('silent.csv', ['UR-1,INV-7,']);
  const { code, stderr } = await runCommand(['close', file], { sandbox });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--yes') });
  expect(sandbox.received).toBe(0);
});

test('standard input is read as csv or xlsx, and is no place to answer', async () => {
  const sandbox = await start([{ id: 'UR-1' }, { id: 'UR-2' }]);
  const text = 'id,external_billing_id\nUR-1,INV-7\n';
  const asked = await runCommand(['close', '-'], { sandbox, terminal: true, input: text });
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect((await runCommand(['close', '-', '--yes'], { sandbox, input: text })).code).toBe(0);
  const bytes = fs.readFileSync(await xlsx('piped.xlsx', [['UR-2', 'INV-7']]));
  expect((await runCommand(['close', '-', '--yes'], { sandbox, input: bytes })).code).toBe(0);
  expect(sandbox.records.get('UR-2').status).toBe('closed');
  const wrong = await runCommand(['close', '-', '--yes'], { sandbox, input: 'id\nUR-1\n' });
  expect(wrong.stderr).toContain('cannot use the standard input: it has no column');
});

test('a journal is proposed for more than a thousand records', async () => {
  const sandbox = await start(1001);
  const rows = [...sandbox.records.keys()].map((id) => `${id},INV-7,`);
  const ask = (name, count, ...more) =>
    runCommand(['close', csv(name, rows.slice(0, count)), ...more], {
      sandbox,
      terminal: true,
      input: 'n\n',
    });
  expect((await ask('many months.csv', 1001)).stderr).toContain('many-months.journal');
  expect((await ask('thousand.csv', 1000)).stderr).not.toContain('journal');
  expect((await ask('own.csv', 1001, '--journal', inFolder('own'))).stderr).not.toContain('add --journal');
});

test('messages name the flags as they are typed', async () => {
  const sandbox = await start([{ id: 'UR-1' }, { id: 'UR-2', status: 'rejected' }]);
  const columns = ['id', 'external_billing_id'];
  const sheet = (name) => ({ name, columns, rows: [['UR-1', 'INV-7']] });
  await writeRows(inFolder('sheets.xlsx'), [sheet('May'), sheet('June')]);
  const run = (...args) => runCommand(['close', ...args, '--yes'], { sandbox });
  expect((await run(inFolder('sheets.xlsx'))).stderr).toContain('choose one (--sheet NAME) of');
  const file = csv('flags.csv', ['UR-2,INV-7,', 'UR-1,INV-7,']);
  expect((await run(file, '--sheet', 'May')).stderr).toContain('leave out --sheet');
  const hidden = path.join(__dirname, 'fixtures/tables/xlsx/hidden-rows.xlsx');
  expect((await run(hidden)).stderr).toContain('too (--hidden)');
  const stopped = await run(
    file,
    '--stop-on-error',
    '--batch-size',
    '1',
    '--concurrency',
    '1',
    '--results',
    inFolder('stop.csv'),
  );
  expect(stopped.code).toBe(1);
  expect((await tableOf(inFolder('stop.csv')))[1][6]).toContain('--stop-on-error is set');
});

test('what narrows a preview does not narrow close', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('narrow.csv', ['UR-1,INV-7,']);
  const { code, stderr } = await runCommand(['close', file, '--yes', '--file', 'UF-1'], { sandbox });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--file is for --dry-run') });
  expect(sandbox.received).toBe(0);
});

test('a file without records closes nothing, and asks nothing', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const { code, stdout } = await runCommand(['close', csv('empty.csv', [])], { sandbox, terminal: true });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('closed 0 of 0 records') });
});
