'use strict';

/**
 * RQL as the original SDK writes it. Connect's server refuses part of it (COMPATIBILITY.md, R1 to R7), so the
 * resources send the server's dialect instead. Both are implemented in Rust.
 */

const binding = require('../../binding.js');
const { unwrap } = require('../internal/results/toResult.js');

/** The operators by name. */
const RQL_EXPRESSIONS = {
  AND: '$and',
  EQ: '$eq',
  NE: '$ne',
  GT: '$gt',
  GTE: '$gte',
  LT: '$lt',
  LTE: '$lte',
  LIKE: '$like',
  ILIKE: '$ilike',
  IN: '$in',
  OUT: '$out',
  RANGE: '$range',
  NOT: '$not',
  OR: '$or',
  SELECT: '$select',
  ORDERING: '$ordering',
};

/**
 * Writes a filter.
 *
 * @param {object} filter For example `{ status: 'approved', amount: { $gt: 3 } }`.
 * @returns {string} `status=approved&gt(amount,3)`; empty for an empty filter. Throws a TypeError for an invalid one.
 */
function filterToQuery(filter) {
  return unwrap(() => binding.filterToQuery(filter));
}

/**
 * Writes the operators of one field.
 *
 * @param {object} rql For example `{ $gt: 3, $lt: 5 }`.
 * @param {string} field The field's name.
 * @returns {string} `gt(amount,3)&lt(amount,5)`.
 */
function rqlToQuery(rql, field) {
  return unwrap(() => binding.operatorsToQuery(rql, field));
}

module.exports = { RQL_EXPRESSIONS, filterToQuery, rqlToQuery };
