'use strict';

const { summary } = require('../stats');

/** How numbers and tables are written. */

/** A number as people write it: thousands apart, three digits that count. */
function number(value) {
  if (!Number.isFinite(value)) return 'n/a';
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  const text = String(Number(value.toPrecision(Math.abs(value) >= 1 ? 3 : 2)));
  return text.includes('e') ? '0' : text;
}

/** A ratio that is read as "so many times as much", or, below one, as a fraction. */
function fraction(value) {
  if (!Number.isFinite(value)) return 'n/a';
  if (value === 0) return '0';
  return value < 1 ? `1/${number(1 / value)}` : `${number(value)}`;
}

/** The median of the rounds. */
const median = (values) => number(summary(values).median);

/** A median with its spread. */
function spread({ median, least, most }, write = number) {
  if (!Number.isFinite(median)) return 'n/a';
  return `${write(median)} [${write(least)} to ${write(most)}]`;
}

/** A table as the formatter wants it: every cell of a column as wide as the widest. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** A number of concurrent requests, in words. */
const atConcurrency = (concurrency) =>
  Number(concurrency) === 1 ? 'one at a time' : `${concurrency} concurrent`;

module.exports = { atConcurrency, fraction, median, number, spread, table };
