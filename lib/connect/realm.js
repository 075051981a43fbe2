'use strict';

/**
 * What the addon makes is of the realm that loaded it, which is not the caller's under Jest and in Vitest's vm pools: here it
 * is made again, of the caller's own classes.
 */

const { clone } = require('./http/clone');

const builtIn = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/**
 * Errors that the addon or JavaScript itself threw in the addon's realm are not `instanceof` the caller's
 * Error under Jest; they are made again here. The caller's own errors pass as they are.
 *
 * @param {*} error What was thrown.
 * @returns {*} The same, or its like of this realm.
 */
function rehome(error) {
  if (error instanceof Error || Object.prototype.toString.call(error) !== '[object Error]') return error;
  const Own = builtIn[error.name] || Error;
  // With what it carries, such as the `code` of an error of Node's file system.
  const made = Object.assign(new Own(error.message), error);
  made.stack = error.stack;
  return made;
}

/**
 * The same for what the addon gives: its objects and lists are of the realm that loaded it, whose classes are not the
 * caller's under Jest and Vitest. What reaches the caller passes through here.
 *
 * @param {*} value What a function of the addon gave.
 * @returns {*} The same, or its like of this realm, in depth.
 */
function adopt(value) {
  return value instanceof Object ? value : clone(value);
}

module.exports = { adopt, rehome };
