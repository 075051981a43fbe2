'use strict';

/** `--results`: a table of what became of each row of the files, in their order. */

const path = require('path');

const { placeOf } = require('./input.js');
const { UsageError } = require('../errors.js');
const { ID, INVOICE, NOTE } = require('../fields.js');
const { withFlags } = require('../flagNames.js');
const { writeRows } = require('../../tables/writeRows.js');

const COLUMNS = ['file', 'row', ID, INVOICE, NOTE, 'result', 'reason'];

/** Of rows that could be used, in files of which others cannot. */
const OTHERS_REFUSED = { result: 'not sent', reason: 'other rows are refused' };

/** What became of a row, and why. @typedef {{ result: string, reason?: string }} Outcome */

/** Checks the name before anything is done: the file is written at the end. */
function checkResults(results, files) {
  if (results === undefined) return;
  if (!/\.(csv|xlsx)$/i.test(results)) {
    throw new UsageError(`--results: the name must end in .csv or .xlsx; got '${results}'`);
  }
  if (files.some((file) => path.resolve(file) === path.resolve(results))) {
    throw new UsageError(`--results ${results} would replace a file that is read; give another name`);
  }
}

/**
 * What the report of a run says of each record that it closed, or did not.
 *
 * @param {object} report The report of `closeMany` with `listClosed`.
 * @param {string} [ended] Why the run ended early.
 * @returns {(id: string) => Outcome} What became of a record.
 */
function outcomesOf(report, ended) {
  const outcomes = new Map();
  const { closedIds = [], alreadyClosedIds = [], failed, conflicts, unknown } = report;
  for (const id of closedIds) outcomes.set(id, { result: 'closed' });
  for (const id of alreadyClosedIds) {
    outcomes.set(id, { result: 'closed', reason: 'was closed before with this invoice' });
  }
  for (const { id, errorCodes, errorDetails } of failed) {
    outcomes.set(id, { result: 'not closed', reason: [errorCodes, errorDetails].filter(Boolean).join(' ') });
  }
  for (const { id, externalBillingId } of conflicts) {
    const how = externalBillingId === null ? 'without an invoice' : `with ${externalBillingId}`;
    outcomes.set(id, { result: 'closed otherwise', reason: `is closed ${how}` });
  }
  for (const { id, message } of unknown) {
    outcomes.set(id, { result: 'unknown', reason: `${message}; run the same command again to find out` });
  }
  const notSent = { result: 'not sent', reason: ended === undefined ? undefined : withFlags(ended) };
  return (id) => outcomes.get(id) ?? notSent;
}

/** A row of the results. */
function rowOf(record, outcomeOf) {
  const { file, row, id, externalBillingId, externalBillingNote, first } = record;
  const { result, reason } = outcomeOf(id);
  const repeated = first === undefined ? undefined : `repeats ${placeOf(first)}, and counts once`;
  const why = [repeated, reason].filter(Boolean).join('; ');
  return [file.name, row, id, externalBillingId, externalBillingNote, result, why];
}

/**
 * Writes what became of the records.
 *
 * @param {string} results The file.
 * @param {import('./input').InputRecord[]} records All rows.
 * @param {(id: string) => Outcome} outcomeOf What became of a record.
 */
async function writeResults(results, records, outcomeOf) {
  const rows = records.map((record) => rowOf(record, outcomeOf));
  await writeRows(results, [{ name: 'results', columns: COLUMNS, rows }]);
}

/** The same as a function of the outcomes, which does nothing if there is no such file. */
function resultsOf(results, records) {
  return async (outcomeOf) => {
    if (results !== undefined) await writeResults(results, records, outcomeOf);
  };
}

/**
 * The rows of a file when rows are refused, of this file or another.
 *
 * @param {{ file: string, message?: string, rows: * }} refusal What is refused of it.
 * @param {*} records Its records, if it can be read.
 * @returns {*[][]} The rows.
 */
function refusedRows({ file, message, rows: refused }, records) {
  const whole = message === undefined ? [] : [[file, null, null, null, null, 'refused', message]];
  const byRow = new Map(refused.map((row) => [row.row, row]));
  // Those that the reader refused are not among the records.
  const known = new Set(records.map(({ row }) => row));
  const lines = [
    ...records.map((record) => {
      const reason = byRow.get(record.row)?.message;
      const outcome = reason === undefined ? OTHERS_REFUSED : { result: 'refused', reason };
      return { row: record.row, cells: rowOf({ ...record, first: undefined }, () => outcome) };
    }),
    ...refused
      .filter(({ row }) => !known.has(row))
      .map(({ row, column, value, message: why }) => ({
        row,
        cells: [file, row, column === undefined ? value : null, null, null, 'refused', why],
      })),
  ];
  return [...whole, ...lines.sort((one, other) => one.row - other.row).map(({ cells }) => cells)];
}

/**
 * Writes why rows are refused; nothing was sent. Of a file that the reader refuses only those rows are known.
 *
 * @param {string} results The file.
 * @param {import('./refused').Refused} refusal The refused rows.
 */
async function writeRefused(results, { files, inputs }) {
  const rows = inputs.flatMap(({ name, records }) =>
    refusedRows(files.find(({ file }) => file === name) ?? { file: name, rows: [] }, records),
  );

  await writeRows(results, [{ name: 'results', columns: COLUMNS, rows }]);
}

module.exports = { checkResults, outcomesOf, resultsOf, writeRefused, writeResults };
