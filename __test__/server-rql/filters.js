'use strict';

/**
 * Filters that the server's dialect can write, with what those of support/parity/filters.js must leave out: what only
 * this dialect has (R1 to R9), texts that are hard to send, and words that mean something to the server.
 */

const { random } = require('../support/random');

const ALPHABET = [...'abt019 _-*+.:@\'"()&|,;/=<>~!?$#%\\\n\r\t\0é漢😀\u2028'];
const COMPARISONS = ['$eq', '$ne', '$gt', '$ge', '$gte', '$lt', '$le', '$lte', 'eq', 'gte'];
/** Names and operators of the server's grammar, which are fields and values as any others. */
const WORDS = ['t', 'and', 'or', 'not', 'eq', 'ge', 'in', 'out', 'like', 'ilike', 'select', 'ordering'];
const NAMES = ['id', 'a', 'asset.id', 'events.created.at', 'a_b', 'x-y', 'f1', 'null', 'empty', ...WORDS];

/**
 * Generates them.
 *
 * @param {number} seed The same gives the same.
 * @returns {{ filter: Function, text: Function, name: Function }} Each gives the next one of its kind.
 */
function generateServerFilters(seed) {
  const pick = random(seed);
  const of = (list) => list[pick(list.length)];
  const some = (most, make) => Array.from({ length: 1 + pick(most) }, make);
  const name = () => of(NAMES);
  const text = () => {
    if (pick(6) === 0) return of([...WORDS, 'null', 'empty', 'null()', 'empty()', '50%25', '%', '-', 'T']);
    const made = some(8, () => of(ALPHABET)).join('');
    // RQL cannot express both kinds of quotes.
    return made.includes('"') ? made.replaceAll("'", '') : made;
  };
  const scalar = () =>
    of([
      text,
      text,
      text,
      () => pick(2000) - 1000,
      () => of([0.1, -1.5, 1e21, 1e-7]),
      () => pick(2) === 1,
      () => BigInt(pick(99)) ** 9n,
      () => new Date(pick(2 ** 31) * 1000),
    ])();
  const condition = () =>
    of([
      () => ({ [of(COMPARISONS)]: scalar() }),
      () => ({ [of(COMPARISONS)]: scalar() }),
      () => ({ [of(['$in', '$out'])]: pick(4) ? some(4, scalar) : scalar() }),
      () => ({ [of(['$like', '$ilike'])]: text() }),
      () => ({ [of(['$null', '$empty'])]: pick(2) === 1 }),
    ])();
  const operators = (depth) =>
    of([
      condition,
      () => ({ ...condition(), ...condition() }),
      () => ({ $range: of([{ min: scalar() }, { max: scalar() }, { min: scalar(), max: scalar() }]) }),
      () => ({ $not: of([condition, scalar, () => some(3, condition)])() }),
      () => ({
        [of(['$or', '$and', 'or'])]: some(3, () => (depth > 0 && pick(2) ? operators(depth - 1) : scalar())),
      }),
    ])();
  const filter = (depth = 2) => {
    const made = {};
    for (let count = 1 + pick(3); count > 0; count -= 1) {
      const kind = pick(10);
      if (kind < 2) made[name()] = scalar();
      else if (kind === 2) made[name()] = some(3, scalar);
      else if (kind === 3) made[name()] = of(['', null, undefined, [], {}]);
      else if (kind < 7) made[name()] = operators(2);
      else if (kind < 9 && depth > 0) {
        const parts = some(3, () => filter(depth - 1));
        made[of(['$or', '$and'])] = pick(4) ? parts : Object.assign({}, ...parts);
      } else if (pick(3) === 0) made.$not = { [name()]: condition() };
      else made[of(['$select', '$ordering'])] = some(3, () => `${of(['', '-'])}${name()}`);
    }
    return made;
  };
  return { filter, text, name };
}

module.exports = { generateServerFilters };
