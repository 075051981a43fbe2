'use strict';

/** The usage records of the sandbox: in the API's form, generated from their number, the same on every run. */

const { assetOf } = require('./catalog.js');
const { RECORD_STATUSES, checkChoice, digits, isObject, isoSeconds } = require('./values.js');

const FILE_SIZE = 1000; // records per usage file
const ASSET_SIZE = 4; // records per subscription
const DAY = 86400000;
const MONTH_START = Date.UTC(2021, 0, 1);
const IMPORTED = Date.UTC(2021, 1, 1);

// What the API filters and orders by, or writes to files, but does not return. Kept apart, so that `records` holds what
// the sandbox returns.
const hidden = new WeakMap();

/**
 * The id of the n-th seeded record, for example `UR-2021-01-2023-8696-9408-6767` for the first.
 *
 * Each half takes all its 10^8 values before it repeats (the step and 10 have no common factor), so ids are distinct
 * and look random.
 *
 * @param {number} index from 0 to 99,999,999
 * @returns {string} the id
 */
function recordId(index) {
  const high = (20238696 + index * 38196601) % 1e8;
  const low = (94086767 + index * 61803399) % 1e8;
  return `UR-2021-01-${digits(high, 2)}-${digits(low, 2)}`;
}

const days = new Map();

function dayText(day) {
  let text = days.get(day);
  if (text === undefined) {
    text = isoSeconds(MONTH_START + day * DAY);
    days.set(day, text);
  }
  return text;
}

/** The n-th usage file as its records refer to it. */
function makeFileReference(number) {
  return {
    id: `UF-2021-01-${digits((34537567 + number * 7919) % 1e8, 2)}`,
    name: `Usage of January 2021, part ${number + 1}`,
    schema: 'tr',
    currency: 'USD',
  };
}

/** The n-th record as the API returns an approved one: unset fields are absent, the category is an object. */
function makeRecord(index, fields, { products, categories }) {
  const product = products.find((known) => known.id === fields.product_id) ?? products[0];
  const item = { ...product.items[index % product.items.length], ...fields.item };
  const asset = { ...assetOf(product, Math.floor(index / ASSET_SIZE)), ...fields.asset };
  const { id, name } = categories[index % categories.length];
  const day = index % 31;
  return {
    id: recordId(index),
    start_date: dayText(day),
    end_date: dayText(day + 1),
    product_id: product.id,
    item,
    asset,
    category: { id, name },
    tier: 0,
    amount: ((index * 37) % 10000) / 100,
    multiplier: 1,
    usage: ((index * 7) % 240) + 1,
    status: 'approved',
    params: [{ parameter_name: 'region', parameter_value: 'eu-west-1' }],
    item_id: item.id,
    asset_id: asset.id,
    usagefile: { ...makeFileReference(Math.floor(index / FILE_SIZE)), ...fields.usagefile },
    resource_local_id: item.local_id,
    asset_external_id: asset.external_id,
    asset_external_uid: asset.external_uid,
  };
}

const NESTED = new Set(['item', 'asset', 'usagefile']);

/** Applies the caller's fields to a generated record; undefined removes a field. */
function applyFields(record, fields) {
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'created_time' || key === 'hub') continue;
    if (value === undefined) delete record[key];
    else if (!NESTED.has(key)) record[key] = value;
  }
  for (const key of NESTED) {
    const part = record[key];
    if (part === undefined) continue;
    for (const inner of Object.keys(part)) if (part[inner] === undefined) delete part[inner];
  }
  for (const key of Object.keys(record)) if (record[key] === undefined) delete record[key];
  return record;
}

/** The hub of each asset that the caller gave: its own, or the hubs in turn. */
function hubsOfAssets({ products, hubs }) {
  const pairs = products.flatMap(({ id, assets = [] }) =>
    assets.map((asset, number) => [`${id} ${asset.id}`, asset.hub?.id ?? hubs[number % hubs.length].id]),
  );
  return new Map(pairs);
}

