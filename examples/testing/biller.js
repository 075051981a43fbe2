'use strict';

/**
 * The code that the examples test: bills all approved records of an account.
 *
 * @param {import('cloudblue-connect-native').ConnectClient} client The client.
 * @param {string} invoice The number of the invoice.
 * @param {object} [options] Of `closeMany`.
 * @returns {Promise<object>} The report.
 */
function billApproved(client, invoice, options) {
  const approved = client.usageRecords.list({ status: 'approved' });
  return client.usageRecords.closeMany(approved, { externalBillingId: invoice, ...options });
}

module.exports = { billApproved };
