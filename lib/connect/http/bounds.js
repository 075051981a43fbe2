'use strict';

const { MOST_FILE_BYTES, MOST_JSON_BYTES } = require('../../../binding.js');

/**
 * What becomes of an answer that is larger than was allowed; the engine says the same (`src/core/transport.rs`).
 *
 * @param {number} most How many bytes were allowed.
 * @returns {object} A failure: `{ kind, code, message, maybeProcessed }`.
 */
function tooLarge(most) {
  const help = "the client's option maxResponseBytes, or the request's size, allows more";
  const message = `the answer's body is larger than ${most} bytes; ${help}`;
  return { kind: 'size', code: 'max-size', message, maybeProcessed: true };
}

module.exports = { MOST_FILE_BYTES, MOST_JSON_BYTES, tooLarge };
