'use strict';

/** Usage files: how the API shows them, and everything about them but what an upload makes of its rows. */

const { asText, choice, day, errorsOf, objectId, object, pick, text, withoutNulls } = require('./bodies.js');
const { change, eventNow, noteChange, refuseStatus } = require('./changes.js');
const { createChunks } = require('./chunks.js');
const { closeRecord, recordsOf } = require('./records.js');
const { FILTERS, SCHEMAS } = require('../lists/filters.js');
const { list } = require('../lists/list.js');
const { invalid, json } = require('../replies.js');
const { CATEGORIES } = require('../seeds/catalog.js');
const { makeFile } = require('../seeds/files.js');
const { digits } = require('../seeds/values.js');

/** What only a single file shows, not the list. */
const DETAIL = ['sub_status', 'usage_file_uri', 'processed_file_uri', 'reconciliation_file_uri'];

const FIELDS = {
  name: text(100),
  description: text(200),
  note: text(200),
  external_id: text(200),
  currency: text(20),
  period: object({ from: day, to: day }),
};

/** The numbers of a file's records, for files. */
function countRecords(state, files) {
  const counts = new Map(
    files.map(({ id }) => [id, { all: 0, valid: 0, invalid: 0, approved: 0, closed: 0, billed: 0 }]),
  );
  for (const record of state.records.values()) {
    const count = counts.get(record.usagefile?.id);
    if (count === undefined) continue;
    count.all += 1;
    if (count[record.status] !== undefined) count[record.status] += 1;
    if (record.external_billing_id !== undefined) count.billed += 1;
  }
  return counts;
}

/** The numbers as the API calls them. */
const statsOf = ({ all, valid, invalid: bad, approved, closed, billed }) => ({
  uploaded: all,
  validated: all - bad,
  pending: valid,
  accepted: approved + closed,
  closed,
  billed,
});

/** A page of the list. */
function showPage(state, files) {
  const counts = countRecords(state, files);
  return files.map((file) => {
    const shown = { ...file, stats: statsOf(counts.get(file.id)) };
    for (const name of DETAIL) delete shown[name];
    return shown;
  });
}

/** A file as the API shows one. */
function show(state, file) {
  const count = countRecords(state, [file]).get(file.id);
  const { valid, approved, closed, invalid: bad } = count;
  const uri = (name) => `${state.origin}/media/usage/files/${file.id}/${name}`;
  const has = (name) => state.media.has(`usage/files/${file.id}/${name}`);
  return {
    ...file,
    stats: statsOf(count),
    records: { valid: valid + approved, invalid: bad, closed },
    ...(has('usage_file') && { usage_file_uri: uri('usage_file') }),
    ...(count.all > 0 && { processed_file_uri: uri('processed_file.xlsx') }),
    ...(has('reconciliation_file') && { reconciliation_file_uri: uri('reconciliation_file') }),
  };
}

const shown = ({ state, object: file }) => json(200, show(state, file));

const listAll = ({ state, call }) =>
  list(state.files, FILTERS.files, call.query, (page) => showPage(state, page));

/** The id of a new file; its period is in it. */
function newId(state, period) {
  state.created.files += 1;
  const month = period.from.slice(0, 7);
  return `UF-${month}-${digits((59137001 + state.created.files * 7919) % 1e8, 2)}`;
}

/** `POST /usage/files`. */
function create(context) {
  const { state, body } = context;
  const errors = errorsOf(body, {
    ...FIELDS,
    product: object({ id: objectId }),
    contract: object({ id: objectId }),
    product_id: text(100),
    schema: choice(SCHEMAS),
    environment: choice(['test', 'preview', 'production']),
  });
  if (errors.length > 0) return invalid(...errors);
  const productId = body.product?.id ?? body.product_id;
  if (productId === undefined || productId === null) return invalid('product: This field is required.');
  const product = state.products.get(String(productId));
  if (product === undefined) return invalid(`product: Object \`${productId}\` not found.`);
  const month = state.clock.iso().slice(0, 7);
  const period = {
    from: `${month}-01`,
    to: state.clock.iso().slice(0, 10),
    ...withoutNulls(body.period ?? {}),
  };
  const fields = pick(body, [
    'name',
    'description',
    'note',
    'external_id',
    'currency',
    'schema',
    'environment',
  ]);
  const id = newId(state, period);
  const file = makeFile(
    {
      ...withoutNulls(fields),
      id,
      status: 'draft',
      period,
      product: { id: product.id },
      ...contractOf(body),
    },
    state.catalog,
    { created: eventNow(context) },
  );
  state.files.set(id, file);
  noteChange(context, id, undefined, 'draft');
  return json(201, show(state, file));
}

