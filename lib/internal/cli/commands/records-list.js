'use strict';

/** `records list`, or `list` for short. */

const binding = require('../../../../binding.js');
const { checkedInvoice } = require('../close/invoice.js');
const { UsageError } = require('../errors.js');
const { write } = require('../io.js');
const { listCommand } = require('../lists.js');
const { printList } = require('../output.js');
const { recordColumns } = require('../recordColumns.js');
const { DATE_FIELD, FILTERS, ORDERING } = require('../recordFilters.js');
const { unwrap } = require('../../results/toResult.js');

/** Prints records as the file that `close` reads. */
async function printCsv(io, pages, billingId) {
  await write(io.stdout, binding.csvHeader());
  for await (const page of pages) {
    await write(
      io.stdout,
      unwrap(() => binding.csvLines(JSON.stringify(page), billingId)),
    );
  }
}

/** Prints records as the flags say. */
async function print(io, pages, _columns, values) {
  const { csv, 'billing-id': invoice } = values;
  if (csv) await printCsv(io, pages, invoice);
  else
    await printList(
      io,
      pages,
      recordColumns(() => ({ invoice })),
      values,
    );
}

const list = listCommand({
  name: 'records list',
  noun: 'records',
  summary: 'Lists records; with --out, as a file with all that billing needs, which close reads',
  examples: [
    'connect-usage records list --status approved --file UF-2021-01-3453-7567 --out january.xlsx',
    'connect-usage records list --status approved --from 2021-01-01 --to 2021-01-31 --billing-id INV-7 --out january.csv',
  ],
  of: (client) => client.usageRecords,
  filters: FILTERS,
  dateField: DATE_FIELD,
  ordering: ORDERING,
  columns: recordColumns(),
  print,
});

/** @type {import('../main').Command} */
module.exports = {
  ...list,
  aliases: ['list'],
  options: {
    ...list.options,
    'billing-id': {
      type: 'string',
      value: 'ID',
      help: 'invoice to write into the file, for records without one',
    },
    csv: { type: 'boolean', help: 'print CSV with the columns that close reads' },
  },
  async run(context) {
    const { csv, json, out, 'billing-id': billingId } = context.values;
    if (csv && json) throw new UsageError('--csv and --json cannot be used together');
    if (csv && out !== undefined) {
      throw new UsageError('--csv and --out cannot be used together; --out january.csv writes CSV');
    }
    if (billingId !== undefined && !csv && out === undefined) {
      throw new UsageError('--billing-id needs --out FILE or --csv: it is written into the file');
    }
    await checkedInvoice({ 'billing-id': billingId });
    return list.run(context);
  },
};
