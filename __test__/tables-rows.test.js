'use strict';

const fs = require('fs');
const path = require('path');
const { Readable } = require('stream');
const { TableError } = require('..');
const { readRows } = require('../lib/internal/tables/readRows');
const { writeRows } = require('../lib/internal/tables/writeRows');
const { useFolder } = require('./support/folder');

// Tables of any columns, read and written.

const folder = useFolder();
const fixture = (name) => path.join(__dirname, 'fixtures/tables/xlsx', `${name}.xlsx`);

async function all(input, options) {
  const rows = [];
  for await (const row of readRows(input, options)) rows.push(row);
  return rows;
}

const cellsOf = async (input, options) => (await all(input, options)).map(({ cells }) => cells);

const failure = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

const COLUMNS = ['Item', 'amount', 'größe €'];
const ROWS = [
  ['UR-1', 12.5, '=1+1'],
  ['two\n"lines"; a, b', -7, null],
  [undefined, 0, "'00123"],
  ['  blanks  '],
];
const READ = [
  { Item: 'UR-1', amount: '12.5', 'größe €': '=1+1' },
  { Item: 'two\n"lines"; a, b', amount: '-7', 'größe €': '' },
  { Item: '', amount: '0', 'größe €': "'00123" },
  { Item: 'blanks', amount: '', 'größe €': '' },
];
const sheet = (fields) => ({ name: 'records', columns: COLUMNS, rows: ROWS, ...fields });

async function* generate() {
  yield* ROWS;
}
const SOURCES = { array: () => ROWS, set: () => new Set(ROWS), 'async generator': generate };

describe.each(['csv', 'xlsx'])('%s', (format) => {
  test.each(Object.keys(SOURCES))('what is written is read: rows of an %s', async (name) => {
    const file = path.join(folder, `written.${format}`);
    const sheets = [sheet({ rows: SOURCES[name]() })];
    expect(await writeRows(file, sheets)).toStrictEqual({ path: file, format, rows: 4 });
    expect(await cellsOf(file)).toStrictEqual(READ);
    const bytes = await writeRows(null, [sheet({ rows: SOURCES[name]() })], { format });
    expect(Buffer.isBuffer(bytes)).toBe(true);
    expect(await cellsOf(bytes)).toStrictEqual(READ);
  });

  test('a path, a stream and bytes are read and described', async () => {
    const file = path.join(folder, `read.${format}`);
    await writeRows(file, [sheet()]);
    const bytes = fs.readFileSync(file);
    const inputs = [
      file,
      bytes,
      new Uint8Array(bytes).buffer,
      fs.createReadStream(file),
      Readable.toWeb(Readable.from([bytes], { objectMode: false })),
    ];
    for (const input of inputs) {
      const table = readRows(input);
      expect(await table.describe()).toStrictEqual({
        format,
        ...(format === 'csv' ? { encoding: 'utf-8', separator: ',' } : { sheet: 'records' }),
        columns: COLUMNS,
        rows: 4,
      });
      const cells = [];
      for await (const row of table) cells.push(row.cells);
      expect(cells).toStrictEqual(READ);
    }
  });

  test('many and wide rows', async () => {
    const columns = Array.from({ length: 300 }, (_, i) => `column ${i}`);
    async function* rows() {
      for (let i = 0; i < 2500; i++) yield i % 100 === 0 ? columns.map((_, at) => i + at) : [i];
    }
    const bytes = await writeRows(null, [{ name: 'wide', columns, rows: rows() }], { format });
    const table = readRows(bytes);
    expect((await table.describe()).rows).toBe(2500);
    let number = 0;
    for await (const { row, cells } of table) {
      expect([row, cells['column 0']]).toEqual([number + 2, String(number)]);
      if (number % 100 === 0) expect(cells['column 299']).toBe(String(number + 299));
      number += 1;
    }
    expect(number).toBe(2500);
  });

  test('odd headers are names like any other', async () => {
    const columns = [
      '__proto__',
      'constructor',
      '2026',
      'a;b',
      'c,d',
      '<x>',
      '=1',
      'sep=;',
      '_x0041_',
      'tab\tbed',
    ];
    const bytes = await writeRows(null, [{ name: 'x', columns, rows: [columns] }], { format });
    const table = readRows(bytes);
    expect((await table.describe()).columns).toEqual(columns);
    const [cells] = await cellsOf(bytes);
    expect(Object.keys(cells).sort()).toEqual([...columns].sort());
    for (const header of columns) expect(Object.getOwnPropertyDescriptor(cells, header).value).toBe(header);
  });

  test('a table without rows has its columns', async () => {
    const bytes = await writeRows(null, [sheet({ rows: [] })], { format });
    expect(await readRows(bytes).describe()).toMatchObject({ columns: COLUMNS, rows: 0 });
    expect(await all(bytes)).toEqual([]);
  });
});

