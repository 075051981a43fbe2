'use strict';

const { execFile, execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { promisify } = require('util');
const { ConnectClient, readRecords, TableError, writeRecords } = require('..');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// Workbooks through JavaScript. What each cell of the files in `fixtures/tables/xlsx` says is tested in Rust; here it is what
// becomes of it: a record, or a refused row.

const folder = useFolder();
const startSandbox = useSandboxes();
const fixture = (name) => path.join(__dirname, 'fixtures/tables/xlsx', `${name}.xlsx`);

async function read(source, options) {
  const records = [];
  for await (const record of readRecords(source, options)) records.push(record);
  return records;
}

const failure = (name, options) => read(fixture(name), options).then(Promise.reject, (error) => error);

test('a workbook is read and described', async () => {
  const table = readRecords(fixture('sheets-records'));
  expect(await table.describe()).toEqual({
    format: 'xlsx',
    sheet: 'Records',
    columns: expect.objectContaining({ id: 'id', externalBillingId: 'external_billing_id' }),
    ignored: [],
    rows: 1,
  });
  expect(await read(fixture('scattered'))).toEqual([{ id: 'UR-1', externalBillingId: 'INV-1', row: 5 }]);
  expect(await read(fs.createReadStream(fixture('scattered')))).toHaveLength(1);
  expect(await read(fs.readFileSync(fixture('scattered')))).toHaveLength(1);
});

test('blanks around a text do not count', async () => {
  const [first] = await read(fixture('blanks'));
  expect(first).toMatchObject({ id: 'UR-1', externalBillingId: 'INV-1' });
});

test('the sheet is chosen by name, or asked for', async () => {
  expect(await read(fixture('sheets-one-asked-for'), { sheet: 'two' })).toEqual([
    { id: 'UR-1', externalBillingId: 'two', row: 2 },
  ]);
  const error = await failure('sheets-none-named-records');
  expect(error).toBeInstanceOf(TableError);
  expect(error.message).toContain("choose one (sheet) of 'one', 'two'");
});

test('hidden rows are refused, or read', async () => {
  const { refused } = await failure('hidden-rows');
  expect(refused).toEqual([
    expect.objectContaining({ row: 3, reason: expect.stringContaining('is hidden') }),
  ]);
  expect((await read(fixture('hidden-rows'), { hidden: true })).map(({ row }) => row)).toEqual([2, 3, 4]);
  expect((await failure('filtered-rows')).refused).toHaveLength(1);
  expect((await failure('hidden-column')).message).toContain('is in a hidden column');
});

test.each([
  ['dates', 'is a date'],
  ['long-numbers', 'more than 15 digits'],
  ['decimals', 'fewer digits'],
  ['formulas-without-results', 'a formula'],
  ['joined-rows', 'part of a joined cell'],
])('%s are refused, each by its cell', async (name, reason) => {
  const { refused, refusedCount, message } = await failure(name);
  expect(refusedCount).toBe(refused.length);
  for (const one of refused) {
    expect(one).toMatchObject({ column: 'external_billing_id', value: '', cell: `B${one.row}` });
  }
  const [first] = refused;
  expect(first.reason).toContain(reason);
  expect(message).toContain(`row ${first.row}, external_billing_id (${first.cell}) ${first.reason}`);
});

test.each([
  ['is-ods', 'OpenDocument'],
  ['is-word', 'Word'],
  ['is-xlsb', '.xlsb'],
  ['is-zip', 'zip archive'],
  ['encrypted-entries', 'encrypted'],
  ['cut-off', 'cut off'],
  ['xml-with-an-entity', 'means nothing'],
])('%s is no table', async (name, says) => {
  const error = await failure(name);
  expect(error).toBeInstanceOf(TableError);
  expect(error.message).toContain(says);
  expect(error.refused).toEqual([]);
});

const RECORDS = [
  { id: 'UR-1', externalBillingId: '000123', externalBillingNote: '=SUM(A1)' },
  {
    id: 'UR-2',
    externalBillingId: '12345678901234567890',
    externalBillingNote: 'one\ntwo <&> "x" _x0041_ 💶',
  },
  { id: 'UR-3', externalBillingId: '1-2', externalBillingNote: 'TRUE' },
];

test('what is written is read back as it was', async () => {
  const file = path.join(folder, 'records.xlsx');
  expect(await writeRecords(file, RECORDS)).toMatchObject({ format: 'xlsx', rows: 3 });
  expect(await read(file)).toEqual(RECORDS.map((record, index) => ({ ...record, row: index + 2 })));
  expect(fs.readdirSync(folder)).toEqual(['records.xlsx']);
});

test('what cannot be written leaves nothing, and the old file as it was', async () => {
  const file = path.join(folder, 'records.xlsx');
  fs.writeFileSync(file, 'old');
  const records = [
    ...RECORDS,
    { id: 'UR-4', externalBillingId: 'INV', externalBillingNote: 'x'.repeat(32768) },
  ];
  await expect(writeRecords(file, records)).rejects.toThrow('at most 32767');
  expect(fs.readdirSync(folder)).toEqual(['records.xlsx']);
  expect(fs.readFileSync(file, 'utf8')).toBe('old');
});

test('the command closes the records of a workbook', async () => {
  const sandbox = await startSandbox({ records: 3 });
  const file = path.join(folder, 'month.xlsx');
  const ids = [...sandbox.records.keys()];
  await writeRecords(
    file,
    ids.map((id) => ({ id, externalBillingId: 'INV-7' })),
  );
  const command = path.join(__dirname, '../bin/connect-usage.js');
  const env = { ...process.env, CONNECT_ENDPOINT: sandbox.url, CONNECT_API_KEY: sandbox.apiKey };
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'close', file, '--yes'], { env });
  expect(stdout).toContain('closed 3 of 3 records');
  expect(await new ConnectClient(sandbox.url, sandbox.apiKey).usageRecords.get(ids[0])).toMatchObject({
    status: 'closed',
    external_billing_id: 'INV-7',
  });
});

test('a hundred thousand rows within 200 MB', async () => {
  const file = path.join(folder, 'large.xlsx');
  const records = function* () {
    for (let i = 0; i < 100_000; i += 1) {
      const number = String(i).padStart(8, '0');
      const id = `UR-2021-01-2023-8696-${number.slice(0, 4)}-${number.slice(4)}`;
      yield { id, externalBillingId: `INV-${i % 100}`, externalBillingNote: `Note ${i}` };
    }
  };
  await writeRecords(file, records());
  const program = path.join(__dirname, 'fixtures/read-table.js');
  const result = JSON.parse(execFileSync(process.execPath, [program, file], { encoding: 'utf8' }));
  expect(result.records).toBe(100_000);
  expect(result.megabytes).toBeLessThan(200);
}, 300_000);
