'use strict';

/**
 * Validators of options: `{ check, wants }`, where `wants` completes "must be ...". A table has one for each option.
 */

/** The longest delay of a timer in ms; Node fires a longer one at once. */
const MAX_TIMER_MS = 0x7fffffff;

/** A whole number; the engine's are of 32 bits. */
function wholeNumber(min, max = 0xffffffff) {
  return {
    check: (value) => Number.isSafeInteger(value) && value >= min && value <= max,
    wants: `a whole number of at least ${min}`,
  };
}

const count = { ...wholeNumber(1), wants: 'a whole number above 0' };

const milliseconds = {
  check: (value) => typeof value === 'number' && value > 0 && value <= MAX_TIMER_MS,
  wants: `a number of milliseconds above 0 and at most ${MAX_TIMER_MS} (24 days)`,
};

const millisecondsOrNone = {
  check: (value) => typeof value === 'number' && value >= 0 && value <= MAX_TIMER_MS,
  wants: `a number of milliseconds from 0 to ${MAX_TIMER_MS}`,
};

const signal = {
  check: (value) => typeof value?.addEventListener === 'function',
  wants: 'an AbortSignal',
};

const flag = { check: (value) => typeof value === 'boolean', wants: 'true or false' };

const callback = { check: (value) => typeof value === 'function', wants: 'a function' };

function text(wants) {
  return { check: (value) => typeof value === 'string' && value !== '', wants };
}

function oneOf(...values) {
  return {
    check: (value) => values.includes(value),
    wants: values.map((value) => `'${value}'`).join(' or '),
  };
}

/** PEM: a string or bytes. */
function pem(wants) {
  return { check: (value) => typeof value === 'string' || ArrayBuffer.isView(value), wants };
}

/** PEM: a string or bytes, or an array of them. */
function pems(wants) {
  const { check } = pem(wants);
  return {
    check: (value) => check(value) || (Array.isArray(value) && value.length > 0 && value.every(check)),
    wants,
  };
}

/** Whether a value is a plain object, of any realm. */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A value as error messages show it. */
function describeValue(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * Checks options; undefined is the same as left out.
 *
 * @param {object} validators The validator of each option; messages do not show the value of one that `isSecret`.
 * @param {object} options The options.
 * @param {object} [wording] `prefix` of all messages, and `of`: whose options they are.
 */
function checkOptions(validators, options, { prefix = '', of = '' } = {}) {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(validators, name)) {
      throw new TypeError(
        `${prefix}unknown option '${name}'${of}; known options: ${Object.keys(validators).join(', ')}`,
      );
    }
    const { check, wants, isSecret } = validators[name];
    if (value === undefined || check(value)) continue;
    const got = isSecret && typeof value === 'string' ? 'a string (not shown)' : describeValue(value);
    throw new TypeError(`${prefix}the option ${name} must be ${wants}; got ${got}`);
  }
}

module.exports = {
  MAX_TIMER_MS,
  callback,
  checkOptions,
  count,
  flag,
  isPlain,
  milliseconds,
  millisecondsOrNone,
  oneOf,
  pem,
  pems,
  describeValue,
  signal,
  text,
  wholeNumber,
};
