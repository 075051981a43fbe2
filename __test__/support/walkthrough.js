'use strict';

/** Documents that are executed: their `console` blocks in a shell, their tables as workbooks. */

const path = require('path');

const { writeRows } = require('../../lib/internal/tables/writeRows');

/** The commands of a `console` block, each with what it prints. */
function commandsOf(block) {
  const commands = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), output: [] });
    else commands.at(-1).output.push(line);
  }
  return commands.map(({ command, output }) => ({ command, output: output.join('\n') }));
}

/** The cells of a row of a Markdown table. */
const cellsOf = (line) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** A table whose first column is headed by the name of a file, such as `january.xlsx`, is its sheet. */
function tableOf(text) {
  const [head, , ...lines] = text.trim().split('\n').map(cellsOf);
  const [, file] = /^`([\w-]+\.xlsx)`$/.exec(head[0]) ?? [];
  if (file === undefined) return undefined;
  const [columns, ...rows] = lines.map(([, ...cells]) => cells);
  return { file, columns, rows };
}

/**
 * What is to be done, in the order of the document.
 *
 * @param {string} text The document.
 * @returns {object[]} `{ commands }`, `{ powershell }` or `{ table }`.
 */
function stepsOf(text) {
  const steps = [];
  const pattern = /^```(\w+)\n([\s\S]*?)\n```$|((?:^\|.*\|\n)+)/gm;
  for (const [, language, block, lines] of text.matchAll(pattern)) {
    if (language === 'console') steps.push({ commands: commandsOf(block) });
    if (language === 'powershell') steps.push({ powershell: block });
    const table = lines === undefined ? undefined : tableOf(lines);
    if (table !== undefined) steps.push({ table });
  }
  return steps;
}

/** Writes the sheet of a table into a folder. A row of `...` stands for the rows that `more` gives. */
async function writeTable(folder, { file, columns, rows }, more) {
  const all = rows.flatMap((row) => (row[0] === '...' ? more(columns) : [row]));
  const sheet = { name: 'records', columns, rows: all.map((row) => row.map((cell) => cell || null)) };
  await writeRows(path.join(folder, file), [sheet]);
}

// What a terminal obeys: the start of a line that is drawn again, and colours.
const ESCAPE = '\u001b\\[';
const REDRAWN = new RegExp(`[^\\n]*\\r${ESCAPE}K`, 'g');
const COLOUR = new RegExp(`${ESCAPE}[\\d;]*m`, 'g');

/** What a terminal shows in the end, without what differs from run to run: times, speeds and sizes. */
function shown(text) {
  return text
    .replace(/\r\n/g, '\n')
    .replace(REDRAWN, '')
    .replace(COLOUR, '')
    .replace(/\b\d\d:\d\d:\d\d\b/g, 'hh:mm:ss')
    .replace(/\b\d+\/s\b/g, 'n/s')
    .replace(/\b[\d.]+ s, \d+ records per second, \d+ requests/g, 'n s, n records per second, n requests')
    .replace(/\b\d+ bytes\b/g, 'n bytes')
    .trimEnd();
}

module.exports = { shown, stepsOf, writeTable };
