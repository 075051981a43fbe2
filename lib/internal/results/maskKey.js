'use strict';

const binding = require('../../../binding.js');

/** The client's key, in the details of an error: a server may have sent it back. */
const KEY = Symbol('key');

/**
 * Masks the client's key in a text for people.
 *
 * @param {string} text The text.
 * @param {object} [details] The details of an error.
 * @returns {string} The text, with a mask in place of the key.
 */
function withoutKey(text, details) {
  const key = details?.[KEY];
  return typeof key === 'string' && typeof text === 'string' ? binding.hideKey(key, text) : text;
}

module.exports = { KEY, withoutKey };
