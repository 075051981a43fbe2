'use strict';

/** The workbooks of the sandbox: templates, processed files and chunks. */

const { writeRows } = require('../../lib/internal/tables/writeRows');
const { CATEGORIES } = require('../seeds/catalog.js');
const { hiddenOf } = require('../seeds/records.js');

/** What a vendor fills in, in the template's order. */
const UPLOADED = [
  'record_id',
  'record_note',
  'item_search_criteria',
  'item_search_value',
  'amount',
  'quantity',
  'start_time_utc',
  'end_time_utc',
  'asset_search_criteria',
  'asset_search_value',
  'category_id',
  'tier',
];

/** What providers see besides. */
const ADDED = [
  'item_name',
  'item_type',
  'item_unit',
  'item_period',
  'asset_id',
  'asset_external_id',
  'customer_account_id',
  'customer_company_name',
];

/** `2021-01-01T00:00:00+00:00` as files have it. */
const fileTime = (iso) => iso?.slice(0, 19).replace('T', ' ');

/** What a record is called in files: as its vendor calls it, if it was uploaded. */
const nameOf = (record) => hiddenOf(record).row?.record_id ?? record.id;

/** The row of a record, as its vendor would have written it. */
function rowOf(record) {
  const { row } = hiddenOf(record);
  if (row !== undefined) return row;
  return {
    record_id: record.id,
    item_search_criteria: 'item.mpn',
    item_search_value: record.item?.mpn,
    amount: record.amount,
    quantity: record.usage,
    start_time_utc: fileTime(record.start_date),
    end_time_utc: fileTime(record.end_date),
    asset_search_criteria: 'asset.id',
    asset_search_value: record.asset?.id,
    category_id: record.category?.id,
    tier: record.tier,
  };
}

function addedOf(record) {
  return {
    item_name: record.item?.name,
    item_type: record.item?.type,
    item_unit: record.item?.unit,
    item_period: 'Monthly',
    asset_id: record.asset?.id,
    asset_external_id: record.asset?.external_id,
    customer_account_id: record.asset?.id.replace(/^AS/, 'TA'),
    customer_company_name: `Customer of ${record.asset?.external_id}`,
  };
}

const sheet = (name, columns, objects) => ({
  name,
  columns,
  rows: objects.map((object) => columns.map((column) => object[column])),
});

const write = (sheets) => writeRows(null, sheets, { format: 'xlsx' });

function general(pairs) {
  return { name: 'general', columns: ['property', 'value'], rows: Object.entries(pairs) };
}

/** The sheets that every workbook has before its records. */
function frontSheets(about, pairs) {
  return [
    { name: 'instructions', columns: ['instructions'], rows: [[about]] },
    general(pairs),
    sheet('categories', ['id', 'name', 'description'], CATEGORIES),
  ];
}

/** What the sheet `general` says of a file. */
const pairsOf = (file, more) => ({
  usage_file_id: file.id,
  usage_schema: file.schema,
  currency: file.currency,
  product_id: file.product?.id,
  product_name: file.product?.name,
  marketplace_id: file.marketplace?.id,
  marketplace_name: file.marketplace?.name,
  contract_id: file.contract?.id,
  contract_name: file.contract?.name,
  ...more,
});

/** The template of a product. */
function templateWorkbook(product) {
  return write([
    ...frontSheets('Fill in the sheet records, one row for each usage record.', {
      product_id: product.id,
      product_name: product.name,
    }),
    sheet('records', UPLOADED, []),
  ]);
}

/** A file after it was processed: each row, its status, and what is wrong with it. */
function processedWorkbook(file, records) {
  const columns = [...UPLOADED, 'usage_record_id', 'status', 'errors', ...ADDED];
  const rows = records.map((record) => ({
    ...addedOf(record),
    ...rowOf(record),
    usage_record_id: record.id,
    status: record.status,
    errors: hiddenOf(record).errors?.join(' '),
  }));
  return write([
    ...frontSheets('What became of each row is in the columns status and errors.', pairsOf(file)),
    sheet('records', columns, rows),
  ]);
}

/** A chunk as its provider downloads it. */
function chunkWorkbook(file, chunk, records) {
  const hub = chunk.binding?.hub ?? {};
  const rows = records.map((record) => ({ ...rowOf(record), ...addedOf(record) }));
  const pairs = pairsOf(file ?? chunk.usagefile ?? {}, {
    chunk_id: chunk.id,
    hub_id: hub.id,
    hub_name: hub.name,
  });
  return write([
    ...frontSheets('The approved usage of one hub.', pairs),
    sheet('records', [...UPLOADED, ...ADDED], rows),
  ]);
}

/** A reconciliation after it was processed: each row, and what became of it. */
function reconciliationWorkbook(rows) {
  const columns = ['record_id', 'external_billing_id', 'external_billing_note', 'status', 'errors'];
  return write([sheet('records', columns, rows)]);
}

module.exports = {
  UPLOADED,
  chunkWorkbook,
  nameOf,
  processedWorkbook,
  reconciliationWorkbook,
  templateWorkbook,
};
