'use strict';

/**
 * The month that the quickstart closes: what `records.csv` lists and what the sandbox holds. About one record
 * in a hundred cannot be closed, for reasons as they occur: the wrong state, or an id that the API has not.
 */

const { recordId } = require('../testing');

const COUNT = 1200;

// By position in the month. The ids of the missing ones are of the right form, but no record has them.
const STATUSES = new Map([
  [97, 'rejected'],
  [211, 'closed'],
  [340, 'invalid'],
  [455, 'rejected'],
  [612, 'closed'],
  [733, 'valid'],
  [868, 'closed'],
  [1010, 'rejected'],
]);
/** What the closed ones were billed with. */
const EARLIER_INVOICE = 'INV-2020-12';
const MISSING = new Set([158, 529, 904, 1133]);

/** The records for `startSandbox({ records })`. */
function monthRecords() {
  const records = [];
  for (let index = 0; index < COUNT; index += 1) {
    const record = { id: recordId(index) };
    if (STATUSES.has(index)) record.status = STATUSES.get(index);
    if (record.status === 'closed') record.external_billing_id = EARLIER_INVOICE;
    if (!MISSING.has(index)) records.push(record);
  }
  return records;
}

module.exports = { COUNT, monthRecords };
