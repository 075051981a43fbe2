'use strict';

/**
 * What the query of `GET /usage/records` may say: the fields, the look-ups of each and the ordering, as the
 * API's OpenAPI document lists them, and nothing else. (The library behind the real API passes over a field
 * that it does not know; the sandbox refuses it, so that a misspelt field does not quietly select everything.)
 */

const { parse, RqlError } = require('./rql.js');
const { createdTime, hubId } = require('./records.js');

const RECORD_STATUSES = ['valid', 'invalid', 'approved', 'rejected', 'closed'];
const FILE_SCHEMAS = ['tr', 'pr', 'qt', 'cr'];

const TEXT = ['eq', 'ne', 'like', 'ilike', 'null', 'in', 'out'];
const DATE = ['eq', 'ne', 'ge', 'gt', 'le', 'lt', 'null', 'in', 'out'];

function text(read, more) {
  return { read, lookups: new Set(TEXT), ...more };
}

function date(read, more) {
  return { read: (record) => instant(read(record)), lookups: new Set(DATE), date: true, ...more };
}

const assetId = (record) => record.asset?.id;
const assetExternalId = (record) => record.asset?.external_id;
const assetExternalUid = (record) => record.asset?.external_uid;
const itemId = (record) => record.item?.id;
const fileId = (record) => record.usagefile?.id;
const productId = (record) => record.product_id;

const FIELDS = new Map([
  ['asset.external_id', text(assetExternalId)],
  ['asset.external_uid', text(assetExternalUid)],
  ['asset.id', text(assetId)],
  ['asset_external_id', text(assetExternalId)],
  ['asset_external_uid', text(assetExternalUid)],
  ['asset_id', text(assetId, { search: true })],
  ['created_time', date(createdTime, { ordering: true })],
  ['end_date', date((record) => record.end_date)],
  ['hub.id', text(hubId)],
  ['item.id', text(itemId)],
  ['item_id', text(itemId)],
  ['part_usage_file__hub__id', text(hubId)],
  ['product.id', text(productId)],
  ['product_id', text(productId, { search: true })],
  ['start_date', date((record) => record.start_date)],
  ['status', text((record) => record.status, { ordering: true, choices: RECORD_STATUSES })],
  ['usage_file', text(fileId, { search: true })],
  ['usage_start_time', date((record) => record.start_date, { ordering: true })],
  ['usagefile.id', text(fileId, { search: true })],
  [
    'usagefile.schema',
    {
      read: (record) => record.usagefile?.schema,
      lookups: new Set(TEXT.filter((lookup) => lookup !== 'null')),
      search: true,
      choices: FILE_SCHEMAS,
    },
  ],
]);

const ISO_DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6}\d*)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?)?$/;
const instants = new Map();

/** Milliseconds of a date in ISO 8601 (UTC if it names no zone), null if there is no value, NaN if it is no date. */
function instant(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return value;
  let milliseconds = instants.get(value);
  if (milliseconds === undefined) {
    milliseconds = ISO_DATE.test(value) ? Date.parse(zoned(value)) : Number.NaN;
    // Records share few dates, so remembering them makes a scan cheap; the bound is for those who share none.
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
  return (record) => {
    const actual = field.read(record);
    return actual !== undefined && actual !== null && expression.test(actual);
  };
}

/** The predicate of one comparison, once field and look-up are known to be allowed. */
function fieldTest(name, field, operator, values) {
  if (!field.lookups.has(operator)) refuseLookup(name, operator);
  if (operator === 'like' || operator === 'ilike') return likeTest(name, field, operator, values[0]);
  const order = ORDERS[operator];
  if (order && values[0].kind !== 'text') refuseLookup(name, operator + ' ' + values[0].text);
  const wanted = values.map((value) => cast(name, field, operator, value));
  if (order) {
    return (record) => {
      const actual = field.read(record);
      return actual !== undefined && actual !== null && order(actual, wanted[0]);
    };
  }
  const set = new Set(wanted);
  const negative = operator === 'ne' || operator === 'out';
  // A field without a value is "not equal" to every value, as it is to the real API's object mapper.
  return (record) => set.has(field.read(record) ?? null) !== negative;
}

function searchTest(operator, value) {
  if (operator !== 'eq') throw new RqlError(`Bad search filter: ${operator}.`);
  const start = value.text.startsWith('*') ? '' : '*';
  const end = value.text.endsWith('*') ? '' : '*';
  const wide = { kind: 'text', text: start + value.text + end };
  const tests = [];
  for (const [name, field] of FIELDS) if (field.search) tests.push(likeTest(name, field, 'ilike', wide));
  return (record) => tests.some((test) => test(record));
}

/** Collects what one query asks for; predicates are null where a node does not filter (limit, ordering ...). */
class Plan {
  constructor() {
    this.limit = undefined;
    this.offset = undefined;
    this.ordering = undefined;
  }

  predicate(node) {
    switch (node.type) {
      case 'test':
        return this.test(node);
      case 'not': {
        const part = this.predicate(node.part);
        return part && ((record) => !part(record));
      }
      case 'ordering':
        this.order(node.fields);
        return null;
      case 'select':
        // The list documents nothing to select; the real API passes over it.
        return null;
      default:
        return this.logic(node);
    }
  }

  logic(node) {
    const parts = node.parts.map((part) => this.predicate(part)).filter((part) => part !== null);
    if (parts.length < 2) return parts[0] ?? null;
    if (node.type === 'or') return (record) => parts.some((part) => part(record));
    return (record) => parts.every((part) => part(record));
  }

  test({ field: name, operator, values }) {
    if (name === 'limit' || name === 'offset') {
      if (operator !== 'eq' || this[name] !== undefined) {
        throw new RqlError('Bad filter query: limit and offset are set incorrectly.');
      }
      this[name] = values[0].text;
      return null;
    }
    if (name === 'search') return searchTest(operator, values[0]);
    const field = FIELDS.get(name);
    if (!field) throw new RqlError(`Bad filter: ${name} is not a filter of this list.`);
    return fieldTest(name, field, operator, values);
  }

  order(fields) {
    if (this.ordering)
      throw new RqlError('Bad ordering filter: query can contain only one ordering operation.');
    this.ordering = fields.map(({ field: name, descending }) => {
      const field = FIELDS.get(name);
      if (!field?.ordering) throw new RqlError(`Bad ordering filter: ${name}.`);
      return { read: field.read, descending };
    });
  }
}

/**
 * Makes a plan of a decoded query of the records list.
 *
 * @param {string} query percent-decoded, without `?`
 * @returns {{ limit?: string, offset?: string, predicate: ((record: object) => boolean) | null,
 *   ordering: { read: (record: object) => unknown, descending: boolean }[] }} what to select, in which order
 * @throws {RqlError} for a query, field, look-up or value that the API does not take
 */
function plan(query) {
  const tree = parse(query);
  const made = new Plan();
  const predicate = tree === undefined ? null : made.predicate(tree);
  return { limit: made.limit, offset: made.offset, predicate, ordering: made.ordering ?? [] };
}

module.exports = { RECORD_STATUSES, plan };
