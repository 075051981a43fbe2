'use strict';

/** Objects as people read them: lists as columns or tables, one object as lines of names and values. */

const { UsageError } = require('./errors.js');
const { bold, plain, write, writeJson } = require('./io.js');
const { writeRows } = require('../tables/writeRows.js');

/**
 * A column of a list. `wide` ones are only in files.
 *
 * @typedef {{ header: string, of: (object: *) => string | number | null | undefined, wide?: boolean }} Column
 */

/** How many objects decide how wide the columns are; none of a list needs to be kept. */
const MEASURED = 1000;

/** A cell in one line. */
const cellText = (value) => plain(String(value ?? '').replace(/[\r\n\t]+/g, ' '));

/** Writes pages of objects as columns; the first page decides how wide they are. */
async function printColumns(io, pages, columns) {
  const shown = columns.filter(({ wide }) => !wide);
  let widths;
  const line = (cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at]))
      .join('  ')
      .trimEnd();
  let count = 0;
  for await (const page of pages) {
    const rows = page.map((object) => shown.map(({ of }) => cellText(of(object))));
    if (widths === undefined) {
      const measured = [shown.map(({ header }) => header), ...rows.slice(0, MEASURED)];
      widths = shown.map((_, at) => Math.max(...measured.map((cells) => cells[at].length)));
      await write(io.stdout, `${bold(io, line(shown.map(({ header }) => header)))}\n`);
    }
    count += page.length;
    await write(io.stdout, rows.map((cells) => `${line(cells)}\n`).join(''));
  }
  return count;
}

/** Writes pages of objects as one JSON array, with an object in each line. */
async function printJson(io, pages) {
  let count = 0;
  for await (const page of pages) {
    const lines = page.map((object) => JSON.stringify(object)).join(',\n');
    await write(io.stdout, `${count === 0 ? '[\n' : ',\n'}${lines}`);
    count += page.length;
  }
  await write(io.stdout, count === 0 ? '[]\n' : '\n]\n');
  return count;
}

/** Refuses a name of a file that does not say what kind it is. */
function checkTableName(file) {
  if (!/\.(csv|xlsx)$/i.test(file)) throw new UsageError(`--out must end in .csv or .xlsx; got '${file}'`);
  return file;
}

/** The rows of a table. */
async function* rowsOf(pages, columns) {
  for await (const page of pages) {
    for (const object of page) yield columns.map(({ of }) => of(object));
  }
}

/**
 * Writes a list as the flags say: to a file, as JSON, or as columns.
 *
 * @param {import('./io').Io} io Where to write.
 * @param {AsyncIterable<object[]>} pages The list.
 * @param {Column[]} columns What is written of an object.
 * @param {{ out?: string, json?: boolean, noun: string, [flag: string]: * }} how `noun`: what the objects are called, and the sheet.
 */
async function printList(io, pages, columns, { out, json, noun }) {
  if (out !== undefined) {
    const sheet = { name: noun, columns: columns.map(({ header }) => header), rows: rowsOf(pages, columns) };
    const { rows } = await writeRows(checkTableName(out), [sheet]);
    if (json) await writeJson(io, { path: out, rows });
    else await write(io.stdout, `${out}: ${rows} ${noun}\n`);
    return;
  }
  const count = json ? await printJson(io, pages) : await printColumns(io, pages, columns);
  if (count === 0 && !json) io.stderr.write(`connect-usage: there are no such ${noun}\n`);
}

/** The values of an object that has some, by their paths: `product.id`. */
function* flat(object, prefix = '') {
  for (const [name, value] of Object.entries(object)) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object') yield* flat(value, `${prefix}${name}.`);
    else yield [`${prefix}${name}`, value];
  }
}

/**
 * Writes one object: as JSON, or its values in lines.
 *
 * @param {import('./io').Io} io Where to write.
 * @param {*} object The object.
 * @param {{ json?: boolean }} values The flags.
 */
async function printObject(io, object, { json }) {
  if (json) {
    await writeJson(io, object);
    return;
  }
  const { id, status, ...rest } = object;
  const lines = [...flat({ id, status, ...rest })];
  const width = Math.max(...lines.map(([name]) => name.length));
  await write(
    io.stdout,
    lines.map(([name, value]) => `${name.padEnd(width)}  ${cellText(value)}\n`).join(''),
  );
}

module.exports = { checkTableName, printList, printObject };
