'use strict';

/** Reconciliations: a file with the invoice of each record. */

const { eventNow, noteChange } = require('./changes.js');
const { show: showFile } = require('./files.js');
const { recordsOf } = require('./records.js');
const { readTable } = require('./rows.js');
const { fileOf } = require('./uploads.js');
const { nameOf, reconciliationWorkbook } = require('./workbooks.js');
const { FILTERS } = require('../lists/filters.js');
const { list } = require('../lists/list.js');
const { invalid, json, notFound, workbook } = require('../replies.js');
const { fileReference } = require('../seeds/files.js');

const listAll = ({ state, call }) => list(state.reconciliations, FILTERS.reconciliations, call.query);

/** The id of a record in a row: in the column `record_id`, `usage_record_id` or `id`. */
const idOf = ({ cells }) => cells.usage_record_id || cells.record_id || cells.id || '';

/** The records of files by their ids and by what their vendors call them. */
function findable(records) {
  const found = new Map();
  for (const record of records) {
    found.set(record.id, record);
    if (!found.has(nameOf(record))) found.set(nameOf(record), record);
  }
  return found;
}

/** The file that the rows are about: that of the first record that is known. */
function fileOfRows(state, { rows }) {
  const records = findable(state.records.values());
  const known = rows.map((row) => records.get(idOf(row))).find((record) => record !== undefined);
  return known && state.files.get(known.usagefile?.id);
}

/** `POST /usage/reconciliations`. */
async function create(context) {
  const { state, form } = context;
  const { file: uploaded, refused } = fileOf(form, 'recon_file');
  if (refused) return refused;
  const note = form.upload_note;
  if (note !== undefined && typeof note !== 'string') return invalid('upload_note: Not a valid string.');
  const table = await readTable(uploaded.bytes);
  return json(201, add(context, fileOfRows(state, table), uploaded, table, note));
}

/** `POST /usage/files/{id}/reconciliation`. */
async function createForFile(context) {
  const { state, object: file, form } = context;
  const { file: uploaded, refused } = fileOf(form, 'recon_file');
  if (refused) return refused;
  if (file.status !== 'accepted' && file.status !== 'closed') {
    return invalid(
      `Only a usage file that is accepted or closed can be reconciled; this one is ${file.status}.`,
    );
  }
  const table = await readTable(uploaded.bytes);
  state.media.set(`usage/files/${file.id}/reconciliation_file`, uploaded);
  add(context, file, uploaded, table, undefined);
  return json(200, showFile(state, file));
}

function add(context, file, uploaded, table, note) {
  const { state } = context;
  state.created.reconciliations += 1;
  const number = String(state.created.reconciliations).padStart(3, '0');
  const digits =
    file === undefined ? `-${state.clock.iso().slice(0, 7)}-0000-0000` : file.id.replace(/^UF/, '');
  const chunk = file && [...state.chunks.values()].find(({ usagefile }) => usagefile.id === file.id);
  const reconciliation = {
    id: `RCF${digits}-${number}`,
    status: 'uploaded',
    ...(file && { usagefile: fileReference(file) }),
    ...(chunk && { partusagefile: { id: chunk.id, provider: chunk.provider }, binding: chunk.binding }),
    notes: { uploaded: note ?? '', processing: '' },
    events: { created: eventNow(context), uploaded: eventNow(context) },
  };
  const { id } = reconciliation;
  state.reconciliations.set(id, reconciliation);
  state.media.set(`usage/reconciliations/${id}/uploaded`, uploaded);
  noteChange(context, id, undefined, 'uploaded');
  const { processingMs } = state.settings;
  state.clock.schedule(processingMs / 2, () => {
    reconciliation.status = 'processing';
  });
  state.clock.schedule(processingMs, () => process(state, reconciliation, file, table));
  // What is answered is how it was made.
  return { ...reconciliation };
}

/** Gives the records of a file their invoices, and says what became of each row. */
function process(state, reconciliation, file, table) {
  const error =
    table.error ??
    (table.columns.includes('external_billing_id') ? undefined : 'There is no column external_billing_id.') ??
    (file === undefined ? 'No record of the file is known.' : undefined);
  if (error !== undefined) {
    reconciliation.status = 'failed';
    reconciliation.error = { detail: error };
    return;
  }
  const records = findable(recordsOf(state, file.id));
  const seen = new Set();
  const rows = table.rows.map((row) => processRow(records, seen, row));
  const bad = rows.filter(({ status }) => status === 'failed').length;
  reconciliation.status = bad === rows.length ? 'failed' : 'processed';
  reconciliation.notes.processing = `Records with an invoice: ${rows.length - bad}. Failed rows: ${bad}.`;
  if (reconciliation.status === 'failed') {
    reconciliation.error = { detail: 'No row could be processed; the processed file says why.' };
  }
  state.media.set(`usage/reconciliations/${reconciliation.id}/processed`, rows);
}

function processRow(records, seen, row) {
  const { cells, unusable } = row;
  const record = records.get(idOf(row));
  const errors = Object.entries(unusable).map(([name, reason]) => `${name}: ${reason}.`);
  if (record === undefined) errors.push(`There is no record ${idOf(row)}.`);
  else if (record.status !== 'approved' && record.status !== 'closed') {
    errors.push(`The record is ${record.status}.`);
  }
  if (seen.has(record)) errors.push(`There is another row of record ${idOf(row)}.`);
  else if (record !== undefined) seen.add(record);
  if (!cells.external_billing_id && !unusable.external_billing_id) {
    errors.push('external_billing_id: This value is required.');
  }
  if (errors.length === 0) {
    record.external_billing_id = cells.external_billing_id;
    if (cells.external_billing_note) record.external_billing_note = cells.external_billing_note;
  }
  return {
    ...cells,
    record_id: idOf(row),
    status: errors.length > 0 ? 'failed' : 'processed',
    errors: errors.join(' '),
  };
}

/** `GET /usage/reconciliations/{id}/uploadedfile`. */
function uploadedFile({ state, object: reconciliation }) {
  const uploaded = state.media.get(`usage/reconciliations/${reconciliation.id}/uploaded`);
  // One that a test has put into the Map was not uploaded.
  if (uploaded === undefined) return notFound(`${reconciliation.id}: uploaded file`);
  return workbook(uploaded.bytes, `${reconciliation.id}.xlsx`);
}

/** `GET /usage/reconciliations/{id}/processedfile`. */
async function processedFile({ state, object: reconciliation }) {
  const rows = state.media.get(`usage/reconciliations/${reconciliation.id}/processed`);
  if (rows === undefined) return notFound(`${reconciliation.id}: processed file`);
  return workbook(await reconciliationWorkbook(rows), `${reconciliation.id}-processed.xlsx`);
}

const get = ({ object: reconciliation }) => json(200, reconciliation);

module.exports = { create, createForFile, get, list: listAll, processedFile, uploadedFile };
