'use strict';

/** `records plan`, or `plan` for short: gives records their invoices from a file that says what is on which invoice. */

const path = require('path');

const { counted } = require('../close/overview.js');
const { Refused } = require('../close/refused.js');
const { UsageError } = require('../errors.js');
const { INVOICE } = require('../fields.js');
const { write, writeJson } = require('../io.js');
const { checkTableName } = require('../output.js');
const { join } = require('../plan/join.js');
const { readMapping } = require('../plan/mapping.js');
const { recordColumns } = require('../recordColumns.js');
const { NARROW_FLAGS, narrowed } = require('../recordFilters.js');
const { writeRows } = require('../../tables/writeRows.js');

/** How many lines of a kind are printed. */
const MAX_PRINTED = 100;

const PAGE_SIZE = 1000;

/** The flags that a plan cannot do without. */
function checkFlags({ map, by, out }, args) {
  if (args.length > 0)
    throw new UsageError(`records plan takes no arguments; got '${args[0]}'; use --map FILE`);
  for (const [name, value] of Object.entries({ map, by, out })) {
    if (!value) {
      throw new UsageError(
        `--${name} is missing: connect-usage plan --map invoices.xlsx --by asset.external_id --out plan.xlsx`,
      );
    }
  }
  checkTableName(out);
  if (path.resolve(map) === path.resolve(out)) {
    throw new UsageError(`--out ${out} would replace the file of --map; give another name`);
  }
}

/** The column that records are joined by. */
function columnOf(by) {
  const columns = recordColumns();
  const column = columns.find(({ header }) => header.toLowerCase() === by.toLowerCase());
  if (column !== undefined) return column;
  const names = columns.map(({ header }) => header).join(', ');
  throw new UsageError(`--by must be a column of records list --out: ${names}; got '${by}'`);
}

/** Writes the plan; a workbook also has the records that are not in it. */
async function writePlan(out, { matched, unmatched, ambiguous }) {
  const invoices = new Map(matched.map(({ record, entry }) => [record, entry]));
  const columns = recordColumns((record) => invoices.get(record) ?? {});
  const sheet = (name, records) => ({
    name,
    columns: columns.map(({ header }) => header),
    rows: records.map(({ record }) => columns.map(({ of }) => of(record))),
  });
  const left = [...unmatched, ...ambiguous];
  const more = /\.xlsx$/i.test(out) && left.length > 0 ? [sheet('not matched', left)] : [];
  await writeRows(out, [sheet('records', matched), ...more]);
}

/** A line that counts things, and the first of them. */
function section(things, title, all, describe) {
  if (things.length === 0) return [];
  const more = things.length - MAX_PRINTED;
  return [
    title,
    ...things.slice(0, MAX_PRINTED).map((thing) => `  ${describe(thing)}`),
    ...(more > 0 ? [`  and ${more} more; ${all}`] : []),
  ];
}

/** What matched and what did not, for people. */
function describe(out, { matched, unmatched, ambiguous, twice, unused }, { by }) {
  const invoices = new Set(matched.map(({ entry }) => entry.invoice)).size;
  const withKey = ({ record, key }) => `${record.id} ${by} ${key === '' ? '(none)' : key}`;
  const sheet = /\.xlsx$/i.test(out) ? 'all are in the sheet "not matched"' : '--json prints all of them';
  return [
    `${out}: ${counted(matched.length, 'record')} of ${counted(invoices, 'invoice')}`,
    ...section(
      unmatched,
      `${counted(unmatched.length, 'record')} without a row of the file:`,
      sheet,
      withKey,
    ),
    ...section(
      ambiguous,
      `${counted(ambiguous.length, 'record')} with several invoices, left out:`,
      sheet,
      withKey,
    ),
    ...section(
      twice,
      `${counted(twice.length, 'value')} of ${by} with several invoices:`,
      '--json prints all of them',
      ({ key, rows }) => `${key}: ${rows.map(({ row, invoice }) => `${invoice} (row ${row})`).join(', ')}`,
    ),
    ...section(
      unused,
      `${counted(unused.length, 'row')} of the file without a record:`,
      '--json prints all of them',
      ({ row, key, invoice }) => `row ${row}: ${key} ${invoice}`,
    ),
    '',
  ].join('\n');
}

async function run(context) {
  const { values, args, io } = context;
  checkFlags(values, args);
  const { of: keyOf } = columnOf(values.by);
  const filters = { ...narrowed(values), status: 'approved' };
  const { usageRecords } = context.client;
  let entries;
  try {
    entries = await readMapping(values.map, values);
  } catch (error) {
    if (values.json && error instanceof Refused) await writeJson(io, error);
    throw error;
  }
  const joined = await join(usageRecords.list(filters, { pageSize: PAGE_SIZE }).pages(), entries, keyOf);
  await writePlan(values.out, joined);
  const { matched, unmatched, ambiguous, twice, unused } = joined;
  const withId = ({ record: { id }, key }) => ({ id, key });
  if (values.json) {
    await writeJson(io, {
      path: values.out,
      records: matched.length,
      unmatched: unmatched.map(withId),
      ambiguous: ambiguous.map(withId),
      twice,
      unused,
    });
  } else await write(io.stdout, describe(values.out, joined, values));
  return unmatched.length + ambiguous.length > 0 ? 1 : 0;
}

/** @type {import('../main').Command} */
module.exports = {
  name: 'records plan',
  aliases: ['plan'],
  summary: 'Gives approved records their invoices from a file, and writes the file that close takes',
  usage: '--map FILE --by COLUMN --out FILE [options]',
  details: `The file of --map has a column with the values of --by, and a column ${INVOICE}. What matches no row, or rows with several
invoices, is printed and left out of the plan; a workbook has it in a second sheet. The exit code is 1 then.`,
  options: {
    map: { type: 'string', value: 'FILE', help: 'CSV or xlsx file that says what is on which invoice' },
    by: {
      type: 'string',
      value: 'COLUMN',
      help: 'what the records are joined by: a column of records list --out',
    },
    out: { type: 'string', value: 'FILE', help: 'file to write (.csv or .xlsx)' },
    key: {
      type: 'string',
      value: 'COLUMN',
      help: 'the column of the file with these values (default: as --by)',
    },
    'invoice-column': {
      type: 'string',
      value: 'COLUMN',
      help: `the column with the invoices (default: ${INVOICE})`,
    },
    sheet: {
      type: 'string',
      value: 'NAME',
      help: 'sheet of an xlsx file (default: records, or the only one)',
    },
    hidden: { type: 'boolean', help: 'use hidden and filtered rows, too' },
    .../** @type {*} */ (NARROW_FLAGS),
  },
  examples: [
    'connect-usage records plan --map invoices.xlsx --by asset.external_id --out plan.xlsx --file UF-2021-01-3453-7567',
    'connect-usage records plan --map erp.csv --by customer --key Customer --invoice-column "Invoice No" --out plan.xlsx',
  ],
  run,
};
