'use strict';

/** Helpers that the original exports. */

/** Whether a value is an object, but not an array, a date, a map or null. */
function isObjectStrict(value) {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Whether a value is undefined, null, '', [] or {}. */
function isNilOrEmpty(value) {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObjectStrict(value) && Object.keys(value).length === 0;
}

/** `first` if the condition holds, else `second`. The function is curried. */
function alt(...args) {
  if (args.length < 3) return args.length === 0 ? alt : (...more) => alt(...args, ...more);
  const [first, second, condition] = args;
  return condition ? first : second;
}

module.exports = { isObjectStrict, isNilOrEmpty, alt };
