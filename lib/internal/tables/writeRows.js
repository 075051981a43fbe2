'use strict';

/** `writeRows`: tables of any columns. They are written in Rust, to which the rows are handed over in chunks of JSON. */

const binding = require('../../../binding.js');
const { checkTableOptions } = require('./options.js');
const { Stopper } = require('./Stopper.js');
const { unwrapped } = require('./unwrapped.js');
const { chunksOf, isIterable, toJson } = require('../bulk/chunks.js');
const { describeValue, isPlain } = require('../options.js');
const { rewrapError } = require('../copies.js');

/** @typedef {string | number | null | undefined} Cell */

/**
 * A sheet. CSV needs no name.
 *
 * @typedef {{ name?: string, columns: string[], rows: Iterable<Cell[]> | AsyncIterable<Cell[]> }} Sheet
 */

/** Checks what Rust does not see: the types. */
function checkSheets(sheets) {
  if (!Array.isArray(sheets)) {
    throw new TypeError(`writeRows: the sheets must be an array; got ${describeValue(sheets)}`);
  }
  for (const [index, sheet] of sheets.entries()) {
    const refuse = (what, wants, got) => {
      throw new TypeError(`writeRows: sheets[${index}]${what} must be ${wants}; got ${describeValue(got)}`);
    };
    if (!isPlain(sheet)) refuse('', 'an object { name, columns, rows }', sheet);
    const { name, columns, rows } = sheet;
    if (name !== undefined && typeof name !== 'string') refuse('.name', 'a text', name);
    if (!Array.isArray(columns)) refuse('.columns', 'an array of texts', columns);
    for (const [at, header] of columns.entries()) {
      if (typeof header !== 'string') refuse(`.columns[${at}]`, 'a text', header);
    }
    if (!isIterable(rows)) refuse('.rows', 'an array or another iterable of arrays', rows);
  }
}

/** What a cell may be; JSON would make null or an object of anything else. */
function isCell(value) {
  return value === null || value === undefined || typeof value === 'string' || Number.isFinite(value);
}

/** Checks the types of a chunk of rows. */
function checkRows(rows, place, first) {
  for (const [index, row] of rows.entries()) {
    const refuse = (what, wants, got) => {
      const where = `${place}.rows[${first + index}]${what}`;
      throw new TypeError(`writeRows: ${where} must be ${wants}; got ${describeValue(got)}`);
    };
    if (!Array.isArray(row)) refuse('', 'an array of cells', row);
    const at = row.findIndex((value) => !isCell(value));
    if (at >= 0) refuse(`[${at}]`, 'a text, a finite number, null or undefined', row[at]);
  }
}

/** Writes the rows of a sheet. */
async function writeSheet(writer, stopper, rows, place) {
  let first = 0;
  for await (const chunk of stopper.values(chunksOf(rows))) {
    checkRows(chunk, place, first);
    first += chunk.length;
    await unwrapped(writer.write(toJson(chunk)));
  }
}

/**
 * Writes tables of any columns: one as CSV, or any number as the sheets of a workbook. A text stays a text. A number is one that
 * a spreadsheet can sum, of which xlsx keeps 15 digits and at most 15 decimals; one of 1e15 and more is refused there.
 *
 * @param {string | null} target The file, which appears when it is complete; null for the bytes.
 * @param {Sheet[]} sheets The sheets, in their order.
 * @param {object} [options] How to write them.
 * @param {'csv' | 'xlsx'} [options.format] The kind of file; by default what the end of its name says.
 * @param {',' | ';' | '\t'} [options.separator] What separates the cells of CSV.
 * @param {AbortSignal} [options.signal] Ends the writing.
 * @returns {Promise<*>} `{ path, format, rows }`, or a Buffer with the bytes.
 */
async function writeRows(target, sheets, options = {}) {
  if (target !== null && (typeof target !== 'string' || target === '')) {
    throw new TypeError(
      `writeRows: expected the path of a file, or null for the bytes; got ${describeValue(target)}`,
    );
  }
  checkSheets(sheets);
  checkTableOptions('writeRows', options);
  const { signal, ...settings } = options;
  const names = sheets.map(({ name = '' }) => name);
  const columns = sheets.map((sheet) => sheet.columns);
  const writer = new binding.SheetsWriter(target, names, columns, settings);
  const stopper = new Stopper(signal);
  try {
    for (const [index, { rows }] of sheets.entries()) {
      if (index > 0) await unwrapped(writer.nextSheet());
      await writeSheet(writer, stopper, rows, `sheets[${index}]`);
    }
    const { format, rows, bytes } = await unwrapped(writer.finish());
    return target === null ? bytes : { path: target, format, rows };
  } catch (error) {
    await writer.discard();
    throw rewrapError(error);
  } finally {
    stopper.end();
  }
}

module.exports = { writeRows };
