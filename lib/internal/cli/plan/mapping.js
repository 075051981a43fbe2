'use strict';

/** The file of `plan --map`: which invoice belongs to what. */

const { refusedInvoices } = require('../close/invoice.js');
const { Refused } = require('../close/refused.js');
const { UsageError } = require('../errors.js');
const { INVOICE, NOTE } = require('../fields.js');
const { withFlags } = require('../flagNames.js');
const { TableError } = require('../../results/errors.js');
const { Table } = require('../../tables/Table.js');

/** @typedef {{ row: number, key: string, invoice: string, note?: string }} Entry */

/** A header as it is compared: in any case, without blanks, `_` and `-`. */
const comparable = (header) => header.toLowerCase().replace(/[\s_-]/g, '');

/** The column of a name. */
function findColumn(file, columns, name, flag) {
  const found = columns.filter((column) => comparable(column) === comparable(name));
  if (found.length === 1) return found[0];
  const what = found.length === 0 ? 'no column' : 'several columns';
  throw new UsageError(
    `cannot use ${file}: it has ${what} ${name}; name one with ${flag}; it has ${columns.join(', ')}`,
  );
}

/** Reads all rows of a file. */
async function readTable(file, options) {
  const table = new Table('plan', file, { ...options, anyColumns: true });
  try {
    const { columns, format } = await table.describe();
    const rows = [];
    for await (const row of table) rows.push(row);
    return { columns, rows, word: format === 'csv' ? 'line' : 'row' };
  } catch (error) {
    if (!(error instanceof TableError) && error.code === undefined) throw error;
    throw new UsageError(withFlags(error.message));
  }
}

/** Why a row cannot be used; undefined for one that can. The invoices are checked for all rows at once. */
function refuse({ hidden, unusable = {}, cells }, { by, invoice, note }, takesHidden) {
  if (hidden && !takesHidden) {
    return 'is hidden, or left out by a filter; show or delete it, or read hidden rows too (--hidden)';
  }
  const column = [by, invoice, note].find((name) => name !== undefined && unusable[name] !== undefined);
  if (column !== undefined) return `${column} ${unusable[column]}`;
  if (!cells[by]) return `has no ${by}`;
  if (!cells[invoice]) return `has no ${invoice}`;
  return undefined;
}

/**
 * Reads the mapping.
 *
 * @param {string} file The file.
 * @param {{ by: string, key?: string, 'invoice-column'?: string, sheet?: string, hidden?: boolean }} values The flags.
 * @returns {Promise<Entry[]>} Its rows; rejects with `Refused`, which has all that cannot be used.
 */
async function readMapping(file, { by, key = by, 'invoice-column': invoiceColumn = INVOICE, sheet, hidden }) {
  const { columns, rows, word } = await readTable(file, { sheet, hidden });
  const names = {
    by: findColumn(file, columns, key, '--key'),
    invoice: findColumn(file, columns, invoiceColumn, '--invoice-column'),
    note: columns.find((column) => comparable(column) === comparable(NOTE)),
  };
  const refused = [];
  const add = (row, value, reason, at = ' ') =>
    refused.push({ file, row, value, reason, message: `${word} ${row}${at}${reason}` });
  const entries = [];
  for (const row of rows) {
    const { [names.by]: text = '', [names.invoice]: invoice = '' } = row.cells;
    if (text === '' && invoice === '' && row.unusable === undefined) continue;
    const why = refuse(row, names, hidden);
    if (why !== undefined) add(row.row, text, why);
    else entries.push({ row: row.row, key: text, invoice, note: names.note && row.cells[names.note] });
  }
  const wrong = await refusedInvoices(entries.map(({ invoice }) => invoice));
  for (const [at, why] of wrong) {
    const { row, invoice } = entries[at];
    add(row, invoice, why, `, ${names.invoice}: '${invoice}' `);
  }
  if (refused.length > 0) {
    refused.sort((one, other) => one.row - other.row);
    throw new Refused([{ file, rows: refused, count: refused.length }]);
  }
  return entries;
}

module.exports = { readMapping };
