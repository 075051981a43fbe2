'use strict';

/**
 * The fields that lists are filtered and ordered by: how a field is read, the operators that it has, and the predicate of
 * a comparison. Which list has which fields is in `filters.js`.
 */

const { RqlError } = require('./rql.js');

const TEXT = ['eq', 'ne', 'like', 'ilike', 'null', 'in', 'out'];
const CHOICE = TEXT.filter((lookup) => lookup !== 'null');
const DATE = ['eq', 'ne', 'ge', 'gt', 'le', 'lt', 'null', 'in', 'out'];

/** A reader of a property by its path: `asset.id`. */
function property(path) {
  const names = path.split('.');
  return (object) => names.reduce((value, name) => value?.[name], object);
}

const reader = (read) => (typeof read === 'string' ? property(read) : read);

/**
 * A field of text.
 *
 * @param {string | Function} read the path of the property, or a function of the object
 * @param {object} [more] `search`: it is searched; `ordering`: the list can be ordered by it; `choices`: its values;
 *   `lookups`: its operators
 */
function text(read, more = {}) {
  const { lookups = TEXT, ...rest } = more;
  return { read: reader(read), lookups: new Set(lookups), ...rest };
}

/** A field with a few values, which is never without one. */
function choice(read, choices, more) {
  return text(read, { choices, lookups: CHOICE, ...more });
}

/** A field of time. */
function date(read, more = {}) {
  const { lookups = DATE, ...rest } = more;
  const value = reader(read);
  return { read: (object) => instant(value(object)), lookups: new Set(lookups), date: true, ...rest };
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6}\d*)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?)?$/;
const instants = new Map();

/** Milliseconds of a date in ISO 8601 (UTC if it names no zone), null without a value, NaN for an invalid one. */
function instant(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return value;
  let milliseconds = instants.get(value);
  if (milliseconds === undefined) {
    milliseconds = ISO_DATE.test(value) ? Date.parse(zoned(value)) : Number.NaN;
    // Cached, because records share few dates; bounded, for those that share none.
    if (instants.size < 10000) instants.set(value, milliseconds);
  }
  return milliseconds;
}

function zoned(value) {
  const iso = value.replace(' ', 'T').replace(/\s+/g, '');
  if (!iso.includes('T') || iso.endsWith('Z')) return iso;
  const zone = /([+-]\d{2}):?(\d{2})?$/.exec(iso.slice(11));
  if (!zone) return iso + 'Z';
  return iso.slice(0, iso.length - zone[0].length) + zone[1] + ':' + (zone[2] ?? '00');
}

function refuseValue(name, operator, value) {
  throw new RqlError(`Bad filter value: ${name}, lookup ${operator}, value ${value.text}.`);
}

function refuseLookup(name, operator) {
  throw new RqlError(`Bad filter lookup: ${name} does not support ${operator}.`);
}

/** The value as it is compared: text, a number for a date, null for `null()`. */
function cast(name, field, operator, value) {
  if (value.kind === 'null') {
    if (!field.lookups.has('null')) refuseLookup(name, 'null');
    return null;
  }
  if (value.kind === 'empty') {
    if (field.date || field.choices) refuseValue(name, operator, value);
    return '';
  }
  if (field.date) {
    const milliseconds = instant(value.text);
    if (Number.isNaN(milliseconds)) refuseValue(name, operator, value);
    return milliseconds;
  }
  if (field.choices && !field.choices.includes(value.text)) refuseValue(name, operator, value);
  return value.text;
}

/** The regular expression of a `like` pattern: `*` is anything, `\*` a star, `\\` a backslash. */
function pattern(name, operator, value) {
  let source = '';
  for (const [piece] of value.text.matchAll(/\\[*\\]|\*+|[^\\*]+|\\/g)) {
    if (/^\*\*/.test(piece)) refuseValue(name, operator, value);
    if (piece === '*') source += '[^]*';
    else source += piece.replace(/^\\(?=[*\\])/, '').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, operator === 'ilike' ? 'iu' : 'u');
}

const ORDERS = {
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
};

function likeTest(name, field, operator, value) {
  if (value.kind !== 'text') refuseLookup(name, operator + ' ' + value.text);
  const expression = pattern(name, operator, value);
  return (object) => {
    const actual = field.read(object);
    return actual !== undefined && actual !== null && expression.test(actual);
  };
}

/** The predicate of one comparison, if the field allows it. */
function fieldTest(name, field, operator, values) {
  if (!field.lookups.has(operator)) refuseLookup(name, operator);
  if (operator === 'like' || operator === 'ilike') return likeTest(name, field, operator, values[0]);
  const order = ORDERS[operator];
  if (order && values[0].kind !== 'text') refuseLookup(name, operator + ' ' + values[0].text);
  const wanted = values.map((value) => cast(name, field, operator, value));
  if (order) {
    return (object) => {
      const actual = field.read(object);
      return actual !== undefined && actual !== null && order(actual, wanted[0]);
    };
  }
  const set = new Set(wanted);
  const negative = operator === 'ne' || operator === 'out';
  // As in the real API, a field without a value is not equal to any value.
  return (object) => set.has(field.read(object) ?? null) !== negative;
}

module.exports = { choice, date, fieldTest, likeTest, text };
