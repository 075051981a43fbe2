'use strict';

const { UsageError } = require('../errors');

/** The lines that say what is wrong with a file. */
function linesOf({ file, message, rows, count }) {
  const more = count - rows.length;
  return [
    message === undefined ? `cannot use ${file}:` : message,
    ...rows.map((row) => `  ${row.message}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** Files that cannot be used: each of their rows that is refused, and why. Nothing was sent. */
class Refused extends UsageError {
  /**
   * @param {{ file: string, message?: string, rows: object[], count: number }[]} files What is wrong with each.
   * @param {{ name: string, records: object[] }[]} [inputs] All files, with the records of those that can be read.
   */
  constructor(files, inputs = []) {
    super(['nothing was sent', ...files.flatMap(linesOf)].join('\n'));
    this.files = files;
    this.inputs = inputs;
  }

  /** The same for programs. */
  toJSON() {
    return {
      error: 'nothing was sent: the files cannot be used',
      files: this.files.map(({ file, message, count }) => ({ file, message, refused: count })),
      refused: this.files.flatMap(({ rows }) => rows),
    };
  }
}

module.exports = { Refused };
