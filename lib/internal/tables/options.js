'use strict';

/** The options of the functions that read and write tables. */

const rules = require('../options.js');

const format = rules.oneOf('csv', 'xlsx');

/** What `closeMany` takes beside a path; its own options have the signal. */
const FILE = {
  sheet: rules.text('the name of a sheet'),
  hidden: rules.flag,
  format,
  maxBytes: { ...rules.wholeNumber(1, Number.MAX_SAFE_INTEGER), wants: 'a whole number of bytes above 0' },
};

const READ = { ...FILE, signal: rules.signal };

const WRITE = {
  format,
  separator: { check: (value) => [',', ';', '\t'].includes(value), wants: "',', ';' or a tab" },
  signal: rules.signal,
};

const WRITE_RECORDS = {
  format: WRITE.format,
  separator: WRITE.separator,
  externalBillingId: rules.text('a non-empty string'),
  externalBillingNote: rules.text('a non-empty string'),
  signal: WRITE.signal,
};

/** The rules of each function's options. */
const RULES = {
  closeMany: FILE,
  readRecords: READ,
  readRows: READ,
  writeRecords: WRITE_RECORDS,
  writeRows: WRITE,
};

/**
 * Checks the options of a function.
 *
 * @param {string} name The function.
 * @param {*} options What the caller gave.
 */
function checkTableOptions(name, options) {
  if (!rules.isPlain(options)) {
    throw new TypeError(`${name}: the options must be an object; got ${rules.describeValue(options)}`);
  }
  rules.checkOptions(RULES[name], options, { prefix: `${name}: ` });
}

module.exports = { checkTableOptions };
