'use strict';

/**
 * Reads CSV text as spreadsheets write it (RFC 4180): fields in quotes may hold commas, line ends and doubled
 * quotes; lines end with LF or CRLF; a byte order mark and empty lines are passed over.
 *
 * @param {string} text the file's text; its first line names the columns
 * @returns {{ line: number, fields: Record<string, string> }[]} the rows, with the line each begins on
 * @throws {Error} if a quoted field is not closed
 */
function readCsv(text) {
  const rows = splitRows(text.replace(/^\uFEFF/, ''));
  const names = rows.length === 0 ? [] : rows[0].cells.map((name) => name.trim());
  return rows.slice(1).map(({ line, cells }) => ({
    line,
    fields: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])),
  }));
}

function splitRows(text) {
  const rows = [];
  let line = 1;
  let row = { line, cells: [] };
  let at = 0;
  while (at < text.length) {
    const { cell, next } = text[at] === '"' ? quotedCell(text, at, line) : plainCell(text, at);
    row.cells.push(cell);
    line += cell.split('\n').length - 1;
    at = next;
    if (text[at] === ',') {
      at += 1;
      // A comma at the very end announces one more field, an empty one.
      if (at === text.length) row.cells.push('');
      else continue;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (row.cells.some((value) => value !== '')) rows.push(row);
    row = { line, cells: [] };
  }
  return rows;
}

function plainCell(text, start) {
  const end = /[,\r\n]|$/g;
  end.lastIndex = start;
  const next = end.exec(text).index;
  return { cell: text.slice(start, next), next };
}

function quotedCell(text, start, line) {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end === -1) throw new Error(`line ${line}: a quoted field is not closed`);
  return { cell: text.slice(start + 1, end).replace(/""/g, '"'), next: end + 1 };
}

module.exports = { readCsv };
