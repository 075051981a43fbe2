'use strict';

const { toError } = require('../results/errors.js');

/** Waits for a result of Rust's; throws its failure. */
async function unwrapped(promise) {
  const result = await promise;
  if (result?.failure !== undefined) throw toError(result);
  return result;
}

module.exports = { unwrapped };