/** The hub of the n-th record: all records of an asset have the same. */
const hubOf = (index, record, { catalog: { hubs }, assetHubs }) =>
  assetHubs.get(`${record.product_id} ${record.asset.id}`) ??
  hubs[Math.floor(index / ASSET_SIZE) % hubs.length].id;

function seedOne(index, fields, context) {
  const { catalog, closer } = context;
  const record = makeRecord(index, fields ?? {}, catalog);
  const extra = { created: IMPORTED + index * 1000, hub: hubOf(index, record, context) };
  if (fields) {
    applyFields(record, fields);
    if (fields.created_time !== undefined) extra.created = fields.created_time;
    if (fields.hub !== undefined) extra.hub = fields.hub?.id ?? null;
    if (record.status === 'closed') {
      if (!('closed_at' in fields)) record.closed_at = closer.at();
      if (!('closed_by' in fields)) record.closed_by = closer.name;
    }
  }
  hidden.set(record, extra);
  return record;
}

/** Checks the fields of a caller's record that the sandbox itself works with. */
function checkFields(fields, index) {
  const what = `records[${index}]`;
  if (!isObject(fields)) throw new TypeError(`startSandbox: ${what} must be an object`);
  if (fields.status !== undefined) checkChoice(what, 'status', fields.status, RECORD_STATUSES);
  for (const key of [...NESTED, 'hub']) {
    const part = fields[key];
    if (part === undefined || (key === 'hub' && part === null)) continue;
    if (!isObject(part)) throw new TypeError(`startSandbox: ${key} of ${what} must be an object`);
    if (part.id !== undefined && (typeof part.id !== 'string' || part.id === '')) {
      throw new TypeError(`startSandbox: the id of ${key} of ${what} must be a non-empty string`);
    }
  }
}

/**
 * Creates the records of a sandbox.
 *
 * @param {number | object[]} wanted how many, or an array of partial records, each applied to a generated one
 * @param {object[]} more further partial records
 * @param {{ catalog: object, closer: { at: () => string, name: string } }} context what records are about; when and by
 *   whom those seeded as closed were closed
 * @returns {Map<string, object>} the records by id
 * @throws {TypeError} if `wanted` is neither, or two records have one id
 */
function seedRecords(wanted, more, context) {
  const list = Array.isArray(wanted) ? wanted : undefined;
  const count = /** @type {number} */ (list ? list.length : wanted);
  if (!Number.isInteger(count) || count < 0 || count >= 1e8) {
    throw new TypeError('startSandbox: records must be a count (an integer from 0) or an array of records');
  }
  const records = new Map();
  const seeding = { ...context, assetHubs: hubsOfAssets(context.catalog) };
  for (let index = 0; index < count + more.length; index += 1) {
    const fields = index < count ? list?.[index] : more[index - count];
    if (list || index >= count) checkFields(fields, index);
    const record = seedOne(index, fields, seeding);
    if (typeof record.id !== 'string' || record.id === '') {
      throw new TypeError(`startSandbox: the id of records[${index}] must be a non-empty string`);
    }
    if (records.has(record.id)) throw new TypeError(`startSandbox: two records have the id ${record.id}`);
    records.set(record.id, record);
  }
  return records;
}

/** When the API imported the record, in milliseconds or ISO text; for a record that a test added, its start. */
function createdTime(record) {
  return hidden.get(record)?.created ?? record.created_time ?? record.start_date;
}

/** The hub that the record was sold through. */
function hubId(record) {
  const extra = hidden.get(record);
  return extra ? extra.hub : record.hub?.id;
}

/** What the API does not return of a record: `created`, `hub`, and of one that was uploaded `row`, `errors`. */
const hiddenOf = (record) => hidden.get(record) ?? {};

/** Adds to what the API does not return of a record. */
function hide(record, fields) {
  hidden.set(record, { ...hidden.get(record), ...fields });
}

module.exports = {
  createdTime,
  hiddenOf,
  hide,
  hubId,
  makeFileReference,
  recordId,
  seedRecords,
};
