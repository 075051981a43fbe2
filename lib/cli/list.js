'use strict';

const { UsageError, wholeNumber } = require('./usageError');

const STATUSES = ['valid', 'invalid', 'approved', 'rejected', 'closed'];

/** A field of a CSV line, quoted where it has to be. */
function field(value) {
  const text = value === undefined || value === null ? '' : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvLine(record, billingId) {
  const bill = record.external_billing_id || billingId;
  return `${[record.id, bill, record.external_billing_note].map(field).join(',')}\n`;
}

/** Waits where the reader is slower than the list. */
function write(stream, text) {
  if (stream.write(text) !== false) return undefined;
  return new Promise((resolve) => stream.once('drain', resolve));
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
  if (csv) await write(stdout, 'id,external_billing_id,external_billing_note\n');
  for await (const record of list) {
    const { id, usage, item, closed_at: closedAt } = record;
    if (csv) await write(stdout, csvLine(record, billingId));
    else if (json) await write(stdout, `${JSON.stringify(record)}\n`);
    else
      await write(
        stdout,
        `${[id, record.status, usage, item?.id, closedAt].map((x) => x ?? '').join('  ')}\n`,
      );
  }
  return 0;
}

module.exports = { listRecords };