describe('CSV', () => {
  test('rows have the numbers of their lines; a column without a header is left out', async () => {
    const text = '\n Name ,,Amount,\n"a\nb",x,1,\n\nc,,=2\nd\n';
    expect(await all(Buffer.from(text))).toStrictEqual([
      { row: 3, cells: { Name: 'a\nb', Amount: '1' } },
      { row: 6, cells: { Name: 'c' }, unusable: { Amount: expect.stringMatching(/^is a formula/) } },
      { row: 7, cells: { Name: 'd', Amount: '' } },
    ]);
  });

  test('encodings and separators are found', async () => {
    const text = 'Größe;Preis\nklein;1,5\n';
    for (const [bytes, encoding] of [
      [Buffer.from(text), 'utf-8'],
      [Buffer.from(text, 'latin1'), 'windows-1252'],
      [Buffer.from(`\uFEFF${text}`, 'utf16le'), 'utf-16le'],
    ]) {
      expect(await readRows(bytes).describe()).toMatchObject({ encoding, separator: ';' });
      expect(await cellsOf(bytes)).toEqual([{ Größe: 'klein', Preis: '1,5' }]);
    }
  });

  test('numbers have all their digits, and never an exponent', async () => {
    const rows = [[0.1 + 0.2], [1e21], [1e-7], [-0], [2 ** 53], [1.7976931348623157e308]];
    const bytes = await writeRows(null, [{ columns: ['n'], rows }], { format: 'csv' });
    const read = (await cellsOf(bytes)).map(({ n }) => n);
    expect(read.map(Number)).toEqual(rows.map(([number]) => number + 0));
    expect(read.filter((text) => !/^[\d.]+$/.test(text))).toEqual([]);
  });

  test.each([',', ';', '\t'])('the separator %j', async (separator) => {
    const bytes = await writeRows(null, [sheet()], { format: 'csv', separator });
    expect(await readRows(bytes).describe()).toMatchObject({ separator, columns: COLUMNS });
    expect(await cellsOf(bytes)).toEqual(READ);
  });

  test('rows with more cells than the header refuse the table', async () => {
    const error = await failure(all(Buffer.from('a,b\n1,2\n1,2,3\n')));
    expect(error).toBeInstanceOf(TableError);
    expect(error.refused).toMatchObject([
      { row: 3, reason: expect.stringContaining('more columns than the header') },
    ]);
  });

  test.each([
    ['two equal headers', 'Amount,x,amount \n', "'Amount' (column 1) and 'amount' (column 3)"],
    ['a header that is a formula', '=a\n', 'the header of column 1 is a formula'],
    ['nothing', '', 'the file is empty'],
    ['a page', '<html><p>', 'it is a web page'],
  ])('%s: a TableError', async (_, text, message) => {
    const error = await failure(all(Buffer.from(text)));
    expect(error).toBeInstanceOf(TableError);
    expect(error.message).toContain(message);
  });
});

describe('workbooks', () => {
  const SHEETS = [
    { name: 'Summary', columns: ['what', 'n'], rows: [['rows', 2]] },
    { name: 'Bob\'s <x> & "y"', columns: ['a'], rows: generate() },
    { name: 'empty', columns: ['z'], rows: [] },
  ];
  let bytes;
  beforeAll(async () => {
    const rows = [['1'], ['2']];
    bytes = await writeRows(null, [SHEETS[0], { ...SHEETS[1], rows }, SHEETS[2]], { format: 'xlsx' });
  });

  test('have several sheets, of which one is chosen', async () => {
    const error = await failure(all(bytes));
    expect(error).toBeInstanceOf(TableError);
    expect(error.message).toContain("choose one (sheet) of 'Summary', 'Bob's <x> & \"y\"', 'empty'");
    expect(await cellsOf(bytes, { sheet: 'summary' })).toEqual([{ what: 'rows', n: '2' }]);
    expect(await all(bytes, { sheet: SHEETS[1].name })).toEqual([
      { row: 2, cells: { a: '1' } },
      { row: 3, cells: { a: '2' } },
    ]);
    expect(await readRows(bytes, { sheet: 'empty' }).describe()).toEqual({
      format: 'xlsx',
      sheet: 'empty',
      columns: ['z'],
      rows: 0,
    });
    const withRecords = await writeRows(null, [SHEETS[0], sheet()], { format: 'xlsx' });
    expect(await cellsOf(withRecords)).toEqual(READ);
  });

  test('a number is shown with the digits that Excel keeps', async () => {
    const numbers = [1, 0.1 + 0.2, 1 / 3, -123456789.123456, 0.00001, 999999999999999, 1e-17, -0];
    const rows = numbers.map((number) => [number, String(number)]);
    const columns = ['n', 'text'];
    const workbook = await writeRows(null, [{ name: 'x', columns, rows }], { format: 'xlsx' });
    expect((await cellsOf(workbook)).map(({ n }) => n)).toEqual([
      '1',
      '0.3',
      '0.333333333333333',
      '-123456789.123456',
      '0.00001',
      '999999999999999',
      '0',
      '0',
    ]);
    expect((await cellsOf(workbook)).map(({ text }) => text)).toEqual(numbers.map(String));
  });

  test('hidden rows are given and marked, cells of a hidden column are unusable', async () => {
    const rows = await all(fixture('hidden-rows'));
    expect(rows.map(({ row, hidden }) => [row, hidden])).toEqual([
      [2, undefined],
      [3, true],
      [4, undefined],
    ]);
    const [{ unusable }] = await all(fixture('hidden-column'));
    expect(Object.values(unusable)).toEqual([expect.stringContaining('is in a hidden column')]);
    expect((await all(fixture('hidden-column'), { hidden: true }))[0].unusable).toBeUndefined();
  });

  test('a cell that is no text has the reason', async () => {
    const [{ cells, unusable }] = await all(fixture('dates'));
    expect(unusable.external_billing_id).toContain('is a date');
    expect(cells).not.toHaveProperty('external_billing_id');
  });
});
