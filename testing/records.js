'use strict';

/** The sandbox's usage records: shaped like the API's, made from a number, the same on every run. */

const FILE_SIZE = 1000; // records per usage file
const ASSET_SIZE = 4; // records per subscription
const ITEMS = 5;
const HUB = 'HB-0000-0000';
const DAY = 86400000;
const MONTH_START = Date.UTC(2021, 0, 1);
const IMPORTED = Date.UTC(2021, 1, 1);

// What the API filters and orders by but does not show in a record. Kept beside the records, so that what
// the sandbox answers and what `records` holds are equal, key by key.
const hidden = new WeakMap();

const CATEGORIES = ['compute', 'storage', 'network'];

function digits(number, groups) {
  const text = String(number).padStart(groups * 4, '0');
  return text.match(/.{4}/g).join('-');
}

/**
 * The id of the n-th seeded record, for example `UR-2021-01-2023-8696-9408-6767` for the first.
 *
 * Both halves step through all their 10^8 values before one comes again (the steps have no factor in common
 * with 10), so ids are distinct, and look as random as real ones.
 *
 * @param {number} index from 0 to 99,999,999
 * @returns {string} the id
 */
function recordId(index) {
  const high = (20238696 + index * 38196601) % 1e8;
  const low = (94086767 + index * 61803399) % 1e8;
  return `UR-2021-01-${digits(high, 2)}-${digits(low, 2)}`;
}

function isoSeconds(milliseconds) {
  return new Date(milliseconds).toISOString().slice(0, 19) + '+00:00';
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

function makeItem(number) {
  const id = `PRD-736-723-721-${String(329 + number).padStart(4, '0')}`;
  return {
    id,
    local_id: id.replace(/-/g, '_'),
    name: `Virtual machine hours, size ${number + 1}`,
    unit: 'hour',
    mpn: `VMH-${number + 1}`,
    precision: 'decimal(2)',
    type: 'PPU',
  };
}

function makeAsset(number) {
  return {
    id: `AS-${digits((485919125063 + number * 7919) % 1e12, 3)}`,
    external_id: String(2009295 + number),
    external_uid: `65da4d1e-935e-4da3-8ced-${(0xc36643392460 + number).toString(16).padStart(12, '0')}`,
    recon_id: String(98547985 + number),
  };
}

function makeFile(number) {
  return {
    id: `UF-2021-01-${digits((34537567 + number * 7919) % 1e8, 2)}`,
    name: `Usage of January 2021, part ${number + 1}`,
    schema: 'tr',
    currency: 'USD',
  };
}

/** The n-th record as the API shows an approved one: unset fields are absent, the category is an object. */
function makeRecord(index, given) {
  const item = { ...makeItem(index % ITEMS), ...given.item };
  const asset = { ...makeAsset(Math.floor(index / ASSET_SIZE)), ...given.asset };
  const category = CATEGORIES[index % CATEGORIES.length];
  const day = index % 31;
  return {
    id: recordId(index),
    start_date: dayText(day),
    end_date: dayText(day + 1),
    product_id: 'PRD-736-723-721',
    item,
    asset,
    category: { id: category, name: category },
    tier: 0,
    amount: ((index * 37) % 10000) / 100,
    multiplier: 1,
    usage: ((index * 7) % 240) + 1,
    status: 'approved',
    params: [{ parameter_name: 'region', parameter_value: 'eu-west-1' }],
    item_id: item.id,
    asset_id: asset.id,
    usagefile: { ...makeFile(Math.floor(index / FILE_SIZE)), ...given.usagefile },
    resource_local_id: item.local_id,
    asset_external_id: asset.external_id,
    asset_external_uid: asset.external_uid,
  };
}

const NOTHING = Object.freeze({});
const NESTED = new Set(['item', 'asset', 'usagefile']);

/** Lays what the caller gave over a made record; `undefined` takes a field away. */
function overlay(record, given) {
  for (const [key, value] of Object.entries(given)) {
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

function seedOne(index, given, closer) {
  const record = makeRecord(index, given ?? NOTHING);
  const facts = { created: IMPORTED + index * 1000, hub: HUB };
  if (given) {
    overlay(record, given);
    if (given.created_time !== undefined) facts.created = given.created_time;
    if (given.hub !== undefined) facts.hub = given.hub?.id ?? null;
    if (record.status === 'closed') {
      if (!('closed_at' in given)) record.closed_at = closer.at();
      if (!('closed_by' in given)) record.closed_by = closer.name;
    }
  }
  hidden.set(record, facts);
  return record;
}

/**
 * Makes the records of a sandbox.
 *
 * @param {number | object[]} wanted how many, or an array of partial records laid over the made ones
 * @param {{ at: () => string, name: string }} closer when and by whom those seeded as closed were closed
 * @returns {Map<string, object>} the records by id
 * @throws {TypeError} if `wanted` is neither, or two records have one id
 */
function seedRecords(wanted, closer) {
  const list = Array.isArray(wanted) ? wanted : undefined;
  const count = list ? list.length : wanted;
  if (!Number.isInteger(count) || count < 0 || count >= 1e8) {
    throw new TypeError('startSandbox: records must be a count (an integer from 0) or an array of records');
  }
  const records = new Map();
  for (let index = 0; index < count; index += 1) {
    const given = list ? list[index] : undefined;
    if (list && (given === null || typeof given !== 'object' || Array.isArray(given))) {
      throw new TypeError(`startSandbox: records[${index}] must be an object`);
    }
    const record = seedOne(index, given, closer);
    if (typeof record.id !== 'string' || record.id === '') {
      throw new TypeError(`startSandbox: the id of records[${index}] must be a string that is not empty`);
    }
    if (records.has(record.id)) throw new TypeError(`startSandbox: two records have the id ${record.id}`);
    records.set(record.id, record);
  }
  return records;
}

/** When the API imported the record: milliseconds or ISO text. One put in by hand falls back to its start. */
function createdTime(record) {
  return hidden.get(record)?.created ?? record.created_time ?? record.start_date;
}

/** The hub the record was sold through; not shown in a record, but filtered by. */
function hubId(record) {
  const facts = hidden.get(record);
  return facts ? facts.hub : record.hub?.id;
}

module.exports = { createdTime, hubId, recordId, seedRecords };
