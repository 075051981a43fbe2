'use strict';

/** What a value must be, said once for all that takes options: a rule is `{ check, wants }`, a table gives each name its own. */

/** The longest time that Node's timers take, in ms; they would fire at once after a longer one. */
const LONGEST = 0x7fffffff;

/** A whole number from a bound on, to one that the engine can hold. */
function wholeNumber(least, most = 0xffffffff) {
  return {
    check: (value) => Number.isSafeInteger(value) && value >= least && value <= most,
    wants: `a whole number from ${least} on`,
  };
}

/** How many of something that cannot be none. */
const count = { ...wholeNumber(1), wants: 'a whole number above 0' };

const milliseconds = {
  check: (value) => typeof value === 'number' && value > 0 && value <= LONGEST,
  wants: 'a number of milliseconds above 0, of 24 days at most',
};

const millisecondsOrNone = {
  check: (value) => typeof value === 'number' && value >= 0 && value <= LONGEST,
  wants: `a number of milliseconds from 0 to ${LONGEST}`,
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

/** Text or bytes. */
function pem(wants) {
  return { check: (value) => typeof value === 'string' || ArrayBuffer.isView(value), wants };
}

/** Text or bytes, or several of them. */
function pems(wants) {
  const { check } = pem(wants);
  return {
    check: (value) => check(value) || (Array.isArray(value) && value.length > 0 && value.every(check)),
    wants,
  };
}

/** Whether a value is an object literal, of whatever realm. */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A value in an error message. */
function shown(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * Checks options. What is undefined was left out.
 *
 * @param {object} rules The rule of each option; one that `isSecret` has its value in no message.
 * @param {object} given The options.
 * @param {object} [where] `prefix`, which begins each message, and `of`, which says whose options they are.
 */
function checkOptions(rules, given, { prefix = '', of = '' } = {}) {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(rules, name)) {
      throw new TypeError(
        `${prefix}'${name}' is not an option${of}; there are ${Object.keys(rules).join(', ')}`,
      );
    }
    const { check, wants, isSecret } = rules[name];
    if (value === undefined || check(value)) continue;
    const got = isSecret && typeof value === 'string' ? 'another string' : shown(value);
    throw new TypeError(`${prefix}the option ${name} must be ${wants}; got ${got}`);
  }
}

module.exports = {
  LONGEST,
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
  shown,
  signal,
  text,
  wholeNumber,
};
