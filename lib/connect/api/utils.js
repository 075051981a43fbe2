'use strict';

const binding = require('../../../binding.js');
const { unwrap } = require('../../internal/results/toResult.js');

/**
 * Appends a filter to a URL, in the original's dialect.
 *
 * @param {string} baseUrl The URL or path.
 * @param {object} [filters] The filter.
 * @returns {string} The URL, with the filter as its query if it filters anything. Throws a TypeError for
 *   what cannot be written.
 */
function buildUrl(baseUrl, filters) {
  return unwrap(() => binding.buildUrl(baseUrl, filters));
}

module.exports = { buildUrl };
