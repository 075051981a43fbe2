'use strict';

/** Usage records: `records list`, `plan`, `preview` and `close`, which have short names, too. */

const { closeFiles } = require('../close.js');
const { ID, INVOICE, NOTE } = require('../fields.js');
const { previewFiles } = require('../preview.js');
const { NARROW_FLAGS } = require('../recordFilters.js');

/** @typedef {import('../main').Command} Command */
/** @typedef {import('../arguments').Option} Option */

/** How the files are read, and what their records are closed with. @type {Record<string, Option>} */
const FILES = {
  sheet: {
    type: 'string',
    value: 'NAME',
    help: 'sheet of an xlsx file (default: the one named records, or the only one)',
  },
  hidden: { type: 'boolean', help: 'use hidden and filtered rows, too' },
  'billing-id': {
    type: 'string',
    value: 'ID',
    help: 'invoice for records without one; without it, each row needs one',
  },
  'without-invoice': { type: 'boolean', help: 'close records that have no invoice without one' },
  note: { type: 'string', value: 'TEXT', help: 'note for records without one' },
  results: { type: 'string', value: 'FILE', help: 'write what became of each row, and why (.csv, .xlsx)' },
};

/** The flags of a dry run. @type {Record<string, Option>} */
const ONLY_PREVIEW = Object.fromEntries(
  Object.entries(/** @type {*} */ (NARROW_FLAGS)).map(([name, flag]) => [
    name,
    { ...flag, help: `with --dry-run: ${flag.help}` },
  ]),
);

const FILES_HELP = `Each file is CSV or xlsx; - is the standard input. Its first row names the columns: ${ID}, ${INVOICE} and
${NOTE}. If a row cannot be used, nothing is sent, and all such rows are printed.`;

/** @type {Command} */
const close = {
  name: 'records close',
  aliases: ['close'],
  summary: 'Closes the records of CSV or Excel files (xlsx), each with its invoice; that cannot be undone',
  usage: 'FILE... [options]',
  details: `${FILES_HELP}

On a terminal it shows what the files say, and asks before it sends anything.`,
  options: {
    yes: { type: 'boolean', help: 'close without asking; needed where there is no terminal' },
    'dry-run': { type: 'boolean', help: 'change nothing: the same as preview' },
    journal: {
      type: 'string',
      value: 'FILE',
      help: 'record the run in a file, from which the same command resumes it',
    },
    ...FILES,
    concurrency: { type: 'string', value: 'N', help: 'concurrent requests (default 4)' },
    'batch-size': { type: 'string', value: 'N', help: 'records per request (default 100)' },
    'stop-on-error': { type: 'boolean', help: 'stop at the first record that cannot be closed' },
    ...ONLY_PREVIEW,
  },
  examples: [
    'connect-usage records close january.xlsx --dry-run',
    'connect-usage records close january.xlsx --journal january.journal --results results.xlsx',
    'connect-usage records close january.csv --billing-id INV-7 --yes',
  ],
  run: closeFiles,
};

/** @type {Command} */
const preview = {
  name: 'records preview',
  aliases: ['preview'],
  summary: 'Asks the server what closing the records of files would do, with the sums of each invoice',
  usage: 'FILE... [options]',
  details: `${FILES_HELP}

Nothing is changed. The server is asked for the list of records; those that it lacks are read one by one. The exit code is 1 if
there are records that could not be closed with their invoice.`,
  options: { ...FILES, .../** @type {*} */ (NARROW_FLAGS) },
  examples: [
    'connect-usage records preview january.xlsx --file UF-2021-01-3453-7567',
    'connect-usage records preview january.xlsx --from 2021-01-01 --to 2021-01-31 --results preview.xlsx',
  ],
  run: previewFiles,
};

module.exports = [require('./records-list.js'), require('./records-plan.js'), preview, close];
