'use strict';

/** The options of `closeMany`. */

const rules = require('../options.js');

const RULES = {
  batchSize: rules.count,
  concurrency: rules.count,
  maxTries: rules.count,
  backOff: rules.milliseconds,
  window: rules.millisecondsOrNone,
  readBackTimeout: rules.millisecondsOrNone,
  signal: rules.signal,
  onProgress: rules.callback,
  journal: rules.text('the path of a file'),
  dryRun: rules.flag,
  listClosed: rules.flag,
  stopOnError: rules.flag,
  externalBillingId: rules.text('a non-empty string'),
  externalBillingNote: rules.text('a non-empty string'),
};

/**
 * Checks the options of `closeMany`.
 *
 * @param {*} options What the caller gave.
 * @returns {object} The same; throws a TypeError that names the option that cannot be used.
 */
function checkBulkOptions(options) {
  if (!rules.isPlain(options)) {
    throw new TypeError(`closeMany: the options must be an object; got ${rules.describeValue(options)}`);
  }
  rules.checkOptions(RULES, options, { prefix: 'closeMany: ' });
  return options;
}

module.exports = { checkBulkOptions };
