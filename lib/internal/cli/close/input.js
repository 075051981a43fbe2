'use strict';

/** The records of the files of `close` and `preview`, read and checked as a whole before anything is sent. */

const { checkHeaders } = require('./headers.js');
const { Refused, refusedFile } = require('./refused.js');
const { UsageError } = require('../errors.js');
const { TableError } = require('../../results/errors.js');
const { RecordTable } = require('../../tables/readRecords.js');

const STDIN = '-';

/** What it is called in messages. */
const STDIN_NAME = 'the standard input';

/**
 * @typedef {object} InputFile
 * @property {string} name as it was given; `the standard input` for `-`
 * @property {string} format `csv` or `xlsx`
 * @property {string} [sheet]
 * @property {number} rows
 * @property {Record<string, string>} columns the headers that are understood
 * @property {string[]} ignored the other headers
 */

/**
 * @typedef {object} InputRecord a row of a file, with the invoice and the note that it is closed with
 * @property {string} id
 * @property {string | null} externalBillingId
 * @property {string} [externalBillingNote]
 * @property {number} row
 * @property {InputFile} file
 * @property {InputRecord} [first] the first row of the same record, if it comes twice
 */

/** Where a row is: `january.xlsx row 5`. */
const placeOf = ({ file, row }) => `${file.name} ${file.format === 'csv' ? 'line' : 'row'} ${row}`;

/** Reads a file; resolves to its records, or to why it cannot be used: all its refused rows. */
async function readFile(argument, options, stdin) {
  const name = argument === STDIN ? STDIN_NAME : argument;
  const records = [];
  try {
    const table = new RecordTable(argument === STDIN ? stdin : argument, options);
    const file = { name, ...(await table.describe()) };
    checkHeaders(name, file);
    for await (const record of table) records.push({ ...record, file });
    return { file, records };
  } catch (error) {
    if (error instanceof UsageError)
      return { refused: { file: name, message: error.message, rows: [], count: 0 } };
    if (!(error instanceof TableError) && error.code === undefined) throw new UsageError(error.message);
    const refused = refusedFile(name, error);
    if (argument === STDIN) refused.message = refused.message?.replace('the stream', name);
    return { refused };
  }
}

/** The records with what they are closed with: their own, or what the flags say. */
function completed(record, { billingId, note }) {
  const { externalBillingId = billingId ?? null, externalBillingNote = note } = record;
  return { ...record, externalBillingId, externalBillingNote };
}

const nameOf = (invoice) => invoice ?? 'no invoice';

/** Finds records that come twice. With one invoice they count once, with two they are refused. */
function findDuplicates(records) {
  const seen = new Map();
  const refused = [];
  for (const record of records) {
    const first = seen.get(record.id);
    if (first === undefined) seen.set(record.id, record);
    else if (first.externalBillingId === record.externalBillingId) record.first = first;
    else {
      const { file, row, id, externalBillingId } = record;
      const invoices = `${nameOf(first.externalBillingId)} in ${placeOf(first)}, ${nameOf(externalBillingId)} here`;
      const reason = `came before with another external billing id: ${invoices}; delete one of the rows`;
      const where = file.format === 'csv' ? 'line' : 'row';
      refused.push({ file: file.name, row, value: id, reason, message: `${where} ${row}: ${id} ${reason}` });
    }
  }
  return refused;
}

/** Checks the files that are named. */
function checkFiles(files) {
  if (files.length === 0) {
    throw new UsageError('expected at least one CSV or xlsx file: connect-usage close january.xlsx');
  }
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new UsageError(`the file ${twice} is given twice`);
}

/** The refused rows of all files, as one error; undefined if there are none. */
function refusalOf(read, duplicates, inputs) {
  const refused = read.map((result) => result.refused).filter(Boolean);
  for (const row of duplicates) {
    const same = refused.find(({ file, message }) => file === row.file && message === undefined);
    if (same === undefined) refused.push({ file: row.file, rows: [row], count: 1 });
    else {
      same.rows.push(row);
      same.count += 1;
    }
  }
  return refused.length > 0 ? new Refused(refused, inputs) : undefined;
}

/**
 * Reads the files of a command.
 *
 * @param {string[]} files Their names; `-` is the standard input.
 * @param {object} options `sheet`, `hidden`; `billingId`, `note`, `withoutInvoice`; `stdin`.
 * @returns {Promise<{ files: InputFile[], records: InputRecord[] }>} All rows in the order of the files; rejects with
 *   `Refused`, which has every row that cannot be used.
 */
async function readInput(files, { stdin, sheet, hidden, billingId, note, withoutInvoice }) {
  checkFiles(files);
  const requireBillingId = billingId === undefined && !withoutInvoice;
  const read = [];
  for (const file of files) read.push(await readFile(file, { sheet, hidden, requireBillingId }, stdin));
  const inputs = read.map(({ file, refused, records = [] }) => ({
    name: file?.name ?? refused.file,
    records: records.map((record) => completed(record, { billingId, note })),
  }));
  const all = inputs.flatMap(({ records }) => records);
  const refusal = refusalOf(read, findDuplicates(all), inputs);
  if (refusal !== undefined) throw refusal;
  return { files: read.map(({ file }) => file), records: all };
}

module.exports = { STDIN, STDIN_NAME, placeOf, readInput };
