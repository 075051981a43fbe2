'use strict';

/** What the files say: shown before anything is sent. */

const { STDIN_NAME, placeOf } = require('./input.js');
const { plain } = require('../io.js');
const { recordColumns } = require('../recordColumns.js');

/** How many invoices, and how many rows that come twice, are shown. */
const MAX_SHOWN = 20;

/** From how many records on a journal is proposed. */
const MANY = 1000;

/** What `list` writes besides. */
const LISTED = new Set(recordColumns().map(({ header }) => header));

const MEANINGS = { id: 'record', externalBillingId: 'invoice', externalBillingNote: 'note' };

/** A number of things: `1 row`, `2 rows`. */
const counted = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/**
 * What the files say, for programs.
 *
 * @param {{ files: import('./input').InputFile[], records: import('./input').InputRecord[] }} input The files.
 * @returns {object} `{ files, records, invoices, duplicates }`.
 */
function overviewOf({ files, records }) {
  const invoices = new Map();
  const duplicates = [];
  for (const record of records) {
    const { id, externalBillingId, first } = record;
    if (first === undefined) invoices.set(externalBillingId, (invoices.get(externalBillingId) ?? 0) + 1);
    else duplicates.push({ id, place: placeOf(record), first: placeOf(first) });
  }
  return {
    files: files.map(({ name, format, sheet, rows, columns, ignored }) => ({
      name,
      format,
      sheet,
      rows,
      columns,
      ignored,
    })),
    records: records.length - duplicates.length,
    invoices: [...invoices].map(([externalBillingId, count]) => ({ externalBillingId, records: count })),
    duplicates,
  };
}

/** The columns that are not read; those that `list` writes are only counted, so that a misspelt one stands out. */
function ignoredOf({ ignored }) {
  const own = ignored.filter((header) => LISTED.has(header));
  const other = ignored.filter((header) => !LISTED.has(header)).map(plain);
  return { other, own: own.length };
}

/** A line about the columns that are not read; undefined if all are. */
function describeIgnored(file) {
  const { other, own } = ignoredOf(file);
  const all = [...other, ...(own > 0 ? [`${own} that records list writes`] : [])];
  return all.length > 0 ? `columns that are not read: ${all.join(', ')}` : undefined;
}

function linesOfFile(file) {
  const { name, sheet, rows, columns } = file;
  const notRead = describeIgnored(file);
  const understood = Object.entries(MEANINGS)
    .filter(([field]) => typeof columns[field] === 'string')
    .map(([field, meaning]) => `${meaning} from ${plain(columns[field])}`);
  return [
    `${name}${sheet === undefined ? '' : `, sheet ${plain(sheet)}`}: ${counted(rows, 'row')}`,
    `  columns that are read: ${understood.join(', ')}`,
    ...(notRead === undefined ? [] : [`  ${notRead}`]),
  ];
}

/** The first lines, and how many more there would be. */
function firstOf(lines) {
  const more = lines.length - MAX_SHOWN;
  return more > 0 ? [...lines.slice(0, MAX_SHOWN), `  and ${more} more`] : lines;
}

/** What the files say, for people. */
function describeOverview({ files, records, invoices, duplicates }) {
  const width = Math.max(...invoices.map(({ records: count }) => `${count}`.length), 1);
  const lines = [
    ...files.flatMap(linesOfFile),
    `${counted(records, 'record')}:`,
    ...firstOf(
      invoices.map(
        ({ externalBillingId, records: count }) =>
          `  ${`${count}`.padStart(width)}  ${externalBillingId ?? 'WITHOUT AN INVOICE'}`,
      ),
    ),
  ];
  if (duplicates.length > 0) {
    const are = duplicates.length === 1 ? 'row repeats' : 'rows repeat';
    lines.push(`${duplicates.length} ${are} a record with the same invoice; each record counts once:`);
    lines.push(...firstOf(duplicates.map(({ id, place, first }) => `  ${id}: ${place}, as in ${first}`)));
  }
  return `${lines.join('\n')}\n`;
}

/** What is asked before the records are closed. */
function questionOf({ records, invoices }) {
  const without = invoices.find(({ externalBillingId }) => externalBillingId === null)?.records ?? 0;
  const all = without === records;
  const some = without > 0 ? `, ${without} of them WITHOUT AN INVOICE` : '';
  const how = all ? ' WITHOUT AN INVOICE' : some;
  return `Close ${counted(records, 'record')}${how}? This cannot be undone.`;
}

/** Proposes a journal for a long run that has none; undefined for others. */
function journalHint({ files, records }, { journal }) {
  if (journal !== undefined || records <= MANY) return undefined;
  const [{ name: first }] = files;
  const name = first === STDIN_NAME ? 'records' : first.replace(/\.(csv|xlsx)$/i, '').replace(/ /g, '-');
  return `for so many records, add --journal ${name}.journal: if the run is cut off, the same command then goes on where it was`;
}

module.exports = { counted, ignoredOf, describeOverview, journalHint, overviewOf, questionOf };
