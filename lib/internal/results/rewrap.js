'use strict';

/**
 * Rewraps values for the caller's realm. What the addon creates belongs to the realm that loaded it, which under Jest
 * and in Vitest's vm pools is not the caller's: `instanceof Error` would be false.
 */

const { deepCopy } = require('../transport/deepCopy');

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

module.exports = { rewrapValue, rewrapError };
