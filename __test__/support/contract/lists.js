'use strict';

/** The cases of a list: its page, its filters and its ordering. */

const { queryOf, resolve } = require('./document.js');

const LOOKUPS = ['eq', 'ne', 'like', 'ilike', 'ge', 'gt', 'le', 'lt', 'null', 'in', 'out'];
const NONE = 'NO-SUCH-VALUE';
const DATE = '2021-01-15T00:00:00Z';

/** A comparison in RQL. */
function comparison(lookup, name, value) {
  if (lookup === 'null') return `eq(${name},null())`;
  if (lookup === 'in' || lookup === 'out') return `${lookup}(${name},(${value}))`;
  return `${lookup}(${name},${lookup.endsWith('like') ? `*${value}*` : value})`;
}

/** A value that a filter takes. No object has it, if it is any text. */
function sampleOf(schema) {
  if (schema.enum) return schema.enum[0];
  return schema.format === 'date-time' ? DATE : NONE;
}

const ok = (query, check) => ({ name: `?${query}`, query, status: 200, check });
const refused = (query) => ({ name: `?${query}`, query, status: 400 });

const isEmpty = ({ headers }, page) =>
  page.length === 0 && headers['content-range'].endsWith('/0') ? [] : ['the filter selects'];

function casesOfFilter(parameter) {
  const { name, 'x-lookups': allowed } = parameter;
  const schema = resolve(parameter.schema);
  const value = sampleOf(schema);
  const lookups = LOOKUPS.map((lookup) => {
    const query = comparison(lookup, name, value);
    return allowed.includes(lookup) ? ok(query) : refused(query);
  });
  const cases = allowed.includes('eq') ? [...lookups, ok(`${name}=${value}`)] : lookups;
  if (value === NONE) return [...cases, ok(comparison('eq', name, NONE), isEmpty)];
  const bad = comparison(allowed.includes('eq') ? 'eq' : 'ge', name, NONE);
  return [...cases, refused(bad)];
}

function casesOfOrdering(names, allowed) {
  const fields = [...new Set([...names, ...allowed, 'no_such_field'])];
  return fields.flatMap((name) =>
    [`ordering(${name})`, `ordering(-${name})`].map((query) =>
      allowed.includes(name) ? ok(query) : refused(query),
    ),
  );
}

const atMost = (count) => (_answer, page) => (page.length <= count ? [] : [`a page of ${page.length}`]);

const PAGES = [
  ok('limit=1', atMost(1)),
  ok('limit=0', atMost(0)),
  ok('limit=1&offset=1', atMost(1)),
  ok('offset=1000000', atMost(0)),
  ok('offset=9999999999999999999999', atMost(0)),
  ok('limit=9999999999999999999999'),
  ok('limit=-1'),
  refused('limit=1&limit=2'),
  refused('limit=gt=1'),
];

const WRONG = [
  'no_such_field=1',
  'eq(no_such_field,1)',
  'eq(',
  'a=1&',
  'gte(id,1)',
  'ordering(a)&ordering(b)',
];

/**
 * The cases of the query of a list.
 *
 * @param {import('./document.js').Operation} operation a list
 * @returns {{ name: string, query: string, status: number, check?: Function }[]} queries with what they are answered;
 *   `check` returns what is wrong with a page
 */
function casesOfList(operation) {
  const filters = queryOf(operation).filter((parameter) => parameter['x-lookups']);
  const names = filters.map(({ name }) => name);
  return [
    ...PAGES,
    ...WRONG.map(refused),
    ...filters.flatMap(casesOfFilter),
    ...casesOfOrdering(names, operation.definition['x-ordering']),
  ];
}

module.exports = { casesOfList };
