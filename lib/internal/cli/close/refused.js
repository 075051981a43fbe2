'use strict';

const { UsageError } = require('../errors.js');
const { withFlags } = require('../flagNames.js');

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

/**
 * What is wrong with a file that the reader refuses.
 *
 * @param {string} file What it is called.
 * @param {*} error The reader's error.
 * @returns {{ file: string, message?: string, rows: object[], count: number }}
 */
function refusedFile(file, { message, refused = [], refusedCount = 0 }) {
  const rows = refused.map((row) => ({
    file,
    ...row,
    reason: withFlags(row.reason),
    message: withFlags(row.message),
  }));
  // The message of refused rows names the first of them; one of the file as a whole says something else.
  const isOfRows = refused.length > 0 && message.includes(refused[0].message);
  return { file, message: isOfRows ? undefined : withFlags(message), rows, count: refusedCount };
}

module.exports = { Refused, refusedFile };
