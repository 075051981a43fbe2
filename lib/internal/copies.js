'use strict';

/** Copies of values: of the caller's, which are never changed, and of the addon's, which belong to another realm. */

/** Whether a value is a Node stream, or one like it. */
function isStream(value) {
  return typeof value === 'object' && value !== null && typeof value.pipe === 'function';
}

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

/**
 * The errors of the language in the caller's realm. What the addon creates belongs to the realm that loaded it, which under Jest
 * and in Vitest's vm pools is not the caller's: `instanceof Error` would be false.
 */
const builtIn = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/**
 * Rewraps an error of another realm; the caller's own errors are returned as they are.
 *
 * @param {*} error What was thrown.
 * @returns {*} The same, or an error of this realm with its message, stack and properties.
 */
function rewrapError(error) {
  if (error instanceof Error || Object.prototype.toString.call(error) !== '[object Error]') return error;
  const Class = builtIn[error.name] || Error;
  // With its properties, such as the `code` of Node's errors.
  const rewrapped = Object.assign(new Class(error.message), error);
  rewrapped.stack = error.stack;
  return rewrapped;
}

/**
 * Rewraps an object or array of the addon.
 *
 * @param {*} value The value.
 * @returns {*} The same, or a deep copy in this realm.
 */
function rewrapValue(value) {
  return value instanceof Object ? value : deepCopy(value);
}

module.exports = { deepCopy, isStream, rewrapError, rewrapValue };
