'use strict';

const { isStream } = require('./streams');

/** Sets a key, `__proto__` too, as an own property: a caller's object must not become a prototype. */
function put(target, key, value) {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}

/**
 * Copies a value in depth, by the rule of fact 25: plain objects, arrays, dates and regular expressions are
 * copied (what an object inherits becomes its own, an instance of a class becomes a plain object); functions,
 * buffers, maps, streams, signals and the like are passed on as they are. Circles survive.
 *
 * @param {*} value What to copy.
 * @returns {*} The copy.
 */
function clone(value, seen = new Map()) {
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  switch (Object.prototype.toString.call(value)) {
    case '[object Object]': {
      // A copy of a stream would be read no more than once, and by whom is chance.
      if (isStream(value)) return value;
      const copy = {};
      seen.set(value, copy);
      for (const key in value) put(copy, key, clone(value[key], seen));
      return copy;
    }
    case '[object Array]': {
      const copy = [];
      seen.set(value, copy);
      for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
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

module.exports = { clone };
