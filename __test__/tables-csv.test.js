'use strict';

const fs = require('fs');
const path = require('path');
const { readRecords, TableError } = require('..');

// Every file of `fixtures/tables/csv` is read, or refused, as `make_csv.py` says beside it.

const FOLDER = path.join(__dirname, 'fixtures/tables/csv');
const NAMES = fs
  .readdirSync(FOLDER)
  .filter((file) => file.endsWith('.csv'))
  .map((file) => file.slice(0, -'.csv'.length));

async function read(table) {
  const records = [];
  for await (const record of table) records.push(record);
  return records;
}

/** What is wrong with a file: `[row, column, reason]` of each refused cell. */
const refusedOf = ({ refused }) => refused.map(({ row, column, reason }) => [row, column ?? null, reason]);

test('there are files', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(40);
});

test.each(NAMES)('%s', async (name) => {
  const expected = JSON.parse(fs.readFileSync(path.join(FOLDER, `${name}.expected.json`), 'utf8'));
  const table = readRecords(path.join(FOLDER, `${name}.csv`), expected.options);
  if (expected.records !== undefined) {
    expect(await table.describe()).toMatchObject({ rows: expected.records.length, ...expected.description });
    expect(await read(table)).toEqual(expected.records);
    return;
  }
  const error = await read(table).catch((reason) => reason);
  expect(error).toBeInstanceOf(TableError);
  expect(error.message).toContain(expected.message);
  expect(error.refusedCount).toBe(expected.refused.length);
  expect(refusedOf(error)).toEqual(
    expected.refused.map(([row, column, reason]) => [row, column, expect.stringContaining(reason)]),
  );
});
