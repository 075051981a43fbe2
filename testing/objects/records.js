'use strict';

/** Usage records: closing one, several, and changing one's status. */

const { push } = require('./changes.js');
const { FILTERS } = require('../lists/filters.js');
const { list } = require('../lists/list.js');
const { invalid, json, notFound } = require('../replies.js');
const { RECORD_STATUSES, isObject } = require('../seeds/values.js');

const BILLING = ['external_billing_id', 'external_billing_note'];

/** The billing fields of a body, or what is wrong with them. The OpenAPI document requires neither. */
function billingOf(body) {
  const billing = {};
  for (const key of BILLING) {
    const value = body[key];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number')
      return { error: `${key}: Not a valid string.` };
    billing[key] = String(value);
  }
  return { billing };
}

function refusedStatus(record) {
  return `Only an approved usage record can be closed; this one is ${record.status}.`;
}

/** Records in the ledger that a request tried to close a record or a chunk. */
function noteAttempt({ state, call }, id, billing, outcome) {
  const externalBillingId = billing?.external_billing_id;
  push(state.attempts, id, { requestNumber: call.number, externalBillingId, outcome });
}

/** Records in the ledger that a request closed a record or a chunk. */
function noteClosure({ state, call }, id, billing) {
  push(state.closures, id, { requestNumber: call.number, externalBillingId: billing.external_billing_id });
}

const outcomeOf = ({ status }) => (status === 'closed' ? 'already closed' : 'refused');

function closeRecord(context, record, billing) {
  noteAttempt(context, record.id, billing, 'closed');
  record.status = 'closed';
  record.closed_at = context.state.clock.iso();
  record.closed_by = context.user.id;
  for (const key of BILLING) if (billing[key] !== undefined) record[key] = billing[key];
  noteClosure(context, record.id, billing);
}

/** `POST /usage/records/{id}/close`. */
function closeOne(context) {
  const { object: record, body } = context;
  const { billing, error } = billingOf(body);
  if (error) return invalid(error);
  if (record.status !== 'approved') {
    noteAttempt(context, record.id, billing, outcomeOf(record));
    return invalid(refusedStatus(record));
  }
  closeRecord(context, record, billing);
  return json(200, record);
}

/** `POST /usage/records/{id}/close-records` with `{ id, ... }`, which only the JavaScript SDK knows. */
function closeLegacy(context) {
  const { state, body } = context;
  if (typeof body.id !== 'string') return invalid('id: This field is required.');
  const record = state.records.get(body.id);
  return record ? closeOne({ ...context, object: record }) : notFound(body.id);
}

/** `POST /usage/records/close-records`: 206, whether or not each record could be closed. */
function closeMany(context) {
  const { body } = context;
  if (!Array.isArray(body)) return invalid('Invalid data. Expected a JSON array.');
  const bad = body.findIndex((item) => !isObject(item) || typeof item.id !== 'string' || item.id === '');
  if (bad !== -1) return invalid(`Item ${bad}: id: This field is required.`);
  return json(
    206,
    body.map((item) => closeOrFail(context, item)).filter((item) => item !== undefined),
  );
}

/** Closes an item of a bulk close, unless a fault picks it. */
function closeOrFail(context, item) {
  const fault = context.call.pick?.(item.id);
  if (fault === undefined) return closeItem(context, item);
  if (fault.processed) closeItem(context, item);
  const record = context.state.records.get(item.id);
  if (fault.missing) return undefined;
  return { id: item.id, status: record?.status, error_codes: 'SYS_000', error_details: 'Please try again.' };
}

function closeItem(context, item) {
  const record = context.state.records.get(item.id);
  if (!record)
    return { id: item.id, error_codes: 'NFND_000', error_details: `Object \`${item.id}\` not found.` };
  const { billing, error } = billingOf(item);
  const details = error ?? (record.status === 'approved' ? undefined : refusedStatus(record));
  if (details) {
    noteAttempt(context, record.id, billing, outcomeOf(record));
    return { id: record.id, status: record.status, error_codes: 'VAL_001', error_details: details };
  }
  closeRecord(context, record, billing);
  return { id: record.id, status: record.status };
}

/**
 * `PUT /usage/records/{id}` with `{ status }`. The OpenAPI document does not say which changes it allows; the sandbox
 * allows all that do not bypass closing.
 */
function update({ state, object: record, body }) {
  const { status } = body;
  if (status !== undefined && status !== record.status) {
    if (!RECORD_STATUSES.includes(status)) return invalid(`status: "${status}" is not a valid choice.`);
    if (record.status === 'closed' || status === 'closed') {
      return invalid(`status: A record cannot be changed from ${record.status} to ${status}.`);
    }
    record.status = status;
    // What its chunk was made from has changed.
    for (const chunk of state.chunks.values()) {
      if (chunk.usagefile.id === record.usagefile?.id && chunk.status !== 'closed') chunk.outdated = true;
    }
  }
  return json(200, record);
}

/** `GET /usage/records/{id}`. */
const get = ({ object: record }) => json(200, record);

/** `GET /usage/records`. */
const listAll = ({ state, call }) => list(state.records, FILTERS.records, call.query);

/** The records of a file. */
function recordsOf(state, fileId) {
  const found = [];
  for (const record of state.records.values()) if (record.usagefile?.id === fileId) found.push(record);
  return found;
}

module.exports = {
  billingOf,
  closeLegacy,
  closeMany,
  closeOne,
  closeRecord,
  get,
  list: listAll,
  noteAttempt,
  noteClosure,
  recordsOf,
  update,
};
