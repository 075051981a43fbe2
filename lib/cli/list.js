'use strict';

const binding = require('../../binding.js');
const { unwrap } = require('../connect/settle');
const { UsageError, wholeNumber } = require('./usageError');

const STATUSES = ['valid', 'invalid', 'approved', 'rejected', 'closed'];

/** Waits where the reader is slower than the list. */
function write(stream, text) {
  if (stream.write(text) !== false) return undefined;
  return new Promise((resolve) => stream.once('drain', resolve));
}

/** A page of records as the caller wants to see it. */
function textOf(page, { csv, json, billingId }) {
  if (csv) return unwrap(() => binding.csvLines(JSON.stringify(page), billingId));
  if (json) return page.map((record) => `${JSON.stringify(record)}\n`).join('');
  const columns = ({ id, status, usage, item, closed_at: closedAt }) => [
    id,
    status,
    usage,
    item?.id,
    closedAt,
  ];
  return page
    .map(
      (record) =>
        `${columns(record)
          .map((value) => value ?? '')
          .join('  ')}\n`,
    )
    .join('');
}

/** `connect-usage list`. */
async function listRecords({ client, values, positionals, stdout }) {
  if (positionals.length > 0) throw new UsageError(`list takes no argument; got '${positionals[0]}'`);
  const { status, file, product, csv, json, 'billing-id': billingId } = values;
  if (status !== undefined && !STATUSES.includes(status)) {
    throw new UsageError(`--status must be one of ${STATUSES.join(', ')}; got '${status}'`);
  }
  if (csv && json) throw new UsageError('--csv and --json exclude each other');
  const limit = wholeNumber(values, 'limit');
  const filters = { status, 'usagefile.id': file, 'product.id': product, $ordering: 'created_time' };
  const list = client().usageRecords.list(filters, { pageSize: 1000, limit });
  if (csv) await write(stdout, binding.csvHeader());
  for await (const page of list.pages()) await write(stdout, textOf(page, { csv, json, billingId }));
  return 0;
}

module.exports = { listRecords };
