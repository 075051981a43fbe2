'use strict';

/** The options of `closeMany`. */

const { isPlain, shown } = require('./options');

/** The longest time that Node's timers take, in ms. */
const LONGEST = 0x7fffffff;

const positive = (value) => Number.isSafeInteger(value) && value > 0 && value <= 0xffffffff;
const time = (value) => typeof value === 'number' && value >= 0 && value <= LONGEST;
const flag = (value) => typeof value === 'boolean';
const text = (value) => typeof value === 'string' && value !== '';

/** Each with the check that its value must pass. */
const OPTIONS = {
  batchSize: { check: positive, wants: 'a whole number above 0' },
  concurrency: { check: positive, wants: 'a whole number above 0' },
  maxTries: { check: positive, wants: 'a whole number above 0' },
  backOff: {
    check: (value) => typeof value === 'number' && value > 0,
    wants: 'a number of milliseconds above 0',
  },
  window: { check: time, wants: `a number of milliseconds from 0 to ${LONGEST}` },
  readBackTimeout: { check: time, wants: `a number of milliseconds from 0 to ${LONGEST}` },
  signal: { check: (value) => typeof value?.addEventListener === 'function', wants: 'an AbortSignal' },
  onProgress: { check: (value) => typeof value === 'function', wants: 'a function' },
  journal: { check: text, wants: 'the path of a file' },
  dryRun: { check: flag, wants: 'true or false' },
  stopOnError: { check: flag, wants: 'true or false' },
  externalBillingId: { check: text, wants: 'a non-empty string' },
  externalBillingNote: { check: text, wants: 'a non-empty string' },
};

/**
 * Checks the options of `closeMany`.
 *
 * @param {*} options What the caller gave.
 * @returns {object} The same; throws a TypeError that names the option that cannot be used.
 */
function checkOptions(options) {
  if (!isPlain(options))
    throw new TypeError(`closeMany: the options must be an object; got ${shown(options)}`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw new TypeError(
        `closeMany: '${name}' is not an option; there are ${Object.keys(OPTIONS).join(', ')}`,
      );
    }
    if (value !== undefined && !OPTIONS[name].check(value)) {
      throw new TypeError(
        `closeMany: the option ${name} must be ${OPTIONS[name].wants}; got ${shown(value)}`,
      );
    }
  }
  return options;
}

module.exports = { checkOptions };
