'use strict';

/** The rows of an uploaded usage file: each becomes a record, valid or invalid. */

const { UPLOADED } = require('./workbooks.js');
const { readRows } = require('../../lib/internal/tables/readRows');
const { assetsOf } = require('../seeds/catalog.js');
const { isoSeconds } = require('../seeds/values.js');

const REQUIRED = [
  'record_id',
  'item_search_criteria',
  'item_search_value',
  'quantity',
  'start_time_utc',
  'end_time_utc',
  'asset_search_criteria',
  'asset_search_value',
];

/** How an item and an asset can be found. */
const ITEM_CRITERIA = ['id', 'local_id', 'mpn'];
const ASSET_CRITERIA = ['id', 'external_id', 'external_uid', 'recon_id'];

/** The header of a column as it is compared. */
const plain = (header) =>
  header
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/**
 * Reads the sheet `records` of a workbook, or a CSV file.
 *
 * @param {Buffer} bytes
 * @returns {Promise<{ error?: string, rows: { number: number, cells: object, unusable: object }[], columns: string[] }>}
 *   `error`: why it is no table
 */
async function readTable(bytes) {
  const table = readRows(bytes, {});
  try {
    const rows = [];
    const { columns } = await table.describe();
    for await (const { row, cells, unusable = {} } of table) {
      const renamed = (object) =>
        Object.fromEntries(Object.entries(object).map(([header, value]) => [plain(header), value]));
      rows.push({ number: row, cells: renamed(cells), unusable: renamed(unusable) });
    }
    return { rows, columns: columns.map(plain) };
  } catch (error) {
    return { error: error.message, rows: [], columns: [] };
  } finally {
    await table.close();
  }
}

/** The columns that a usage file lacks. */
const missingColumns = (columns) => REQUIRED.filter((name) => !columns.includes(name));

/** Finds objects by one of several properties. */
class Index {
  /**
   * @param {object[]} objects
   * @param {string[]} keys the properties by which they can be found
   */
  constructor(objects, keys) {
    this.objects = objects;
    this.keys = keys;
    this.maps = new Map();
  }

  /** The object of which a property, with or without the word before its point, has a value. */
  find(criterion = '', value) {
    const key = criterion.replace(/^(item|asset)\./, '');
    if (!this.keys.includes(key)) return undefined;
    if (!this.maps.has(key)) {
      this.maps.set(key, new Map(this.objects.map((object) => [String(object[key]), object])));
    }
    return this.maps.get(key).get(value);
  }
}

/** Milliseconds of a time as files have it, in UTC. */
function timeOf(text) {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?Z?$/.exec(text ?? '');
  return found ? Date.parse(`${found[1]}T${found[2] ?? '00:00'}Z`) : Number.NaN;
}

const isNumber = (text) => /^[+-]?\d+(\.\d+)?$/.test(text);

/** The assets that the sandbox knows of a product: its own, and those of its records. */
function knownAssets(state, product) {
  const assets = new Map(assetsOf(product).map((asset) => [asset.id, asset]));
  for (const { asset } of state.records.values()) if (asset?.id !== undefined) assets.set(asset.id, asset);
  return [...assets.values()];
}

/** What is wrong with a row, and what it is about. */
class RowCheck {
  constructor(state, product) {
    this.items = new Index(product.items, ITEM_CRITERIA);
    this.assets = new Index(knownAssets(state, product), ASSET_CRITERIA);
    this.categories = state.catalog.categories;
    this.ids = new Set();
  }

  check({ cells, unusable }) {
    const errors = [];
    for (const name of UPLOADED) {
      if (unusable[name] !== undefined) errors.push(`${name}: ${unusable[name]}.`);
      else if (REQUIRED.includes(name) && !cells[name]) errors.push(`${name}: This value is required.`);
    }
    const wrong = (name, what) => {
      if (cells[name]) errors.push(`${name}: ${what}`);
    };
    if (this.ids.has(cells.record_id)) wrong('record_id', `There is another record ${cells.record_id}.`);
    this.ids.add(cells.record_id);
    for (const name of ['quantity', 'amount', 'tier']) {
      if (cells[name] && !isNumber(cells[name])) wrong(name, `'${cells[name]}' is not a number.`);
    }
    const start = timeOf(cells.start_time_utc);
    const end = timeOf(cells.end_time_utc);
    if (Number.isNaN(start)) wrong('start_time_utc', 'It is not a time; write YYYY-MM-DD HH:MM:SS.');
    if (Number.isNaN(end)) wrong('end_time_utc', 'It is not a time; write YYYY-MM-DD HH:MM:SS.');
    if (end < start) wrong('end_time_utc', 'It is before start_time_utc.');
    const item = this.items.find(cells.item_search_criteria, cells.item_search_value);
    if (item === undefined) wrong('item_search_value', `There is no item ${cells.item_search_value}.`);
    const asset = this.assets.find(cells.asset_search_criteria, cells.asset_search_value);
    if (asset === undefined) wrong('asset_search_value', `There is no asset ${cells.asset_search_value}.`);
    const category = this.categories.find(({ id }) => id === cells.category_id);
    if (category === undefined) wrong('category_id', `There is no category ${cells.category_id}.`);
    return { errors, start, end, item, asset, category };
  }
}

const optionalNumber = (text) => (text && isNumber(text) ? Number(text) : undefined);
const optionalTime = (time) => (Number.isNaN(time) ? undefined : isoSeconds(time));

/** The fields of the record that a row becomes; those that it lacks or that are wrong are absent. */
function recordFields(cells, { errors, start, end, item, asset, category }) {
  const fields = {
    start_date: optionalTime(start),
    end_date: optionalTime(end),
    item,
    asset,
    category: category && { id: category.id, name: category.name },
    tier: optionalNumber(cells.tier),
    amount: optionalNumber(cells.amount),
    multiplier: 1,
    usage: optionalNumber(cells.quantity) ?? 0,
    status: errors.length > 0 ? 'invalid' : 'valid',
    params: [],
    item_id: item?.id,
    asset_id: asset?.id,
    resource_local_id: item?.local_id,
    asset_external_id: asset?.external_id,
    asset_external_uid: asset?.external_uid,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

module.exports = { RowCheck, knownAssets, missingColumns, plain, readTable, recordFields };
