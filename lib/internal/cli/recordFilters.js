'use strict';

/** What lists of records may be narrowed by. */

const { KINDS, byId, flagsOf, readFilters } = require('./lists.js');

const STATUSES = ['valid', 'invalid', 'approved', 'rejected', 'closed'];

/** The field of `--from` and `--to`. */
const DATE_FIELD = 'start_date';

/** Stable while records are closed. */
const ORDERING = 'created_time';

/** Those that a preview and a plan take, too. @type {Record<string, import('./lists').Filter>} */
const NARROW = {
  file: byId('usagefile.id', KINDS.file, 'only records of this usage file'),
  product: byId('product.id', KINDS.product, 'only records of this product'),
  asset: byId('asset.id', KINDS.asset, 'only records of this asset'),
  hub: byId('hub.id', KINDS.hub, 'only records of this hub'),
};

/** Those of `records list`. @type {Record<string, import('./lists').Filter>} */
const FILTERS = {
  status: { field: 'status', value: 'S', help: STATUSES.join(', '), choices: STATUSES },
  ...NARROW,
  'asset-external-id': {
    field: 'asset.external_id',
    value: 'ID',
    help: 'only records of the asset with this id of yours',
  },
  item: { field: 'item.id', value: 'PRD-...', help: 'only records of this item' },
};

const { limit: _limit, filter: _filter, out: _out, ...NARROW_FLAGS } = flagsOf(NARROW, DATE_FIELD);

/**
 * The filter that narrows what a preview or a plan asks for.
 *
 * @param {Record<string, *>} values The flags.
 * @returns {object} The filter, as the SDK takes it.
 */
function narrowed(values) {
  return { ...readFilters(values, NARROW, DATE_FIELD), $ordering: ORDERING };
}

module.exports = { DATE_FIELD, FILTERS, NARROW_FLAGS, ORDERING, narrowed };
