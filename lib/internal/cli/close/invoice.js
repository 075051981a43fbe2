'use strict';

const { UsageError } = require('../errors.js');
const { ID, INVOICE } = require('../fields.js');
const { withFlags } = require('../flagNames.js');
const { RecordTable } = require('../../tables/readRecords.js');

/** Texts as the cells of a CSV line. */
const csvLine = (cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;

/**
 * Checks invoices that do not come from a table of records by the rules for those that do: those of the core's reader.
 *
 * @param {string[]} invoices The invoices.
 * @returns {Promise<Map<number, string>>} Why some cannot be used, by their index.
 */
async function refusedInvoices(invoices) {
  if (invoices.length === 0) return new Map();
  const lines = invoices.map((invoice, index) => csvLine([`UR-${index}`, invoice]));
  const bytes = Buffer.from(`${ID},${INVOICE}\n${lines.join('')}`);
  // A line break within an invoice, which is refused, moves the lines after it: each is then checked by itself.
  if (invoices.length > 1 && invoices.some((invoice) => /[\r\n]/.test(invoice))) {
    const single = await Promise.all(invoices.map((invoice) => refusedInvoices([invoice])));
    return new Map(single.flatMap((refused, index) => [...refused.values()].map((why) => [index, why])));
  }
  const table = new RecordTable(bytes, { format: 'csv', requireBillingId: true });
  try {
    await table.describe();
    return new Map();
  } catch (error) {
    if (!error.refused?.length) throw error;
    return new Map(error.refused.map(({ row, reason }) => [row - 2, withFlags(reason)]));
  } finally {
    await table.close();
  }
}

/**
 * The invoice for all records of a command; checked, as it may bill a whole month.
 *
 * @param {{ 'billing-id'?: string, 'without-invoice'?: boolean }} values The flags.
 * @returns {Promise<string | undefined>} The invoice; undefined if there is none for all.
 */
async function checkedInvoice({ 'billing-id': billingId, 'without-invoice': withoutInvoice }) {
  if (billingId === undefined) return undefined;
  if (withoutInvoice) throw new UsageError('--billing-id and --without-invoice cannot be used together');
  const invoice = billingId.trim();
  if (invoice === '') throw new UsageError('--billing-id is empty; give the number of the invoice');
  const refused = await refusedInvoices([invoice]);
  if (refused.size > 0) throw new UsageError(`--billing-id: '${invoice}' ${refused.get(0)}`);
  return invoice;
}

module.exports = { checkedInvoice, refusedInvoices };
