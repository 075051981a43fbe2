'use strict';

const { isStream } = require('./streams');

/** Sets an own property; also for the key `__proto__`, so that the caller's object does not become the prototype. */
function setOwn(target, key, value) {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}

/**
 * Copies a value in depth, as the original SDK copies a request's options: plain objects, arrays, dates and regular
 * expressions are copied; inherited properties become own ones, and an instance of a class a plain object. Functions,
 * buffers, maps, streams, signals and the like are passed on as they are. Cycles are kept.
 *
 * @param {*} value The value.
 * @param {Map<object, object>} [copies] The copies made so far, by their original.
 * @returns {*} The copy.
 */
function deepCopy(value, copies = new Map()) {
  if (typeof value !== 'object' || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  switch (Object.prototype.toString.call(value)) {
    case '[object Object]': {
      // Two copies of a stream would compete for its chunks.
      if (isStream(value)) return value;
      const copy = {};
      copies.set(value, copy);
      for (const key in value) setOwn(copy, key, deepCopy(value[key], copies));
      return copy;
    }
    case '[object Array]': {
      const copy = [];
      copies.set(value, copy);
      for (const key of Object.keys(value)) copy[key] = deepCopy(value[key], copies);
      return copy;
    }
    case '[object Date]':
      return new Date(value.valueOf());
    case '[object RegExp]':
      return new RegExp(value.source, value.flags);
    default:
      return value;
  }
}

module.exports = { deepCopy };
