'use strict';

const fs = require('fs');
const path = require('path');
const { readRows } = require('../lib/internal/tables/readRows');
const { KEY, runCommand, writeCsv } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage reconcile ...`: a file that says on which invoice each record is.

const folder = useFolder();
const startSandbox = useSandboxes();
let sandbox;
let records;
const start = async (options) => {
  const files = [{ id: 'UF-1', status: 'accepted', records: 2 }];
  sandbox = await startSandbox({ apiKey: KEY, files, ...options });
  records = [...sandbox.records.keys()];
};
const run = (line, options) => runCommand(line.split(' '), { sandbox, ...options });
const place = (name) => path.join(folder, name);
const billed = (...invoices) =>
  writeCsv(
    folder,
    'billed.csv',
    invoices.map((invoice, at) => `${records[at]},${invoice}`),
    'record_id,external_billing_id',
  );

test('upload and wait, list, get, wait, download', async () => {
  await start();
  const file = billed('INV-7', 'INV-8');
  const made = await runCommand(['reconcile', 'upload', file, '--note', 'January', '--wait', '--json'], {
    sandbox,
  });
  expect(made.code).toBe(0);
  const { id, status, notes } = JSON.parse(made.stdout);
  expect({ status, note: notes.uploaded }).toEqual({ status: 'processed', note: 'January' });
  expect(records.map((record) => sandbox.records.get(record).external_billing_id)).toEqual([
    'INV-7',
    'INV-8',
  ]);
  expect((await run('reconcile list --file UF-1')).stdout).toMatch(
    new RegExp(`^id +status .*\n${id} +processed +UF-1 .*January +Records with an invoice: 2`),
  );
  expect((await run('reconcile list --file UF-2 --json')).stdout).toBe('[]\n');
  expect((await run(`reconcile get ${id}`)).stdout).toMatch(new RegExp(`^id +${id}\nstatus +processed\n`));
  expect(await run(`reconcile wait ${id}`)).toMatchObject({ code: 0, stdout: `${id}  processed\n` });
  const result = place('result.xlsx');
  expect((await run(`reconcile download ${id} --out ${result}`)).code).toBe(0);
  const rows = [];
  for await (const { cells } of readRows(result)) rows.push(cells);
  expect(rows).toMatchObject([{ status: 'processed' }, { status: 'processed' }]);
  const uploaded = place('uploaded.csv');
  expect((await run(`reconcile download ${id} --kind uploaded --out ${uploaded}`)).code).toBe(0);
  expect(fs.readFileSync(uploaded, 'utf8')).toBe(fs.readFileSync(file, 'utf8'));
});

test('rows that could not be used are said, though it is processed', async () => {
  await start();
  const rows = [`${records[0]},INV-7`, 'UR-9,INV-7'];
  const file = writeCsv(folder, 'some.csv', rows, 'record_id,external_billing_id');
  const { stdout, stderr } = await run(`reconcile upload ${file} --wait`);
  const [id] = stdout.split(' ');
  const said = `${id}: Records with an invoice: 1. Failed rows: 1.\n`;
  expect(stderr).toContain(said);
  expect((await run(`reconcile wait ${id}`)).stderr).toContain(said);
});

test('rows that close would refuse are not uploaded', async () => {
  await start();
  const file = billed('1.23E+11', '#N/A');
  const { code, stderr } = await run(`reconcile upload ${file} --wait`);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /nothing was sent\ncannot use .*:\n {2}line 2, .*scientific notation.*\n {2}line 3, .*#N\/A/,
  );
  expect(sandbox.received).toBe(0);
});

test('one that fails: exit code 1, and why', async () => {
  await start();
  const file = writeCsv(folder, 'none.csv', ['UR-9,INV-7'], 'record_id,external_billing_id');
  const { code, stdout, stderr } = await run(`reconcile upload ${file} --wait`);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^RCF-\S+ {2}failed\n$/);
  expect(stderr).toContain('No record of the file is known.');
});

test('an answer that is lost: exit code 3, and how to find out', async () => {
  await start({ faults: [{ kind: 'resetAfter', when: { method: 'POST' } }] });
  const { code, stderr } = await run(`reconcile upload ${billed('INV-7')}`);
  expect(code).toBe(3);
  expect(stderr).toContain('to find out: connect-usage reconcile list\n');
});

test('for one usage file', async () => {
  await start();
  expect(await run(`reconcile upload ${billed('INV-7')} --file UF-1`)).toMatchObject({
    code: 0,
    stdout: 'UF-1  accepted\n',
  });
  expect(sandbox.records.get(records[0]).external_billing_id).toBe('INV-7');
});

test.each([
  ['upload', 'reconcile upload takes a file'],
  ['upload none.xlsx', 'cannot read none.xlsx: there is no such file'],
  ['upload a.xlsx b.xlsx', 'reconcile upload takes one file'],
  [
    'upload a.xlsx --file UFC-1',
    '--file takes the id of a usage file, such as UF-2021-01-3453-7567; UFC-1 is a chunk',
  ],
  ['upload a.xlsx --file UF-1 --note x', '--note cannot be used with --file'],
  ['upload a.xlsx --timeout 5', '--timeout goes with --wait'],
  [
    'list --chunk UF-1',
    '--chunk takes the id of a chunk, such as UFC-2020-07-8349-4102-001; UF-1 is a usage file',
  ],
  ['get UF-1', 'reconcile get takes the id of a reconciliation, such as RCF-2020-07-8349-4102-001'],
  ['wait RCF-1 --for ready', "--for must be one of uploaded, processing, processed, failed; got 'ready'"],
  ['download RCF-1 --kind x', "--kind must be processed or uploaded; got 'x'"],
])('reconcile %s is refused before anything is sent', async (line, message) => {
  await start();
  const { code, stdout, stderr } = await run(`reconcile ${line}`);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(sandbox.received).toBe(0);
});
