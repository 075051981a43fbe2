'use strict';

/** Values that several seeds are made of. */

/** The statuses of usage records. */
const RECORD_STATUSES = ['valid', 'invalid', 'approved', 'rejected', 'closed'];

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value) => Array.isArray(value) && value.every(isObject);

/** A number in groups of four digits. */
function digits(number, groups) {
  const text = String(number).padStart(groups * 4, '0');
  return text.match(/.{4}/g).join('-');
}

function isoSeconds(milliseconds) {
  return new Date(milliseconds).toISOString().slice(0, 19) + '+00:00';
}

/**
 * Checks a value of the caller's that must be one of a list.
 *
 * @throws {TypeError} that says which there are
 */
function checkChoice(what, name, value, choices) {
  if (choices.includes(value)) return;
  throw new TypeError(`startSandbox: ${what} has no ${name} ${String(value)}; known: ${choices.join(', ')}`);
}

module.exports = { RECORD_STATUSES, checkChoice, digits, isList, isObject, isoSeconds };