const contractOf = ({ contract }) =>
  (contract?.id ?? null) === null ? {} : { contract: { id: String(contract.id), name: null } };

/** `PUT /usage/files/{id}`. */
function update(context) {
  const { object: file, body } = context;
  const errors = errorsOf(body, FIELDS);
  if (errors.length > 0) return invalid(...errors);
  const refused = refuseStatus(
    file,
    'usage file',
    ['draft', 'uploaded', 'ready', 'invalid', 'rejected'],
    'changed',
  );
  if (refused) return refused;
  const { period, ...fields } = pick(body, Object.keys(FIELDS));
  if (fields.external_id === null) fields.external_id = '';
  Object.assign(file, fields);
  file.period = { ...file.period, ...withoutNulls(period ?? {}) };
  return shown(context);
}

/** Sets the status of the records that have another one. */
function setRecords(state, file, from, to) {
  for (const record of recordsOf(state, file.id)) if (record.status === from) record.status = to;
}

/** `POST /usage/files/{id}/submit`. */
function submit(context) {
  const { object: file } = context;
  const refused = refuseStatus(file, 'usage file', ['ready', 'uploaded'], 'submitted');
  if (refused) return refused;
  change(context, file, 'pending', 'submitted');
  return shown(context);
}

/** `PUT /usage/files/{id}/approve-all`: approves the valid records and leaves the file as it is. */
function approveAll(context) {
  const { state, object: file } = context;
  const refused = refuseStatus(file, 'usage file', ['pending', 'accepted'], 'approved');
  if (refused) return refused;
  setRecords(state, file, 'valid', 'approved');
  return shown(context);
}

/** `POST /usage/files/{id}/accept`: approves the valid records, and makes a chunk for each hub. */
function accept(context) {
  const { state, object: file, body } = context;
  const errors = errorsOf(body, { acceptance_note: text(200) });
  if (errors.length > 0) return invalid(...errors);
  const refused = refuseStatus(file, 'usage file', ['pending'], 'accepted');
  if (refused) return refused;
  setRecords(state, file, 'valid', 'approved');
  file.acceptance_note = asText(body.acceptance_note) ?? null;
  change(context, file, 'accepted', 'accepted');
  createChunks(context, file);
  return shown(context);
}

/** `POST /usage/files/{id}/reject`. */
function reject(context) {
  const { state, object: file, body } = context;
  const errors = errorsOf(body, { rejection_note: text(200) });
  if (errors.length > 0) return invalid(...errors);
  const refused = refuseStatus(file, 'usage file', ['pending'], 'rejected');
  if (refused) return refused;
  setRecords(state, file, 'valid', 'rejected');
  setRecords(state, file, 'approved', 'rejected');
  file.rejection_note = asText(body.rejection_note) ?? null;
  change(context, file, 'rejected', 'rejected');
  return shown(context);
}

/** `POST /usage/files/{id}/close`: closes what is approved and open, with the invoices that a reconciliation gave. */
function close(context) {
  const { state, object: file } = context;
  const refused = refuseStatus(file, 'usage file', ['accepted'], 'closed');
  if (refused) return refused;
  for (const record of recordsOf(state, file.id)) {
    if (record.status === 'approved') {
      closeRecord(context, record, pick(record, ['external_billing_id', 'external_billing_note']));
    }
  }
  for (const chunk of state.chunks.values()) {
    const isOpen = chunk.usagefile.id === file.id && chunk.status !== 'closed';
    if (isOpen) change(context, chunk, 'closed', 'closed');
  }
  change(context, file, 'closed', 'closed');
  return shown(context);
}

/** `POST /usage/files/{id}/delete`: its records go with it. */
function remove(context) {
  const { state, object: file } = context;
  const statuses = ['draft', 'uploaded', 'invalid', 'ready', 'rejected'];
  const refused = refuseStatus(file, 'usage file', statuses, 'deleted');
  if (refused) return refused;
  for (const record of recordsOf(state, file.id)) state.records.delete(record.id);
  change(context, file, 'deleted', 'deleted');
  return shown(context);
}

/** `GET /usage/files/{id}/categories`. */
const categories = ({ call }) => list(CATEGORIES, FILTERS.categories, call.query);

module.exports = {
  accept,
  approveAll,
  categories,
  close,
  create,
  get: shown,
  list: listAll,
  reject,
  remove,
  show,
  submit,
  update,
};
