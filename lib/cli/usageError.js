'use strict';

const { count } = require('../connect/rules');

/** The command was used in a way that it does not know; nothing was sent. */
class UsageError extends Error {}

/** A whole number above 0 of an option, or undefined. */
function wholeNumber(values, name) {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!count.check(number)) throw new UsageError(`--${name} must be ${count.wants}; got '${text}'`);
  return number;
}

module.exports = { UsageError, wholeNumber };
