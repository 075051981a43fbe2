'use strict';

/** Small helpers that the original exports; kept for whoever imports them. */

/** Whether a value is an object in the strict sense: not an array, a date, a map or null. */
function isObjectStrict(value) {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Whether a value is undefined, null, '', [] or {}. */
function isNilOrEmpty(value) {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObjectStrict(value) && Object.keys(value).length === 0;
}

/** `first` if the condition holds, else `second`. The arguments may be given one after the other. */
function alt(...given) {
  if (given.length < 3) return given.length === 0 ? alt : (...more) => alt(...given, ...more);
  const [first, second, condition] = given;
  return condition ? first : second;
}

module.exports = { isObjectStrict, isNilOrEmpty, alt };
