'use strict';

/** The filters of each list, as the API's OpenAPI document gives them: names, operators, and what can be ordered by. */

const { choice, date, text } = require('./fields.js');
const { createdTime, hubId } = require('../seeds/records.js');
const { RECORD_STATUSES } = require('../seeds/values.js');

const SCHEMAS = ['tr', 'pr', 'qt', 'cr'];
const CHUNK_STATUSES = ['draft', 'ready', 'closed', 'failed'];
const FILE_STATUSES = [
  'draft',
  'uploading',
  'uploaded',
  'invalid',
  'processing',
  'ready',
  'rejected',
  'pending',
  'accepted',
  'closed',
  'deleted',
];

const search = { search: true };
const ordering = { ordering: true };
const both = { search: true, ordering: true };

const records = {
  'asset.external_id': text('asset.external_id'),
  'asset.external_uid': text('asset.external_uid'),
  'asset.id': text('asset.id'),
  asset_external_id: text('asset.external_id'),
  asset_external_uid: text('asset.external_uid'),
  asset_id: text('asset.id', search),
  created_time: date(createdTime, ordering),
  end_date: date('end_date'),
  'hub.id': text(hubId),
  'item.id': text('item.id'),
  item_id: text('item.id'),
  part_usage_file__hub__id: text(hubId),
  'product.id': text('product_id'),
  product_id: text('product_id', search),
  start_date: date('start_date'),
  status: text('status', { ordering: true, choices: RECORD_STATUSES }),
  usage_file: text('usagefile.id', search),
  usage_start_time: date('start_date', ordering),
  'usagefile.id': text('usagefile.id', search),
  'usagefile.schema': choice('usagefile.schema', SCHEMAS, search),
};

const files = {
  'contract.id': text('contract.id', search),
  'contract.name': text('contract.name', both),
  'created.at': date('events.created.at', { ordering: true, lookups: ['ge', 'gt', 'le', 'lt'] }),
  distribution_contract_id: text('contract.id', search),
  environment: choice('environment', ['test', 'preview', 'production'], both),
  external_id: text('external_id', search),
  id: text('id', both),
  'marketplace.id': text('marketplace.id', search),
  'marketplace.name': text('marketplace.name', both),
  marketplace_id: text('marketplace.id', search),
  name: text('name', search),
  'product.id': text('product.id', search),
  'product.name': text('product.name', both),
  product_id: text('product.id', search),
  'provider.id': text('provider.id', search),
  'provider.name': text('provider.name', both),
  provider_id: text('provider.id', search),
  schema: choice('schema', SCHEMAS, both),
  status: choice('status', FILE_STATUSES, ordering),
  'vendor.id': text('vendor.id', search),
  'vendor.name': text('vendor.name', both),
  vendor_id: text('vendor.id', search),
};

const categories = {
  id: text('id', { search: true, lookups: ['eq', 'ne', 'like', 'ilike', 'in', 'out'] }),
  name: text('name', { ...both, lookups: ['eq', 'ne', 'like', 'ilike', 'in', 'out'] }),
};

const chunks = {
  'binding.hub.id': text('binding.hub.id', search),
  id: text('id', search),
  'provider.id': text('provider.id', search),
  status: choice('status', CHUNK_STATUSES),
  'usagefile.id': text('usagefile.id', both),
};

const reconciliations = {
  'binding.hub.id': text('binding.hub.id', search),
  'partusagefile.id': text('partusagefile.id', both),
  'partusagefile.provider.id': text('partusagefile.provider.id', search),
  'usagefile.id': text('usagefile.id', both),
};

const aggregates = {
  'asset.external_uid': text('asset.external_uid', search),
  'asset.id': text('asset.id', search),
  'item.id': text('item.id', search),
  'item.local_id': text('item.local_id', search),
  'item.type': choice('item.type', ['Reservation', 'PPU'], search),
};

/** The fields of each list by name. */
const FILTERS = Object.fromEntries(
  Object.entries({ records, files, categories, chunks, reconciliations, aggregates }).map(
    ([name, fields]) => [name, new Map(Object.entries(fields))],
  ),
);

module.exports = { CHUNK_STATUSES, FILE_STATUSES, FILTERS, SCHEMAS };
