'use strict';

/** Filters that mean the same to both packages: fixed and generated ones. */

const { random } = require('../random');

const fixed = [
  { id: 'AS-0000-0000-0000' },
  { status: 'approved', type: 'purchase' },
  { limit: 100, offset: 0 },
  { a: true, b: false, c: 0, d: -1.5, e: 1e21, f: 10n },
  { a: '', b: null, c: undefined, d: [], e: {}, f: 'kept' },
  { a: 'two words' },
  { a: "it's" },
  { a: 'a,b' },
  { a: '(b)' },
  { a: 'a&b=c|d;e' },
  { a: '<b>' },
  { a: 'http://h/p?q=r' },
  { a: 'me@example.com' },
  { a: '@leading' },
  { a: '2020-01-01T00:00:00+00:00' },
  { a: 'é漢😀' },
  { a: 'null()', b: 'empty()', c: 'null(x)' },
  { a: '\\*' },
  { a: { $eq: 'b' } },
  { a: { $ne: 'b c' } },
  { a: { $gt: 1, $lt: 5 } },
  { a: { $ge: 1, $le: 5 } },
  { a: { $in: ['x', 'y z', 3] } },
  { a: { $out: ['x'] } },
  { a: { $in: [] }, b: { $out: [] } },
  { a: { $in: 'x' } },
  { a: { $like: 'b' } },
  { a: { $ilike: 'b c' } },
  { a: { $like: 'b*c' } },
  { a: { $or: ['x', 'y', 'z'] } },
  { a: { $or: ['x', { $like: 'y' }, { $gt: 1, $lt: 3 }] } },
  { a: { $and: [{ $ne: 'x' }, { $ne: 'y' }] } },
  { a: { $not: { $eq: 'x' } } },
  { a: { $not: { $in: ['x', 'y'], $like: 'z' } } },
  { a: { $not: [{ $like: 'x' }, { $gt: 3 }] } },
  { $or: [{ a: 1 }, { b: 2 }, { c: { $like: 'd' } }] },
  { $and: [{ a: 1 }, { $or: [{ b: 2 }, { c: 3, d: 4 }] }] },
  { $or: [{ a: '' }, { b: null }] },
  { $select: ['id', '-name', 'asset.params'] },
  { $select: 'id' },
  { $ordering: ['name', '-created'] },
  { $ordering: '-created' },
  { $ordering: '+created' },
  { 'asset.product.id': 'PRD-000-000-000', 'events.created.at': { $ge: '2020-01-01T00:00:00' } },
  { a: { eq: 1, ne: 2, gt: 3, lt: 4, ge: 5, le: 6 } },
];

/** No `"` (R4), no `#`, `%` and controls (R5). */
const ALPHABET = [..."abcXYZ019 _-*+.:@'()&|,;/=<>~!?$é漢😀\\"];
const COMPARISONS = ['$eq', '$ne', '$gt', '$ge', '$lt', '$le'];

/**
 * Generates filters.
 *
 * @param {number} seed The same gives the same.
 * @returns {Function} Gives the next filter.
 */
function generateFilters(seed) {
  const pick = random(seed);
  const of = (list) => list[pick(list.length)];
  const some = (most, make) => Array.from({ length: 1 + pick(most) }, make);
  const text = () => some(7, () => of(ALPHABET)).join('');
  const scalar = () =>
    of([
      text,
      text,
      () => pick(2000) - 1000,
      () => pick(1000) / 8,
      () => pick(2) === 1,
      () => BigInt(pick(99)),
    ])();
  const field = () =>
    of(['id', 'status', 'asset.id', 'asset.product.name', 'events.created.at', 'a_b', 'x-y', 'f1']);
  const operator = (depth) => {
    const kind = pick(depth > 0 ? 7 : 4);
    if (kind < 2) return { [of(COMPARISONS)]: scalar() };
    if (kind === 2) return { [of(['$in', '$out'])]: some(4, scalar) };
    if (kind === 3) return { [of(['$like', '$ilike'])]: text() };
    if (kind === 4) return { $not: operator(0) };
    const parts = some(3, () => (pick(2) ? scalar() : operator(depth - 1)));
    return { [of(['$or', '$and'])]: parts };
  };
  const filter = (depth) => {
    const made = {};
    for (let count = 1 + pick(3); count > 0; count -= 1) {
      const kind = pick(8);
      if (kind < 3) made[field()] = scalar();
      else if (kind < 6) made[field()] = Object.assign({}, ...some(2, () => operator(2)));
      else if (kind === 6 && depth > 0) made[of(['$or', '$and'])] = some(3, () => filter(depth - 1));
      else made[of(['$select', '$ordering'])] = some(3, () => `${of(['', '-'])}${field()}`);
    }
    return made;
  };
  return () => filter(2);
}

module.exports = { fixed, generateFilters };
