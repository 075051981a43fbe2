'use strict';

/** Closing: the rules of the API for one record and for a batch. */

const { invalid, json, unknownRecord } = require('./replies.js');
const { RECORD_STATUSES } = require('./filters.js');

const BILLING = ['external_billing_id', 'external_billing_note'];

/** The billing fields of a body, or what is wrong with them. Neither field is required (the OpenAPI's word). */
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

/** Notes in the ledger that a request tried to close a record. */
function attempt(state, record, billing, requestNumber, outcome) {
  const entry = { requestNumber, externalBillingId: billing?.external_billing_id, outcome };
  const earlier = state.attempts.get(record.id);
  if (earlier) earlier.push(entry);
  else state.attempts.set(record.id, [entry]);
}

const outcomeOf = ({ status }) => (status === 'closed' ? 'already closed' : 'refused');

function closeRecord(state, record, billing, requestNumber) {
  attempt(state, record, billing, requestNumber, 'closed');
  record.status = 'closed';
  record.closed_at = state.closer.at();
  record.closed_by = state.closer.name;
  for (const key of BILLING) if (billing[key] !== undefined) record[key] = billing[key];
  const entry = { requestNumber, externalBillingId: billing.external_billing_id };
  const earlier = state.closures.get(record.id);
  if (earlier) earlier.push(entry);
  else state.closures.set(record.id, [entry]);
}

/** `POST /usage/records/{id}/close`. */
function closeOne(state, id, body, requestNumber) {
  const record = state.records.get(id);
  if (!record) return unknownRecord(id);
  if (!isObject(body)) return invalid('Invalid data. Expected a JSON object.');
  const { billing, error } = billingOf(body);
  if (error) return invalid(error);
  if (record.status !== 'approved') {
    attempt(state, record, billing, requestNumber, outcomeOf(record));
    return invalid(refusedStatus(record));
  }
  closeRecord(state, record, billing, requestNumber);
  return json(200, record);
}

/** `POST /usage/records/{id}/close-records` with `{ id, ... }`, which only the JavaScript SDK knows. */
function closeLegacy(state, body, requestNumber) {
  if (!isObject(body) || typeof body.id !== 'string') return invalid('id: This field is required.');
  return closeOne(state, body.id, body, requestNumber);
}

/** `POST /usage/records/close-records`: 206 whatever becomes of the single records. */
function closeMany(state, body, call) {
  if (!Array.isArray(body)) return invalid('Invalid data. Expected a JSON array.');
  const bad = body.findIndex((item) => !isObject(item) || typeof item.id !== 'string' || item.id === '');
  if (bad !== -1) return invalid(`Item ${bad}: id: This field is required.`);
  return json(
    206,
    body.map((item) => faultyItem(state, item, call)).filter((item) => item !== undefined),
  );
}

/** An item of a bulk close, unless the script of faults picks it. */
function faultyItem(state, item, call) {
  const fault = call.pick?.(item.id);
  if (fault === undefined) return closeItem(state, item, call.number);
  if (fault.processed) closeItem(state, item, call.number);
  const record = state.records.get(item.id);
  if (fault.missing) return undefined;
  return { id: item.id, status: record?.status, error_codes: 'SYS_000', error_details: 'Please try again.' };
}

function closeItem(state, item, requestNumber) {
  const record = state.records.get(item.id);
  if (!record)
    return { id: item.id, error_codes: 'NFND_000', error_details: `Object \`${item.id}\` not found.` };
  const { billing, error } = billingOf(item);
  const details = error ?? (record.status === 'approved' ? undefined : refusedStatus(record));
  if (details) {
    attempt(state, record, billing, requestNumber, outcomeOf(record));
    return { id: record.id, status: record.status, error_codes: 'VAL_001', error_details: details };
  }
  closeRecord(state, record, billing, requestNumber);
  return { id: record.id, status: record.status };
}

/**
 * `PUT /usage/records/{id}` with `{ status }`. The OpenAPI document has it, but which changes it allows is
 * written nowhere; the sandbox allows all that do not bypass closing.
 */
function update(state, id, body) {
  const record = state.records.get(id);
  if (!record) return unknownRecord(id);
  if (!isObject(body)) return invalid('Invalid data. Expected a JSON object.');
  const { status } = body;
  if (status !== undefined && status !== record.status) {
    if (!RECORD_STATUSES.includes(status)) return invalid(`status: "${status}" is not a valid choice.`);
    if (record.status === 'closed' || status === 'closed') {
      return invalid(`status: A record cannot be changed from ${record.status} to ${status}.`);
    }
    record.status = status;
  }
  return json(200, record);
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

module.exports = { closeLegacy, closeMany, closeOne, update };
