'use strict';

const fs = require('fs');
const path = require('path');
const { Readable } = require('stream');
const { readRows } = require('../lib/internal/tables/readRows');
const { writeRows } = require('../lib/internal/tables/writeRows');
const { useFolder } = require('./support/folder');

// How reading and writing tables of any columns ends, and what is refused.

const folder = useFolder();

async function all(input, options) {
  const rows = [];
  for await (const row of readRows(input, options)) rows.push(row);
  return rows;
}

const failure = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

const sheet = (fields) => ({ name: 'records', columns: ['a', 'b', 'c'], rows: [['x', 1]], ...fields });

describe('endings', () => {
  test('a signal ends a reading with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const waiting = async function* () {
      yield 'a\n1\n';
      controller.abort(reason);
      await new Promise(() => undefined);
    };
    await expect(all(waiting(), { signal: controller.signal })).rejects.toBe(reason);
    await expect(readRows(Buffer.from('a\n'), { signal: controller.signal }).describe()).rejects.toBe(reason);
  });

  test('a table that is closed gives no more rows, a stream is read once', async () => {
    const table = readRows(Readable.from(['a\n1\n']));
    await table.describe();
    await table.close();
    await expect(table[Symbol.asyncIterator]().next()).rejects.toThrow('readRows: the stream has been read');
  });

  test('a table has at most so many bytes', async () => {
    const error = await failure(all(Buffer.from('a\n1\n2\n3\n'), { maxBytes: 5 }));
    expect(error).toMatchObject({ code: 'EFBIG', message: expect.stringContaining('larger than 5 bytes') });
  });

  test('what fails leaves the old file, and nothing else', async () => {
    const inner = fs.mkdtempSync(path.join(folder, 'fails-'));
    const file = path.join(inner, 'old.xlsx');
    fs.writeFileSync(file, 'old');
    const controller = new AbortController();
    async function* waiting() {
      yield ['a'];
      controller.abort(new Error('enough'));
      await new Promise(() => undefined);
    }
    async function* failing() {
      yield ['a'];
      throw new Error('the source failed');
    }
    const last = (rows) => [sheet(), sheet({ name: 'last', rows })];
    await expect(writeRows(file, last(failing()))).rejects.toThrow('the source failed');
    const { signal } = controller;
    await expect(writeRows(file, last(waiting()), { signal })).rejects.toThrow('enough');
    await expect(writeRows(file, last([]), { signal })).rejects.toThrow('enough');
    await expect(writeRows(file, last([['a', 1e15]]))).rejects.toThrow(
      'sheets[1].rows[0]: cell B2 is the number 1000000000000000 of more than 15 digits',
    );
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(inner)).toEqual(['old.xlsx']);
    const nowhere = writeRows(path.join(inner, 'none/x.csv'), [sheet()]);
    await expect(nowhere).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('cannot write'),
    });
  });

  test('the file is there when it is complete', async () => {
    const file = path.join(folder, 'complete.csv');
    async function* rows() {
      for (let i = 0; i < 2000; i++) yield ['x'.repeat(100)];
      expect(fs.existsSync(file)).toBe(false);
    }
    await writeRows(file, [sheet({ rows: rows() })]);
    expect(await all(file)).toHaveLength(2000);
  });
});

test.each([
  [[7], 'readRows: expected the path of a file, a stream, or bytes; got 7'],
  [['a\nb'], 'readRows: expected the path of a file; this text has several lines'],
  [['x.csv', { sheets: 'a' }], "readRows: unknown option 'sheets'"],
  [['x.csv', { anyColumns: true }], "unknown option 'anyColumns'"],
  [['x.csv', { format: 'xls' }], "the option format must be 'csv' or 'xlsx'; got 'xls'"],
])('readRows(...%j) throws a TypeError', (args, message) => {
  expect(() => readRows(...args)).toThrow(TypeError);
  expect(() => readRows(...args)).toThrow(message);
});

const X = { format: 'xlsx' };

test.each([
  [[7, []], 'writeRows: expected the path of a file, or null for the bytes; got 7'],
  [[null, 7, X], 'writeRows: the sheets must be an array; got 7'],
  [[null, [7], X], 'writeRows: sheets[0] must be an object { name, columns, rows }; got 7'],
  [[null, [sheet({ name: 7 })], X], 'sheets[0].name must be a text; got 7'],
  [[null, [sheet({ columns: 'a' })], X], "sheets[0].columns must be an array of texts; got 'a'"],
  [[null, [sheet({ columns: ['a', 7] })], X], 'sheets[0].columns[1] must be a text; got 7'],
  [[null, [sheet({ rows: 7 })], X], 'sheets[0].rows must be an array or another iterable of arrays; got 7'],
  [[null, [sheet({ rows: [['a'], 'b'] })], X], "sheets[0].rows[1] must be an array of cells; got 'b'"],
  [
    [null, [sheet({ rows: [['a', NaN]] })], X],
    'sheets[0].rows[0][1] must be a text, a finite number, null or undefined; got NaN',
  ],
  [[null, [sheet({ rows: [[new Date(0)]] })], X], 'sheets[0].rows[0][0] must be a text'],
  [[null, [sheet({ rows: [[1, 2, 3, 4]] })], X], 'sheets[0].rows[0]: has 4 cells, and there are 3 columns'],
  [[null, [sheet({ columns: [] })], X], 'sheets[0].columns: there must be at least one'],
  [[null, [sheet({ columns: ['a', ' A'] })], X], "sheets[0].columns: 'a' and ' A' are the same header"],
  [[null, [sheet({ columns: ['a', ''] })], X], 'sheets[0].columns: the header 1 is empty'],
  [[null, [], X], 'a workbook must have at least one sheet'],
  [[null, [sheet({ name: '' })], X], "the name of a sheet must have 1 to 31 characters; got ''"],
  [[null, [sheet({ name: 'a/b' })], X], 'the name of a sheet must have none of'],
  [
    [null, [sheet(), sheet({ name: 'Records' })], X],
    "two sheets must not have the same name, in any case; got 'Records' twice",
  ],
  [[null, [sheet(), sheet({ name: 'b' })], { format: 'csv' }], 'a CSV file has one sheet; got 2'],
  [[null, [sheet()]], 'the option format must be given: csv or xlsx'],
  [['x', [sheet()]], 'its name must end in .csv or .xlsx'],
  [[null, [sheet()], { ...X, sheet: 'a' }], "writeRows: unknown option 'sheet'"],
  [[null, [sheet()], { ...X, externalBillingId: 'a' }], "unknown option 'externalBillingId'"],
])('writeRows rejects with a TypeError (%#)', async (args, message) => {
  const error = await failure(writeRows(...args));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toContain(message);
});
