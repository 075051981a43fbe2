'use strict';

/** What is written of a record: all that is needed to bill it. */

const { ID, INVOICE, NOTE } = require('./fields.js');

/** @typedef {import('./output').Column} Column */

/** The value of a field of fields: `asset.external_id`. */
const at = (path) => (record) => path.split('.').reduce((value, name) => value?.[name], record);

/** A column that only files have. */
const wide = (header, path = header) => ({ header, of: at(path), wide: true });

/** The customer of a record, where Connect says who that is. */
function customerOf({ asset, tiers = asset?.tiers }) {
  const { customer } = tiers ?? {};
  return customer?.external_id ?? customer?.name ?? customer?.id;
}

/**
 * The columns of records.
 *
 * @param {(record: object) => { invoice?: string, note?: string }} [billing] What they are billed with, if they have no
 *   invoice yet.
 * @returns {Column[]} The columns. `close` understands those of the id, the invoice and the note.
 */
function recordColumns(billing = () => ({})) {
  return [
    { header: ID, of: at(ID) },
    { header: 'status', of: at('status') },
    { header: INVOICE, of: (record) => record[INVOICE] ?? billing(record).invoice, wide: true },
    { header: NOTE, of: (record) => record[NOTE] ?? billing(record).note, wide: true },
    { header: 'usage', of: at('usage') },
    wide('item.unit'),
    wide('amount'),
    wide('currency', 'usagefile.currency'),
    { header: 'item.id', of: at('item.id') },
    wide('item.mpn'),
    wide('item.name'),
    wide('asset.id'),
    wide('asset.external_id'),
    wide('asset.external_uid'),
    { header: 'customer', of: customerOf, wide: true },
    wide('product.id', 'product_id'),
    wide('usagefile.id'),
    wide('usagefile.name'),
    wide('usagefile.schema'),
    wide('start_date'),
    wide('end_date'),
    wide('tier'),
    { header: 'closed_at', of: at('closed_at') },
  ];
}

module.exports = { recordColumns };
