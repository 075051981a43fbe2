'use strict';

/** Uploading a usage file, and processing it: its rows become records. */

const { change, refuseStatus } = require('./changes.js');
const { show } = require('./files.js');
const { recordsOf } = require('./records.js');
const { RowCheck, knownAssets, missingColumns, readTable, recordFields } = require('./rows.js');
const { invalid, json } = require('../replies.js');
const { fileReference } = require('../seeds/files.js');
const { hide, recordId } = require('../seeds/records.js');

/** New records have ids far from those that are seeded. */
const FIRST_NEW = 50000000;

/** The file of a form's field, or the reply that says what is missing. */
function fileOf(form, name) {
  const value = form[name];
  if (value === undefined) return { refused: invalid(`${name}: No file was submitted.`) };
  if (typeof value === 'string') {
    return {
      refused: invalid(`${name}: The submitted data was not a file. Check the encoding type on the form.`),
    };
  }
  if (value.bytes.length === 0) return { refused: invalid(`${name}: The submitted file is empty.`) };
  return { file: value };
}

/** `POST /usage/files/{id}/upload`. */
async function upload(context) {
  const { state, object: file, form } = context;
  const { file: uploaded, refused: wrong } = fileOf(form, 'usage_file');
  if (wrong) return wrong;
  const statuses = ['draft', 'uploaded', 'ready', 'invalid', 'rejected'];
  const refused = refuseStatus(file, 'usage file', statuses, 'uploaded');
  if (refused) return refused;
  const table = await readTable(uploaded.bytes);
  // Another request may have come meanwhile.
  const late = refuseStatus(file, 'usage file', statuses, 'uploaded');
  if (late) return late;
  state.media.set(`usage/files/${file.id}/usage_file`, uploaded);
  state.media.set(`usage/files/${file.id}/table`, table);
  change(context, file, 'uploading', 'uploaded');
  file.sub_status = 'processing';
  file.error_detail = null;
  for (const record of recordsOf(state, file.id)) state.records.delete(record.id);
  process(context, file, table);
  return json(200, show(state, file));
}

/** `POST /usage/files/{id}/reprocess`: reads what was uploaded once more. */
function reprocess(context) {
  const { state, object: file } = context;
  const refused = refuseStatus(file, 'usage file', ['ready', 'invalid', 'uploaded'], 'reprocessed');
  if (refused) return refused;
  change(context, file, 'processing');
  file.sub_status = 'processing';
  file.error_detail = null;
  const table = state.media.get(`usage/files/${file.id}/table`);
  if (table === undefined) later(state, file, 1, () => finish(state, file));
  else process(context, file, table);
  return json(200, show(state, file));
}

/** Does something after a part of the time that processing takes, unless the file is in another state by then. */
function later(state, file, part, run) {
  state.clock.schedule(state.settings.processingMs * part, () => {
    if (file.status === 'uploading' || file.status === 'processing') run();
  });
}

function process({ state }, file, table) {
  later(state, file, 0.5, () => {
    file.status = 'processing';
  });
  later(state, file, 1, () => {
    for (const record of recordsOf(state, file.id)) state.records.delete(record.id);
    const error = table.error ?? missing(table.columns) ?? addRecords(state, file, table.rows);
    finish(state, file, error);
  });
}

function missing(columns) {
  const names = missingColumns(columns);
  return names.length > 0 ? `The sheet has no column ${names.join(', ')}.` : undefined;
}

/** The state of a file after it was processed. */
function finish(state, file, error) {
  const bad = recordsOf(state, file.id).filter(({ status }) => status === 'invalid').length;
  file.status = error !== undefined || bad > 0 ? 'invalid' : 'ready';
  file.sub_status = 'processed';
  const detail = error ?? (bad > 0 ? `Invalid records: ${bad}. The processed file says why.` : null);
  file.error_detail = detail === null ? null : detail.slice(0, 200);
}

/** Makes a record of each row. */
function addRecords(state, file, rows) {
  if (rows.length === 0) return 'The sheet has no records.';
  const product = state.products.get(file.product.id);
  if (product === undefined) return `There is no product ${file.product.id}.`;
  const check = new RowCheck(state, product);
  const hubs = hubsOfAssets(state, product);
  for (const { cells, unusable } of rows) {
    const checked = check.check({ cells, unusable });
    const id = newId(state);
    const record = {
      id,
      product_id: product.id,
      ...recordFields(cells, checked),
      usagefile: fileReference(file),
    };
    state.records.set(id, record);
    const hub = checked.asset?.hub?.id ?? hubs.get(checked.asset?.id) ?? null;
    hide(record, { created: state.clock.iso(), hub, row: cells, errors: checked.errors });
  }
  return undefined;
}

function newId(state) {
  for (;;) {
    const id = recordId(FIRST_NEW + state.created.records);
    state.created.records += 1;
    if (!state.records.has(id)) return id;
  }
}

/** Which hub each asset belongs to: in turn, as in the records that are seeded. */
function hubsOfAssets(state, product) {
  const { hubs } = state.catalog;
  return new Map(knownAssets(state, product).map(({ id }, number) => [id, hubs[number % hubs.length].id]));
}

module.exports = { fileOf, reprocess, upload };
