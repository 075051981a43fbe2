'use strict';

/**
 * Rows as columns that stand under each other.
 *
 * @param {string[]} headers Their headers.
 * @param {(string | number)[][]} rows The rows; a number stands on the right.
 * @returns {string[]} The lines.
 */
function inColumns(headers, rows) {
  const all = [headers, ...rows];
  const widths = headers.map((_, at) => Math.max(...all.map((row) => `${row[at]}`.length)));
  const isNumeric = headers.map((_, at) => rows.some((row) => typeof row[at] === 'number'));
  return all.map((row) =>
    row
      .map((cell, at) => (isNumeric[at] ? `${cell}`.padStart(widths[at]) : `${cell}`.padEnd(widths[at])))
      .join('  ')
      .trimEnd(),
  );
}

module.exports = { inColumns };
