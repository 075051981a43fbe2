'use strict';

/** The command was used in a way that it does not know; nothing was sent. */
class UsageError extends Error {}

/** A whole number above 0 of an option, or undefined. */
function wholeNumber(values, name) {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new UsageError(`--${name} must be a whole number above 0; got '${text}'`);
  }
  return number;
}

module.exports = { UsageError, wholeNumber };
