'use strict';

/** Chunks: the part of an accepted file that was sold through one hub. */

const { errorsOf, text } = require('./bodies.js');
const { change, eventNow, noteChange, refuseStatus } = require('./changes.js');
const { billingOf, closeRecord, noteAttempt, noteClosure, recordsOf } = require('./records.js');
const { chunkWorkbook } = require('./workbooks.js');
const { FILTERS } = require('../lists/filters.js');
const { list } = require('../lists/list.js');
const { invalid, json, workbook } = require('../replies.js');
const { makeChunk } = require('../seeds/files.js');
const { hubId } = require('../seeds/records.js');

/** The records of a chunk. */
function recordsOfChunk(state, chunk) {
  // A chunk that a test has put into the Map may lack either.
  const [file, hub] = [chunk.usagefile?.id, chunk.binding?.hub?.id];
  if (file === undefined || hub === undefined) return [];
  return recordsOf(state, file).filter((record) => hubId(record) === hub);
}

/** A chunk as the API shows it. */
function show(state, chunk) {
  const stats = { uploaded: 0, validated: 0, pending: 0, accepted: 0, closed: 0, billed: 0 };
  for (const record of recordsOfChunk(state, chunk)) {
    stats.uploaded += 1;
    if (record.status !== 'invalid') stats.validated += 1;
    if (record.status === 'approved' || record.status === 'closed') stats.accepted += 1;
    if (record.status === 'closed') stats.closed += 1;
    if (record.external_billing_id !== undefined) stats.billed += 1;
  }
  return { ...chunk, stats };
}

const shown = ({ state, object: chunk }) => json(200, show(state, chunk));

const listAll = ({ state, call }) =>
  list(state.chunks, FILTERS.chunks, call.query, (page) => page.map((chunk) => show(state, chunk)));

/** Makes a chunk ready after a while. */
function prepare(state, chunk) {
  state.clock.schedule(state.settings.processingMs, () => {
    if (chunk.status === 'draft') chunk.status = 'ready';
  });
}

/** Makes the chunks of a file that was accepted, one of each hub. */
function createChunks(context, file) {
  const { state } = context;
  const hubs = new Set(recordsOf(state, file.id).map(hubId));
  let number = 0;
  for (const id of hubs) {
    if (id === undefined || id === null) continue;
    number += 1;
    const hub = state.catalog.hubs.find((known) => known.id === id) ?? { id, name: id, external_id: id };
    const chunk = makeChunk(file, number, hub, { status: 'draft', events: { created: eventNow(context) } });
    state.chunks.set(chunk.id, chunk);
    noteChange(context, chunk.id, undefined, 'draft');
    prepare(state, chunk);
  }
}

/** `PUT /usage/chunks/{id}`. */
function update(context) {
  const { object: chunk, body } = context;
  if (body.external_id === undefined || body.external_id === null) {
    return invalid('external_id: This field is required.');
  }
  const errors = errorsOf(body, { external_id: text(200) });
  if (errors.length > 0) return invalid(...errors);
  chunk.external_id = String(body.external_id);
  return shown(context);
}

/** `POST /usage/chunks/{id}/close`: closes its approved records with the invoice. */
function close(context) {
  const { state, object: chunk, body } = context;
  const { billing, error } = billingOf(body);
  if (error) return invalid(error);
  if (!billing.external_billing_id) return invalid('external_billing_id: This field is required.');
  const refused =
    refuseStatus(chunk, 'chunk', ['ready'], 'closed') ??
    (chunk.outdated ? invalid('This chunk is outdated; regenerate it before it is closed.') : undefined);
  if (refused) {
    noteAttempt(context, chunk.id, billing, chunk.status === 'closed' ? 'already closed' : 'refused');
    return refused;
  }
  for (const record of recordsOfChunk(state, chunk)) {
    if (record.status === 'approved') closeRecord(context, record, billing);
  }
  noteAttempt(context, chunk.id, billing, 'closed');
  noteClosure(context, chunk.id, billing);
  change(context, chunk, 'closed', 'closed');
  return shown(context);
}

/** `POST /usage/chunks/{id}/regenerate`. */
function regenerate(context) {
  const { state, object: chunk } = context;
  const refused = refuseStatus(chunk, 'chunk', ['ready', 'failed'], 'regenerated');
  if (refused) return refused;
  change(context, chunk, 'draft');
  chunk.outdated = false;
  delete chunk.error;
  prepare(state, chunk);
  return shown(context);
}

/** `GET /usage/chunks/{id}/download`. */
async function download({ state, object: chunk }) {
  const refused = refuseStatus(chunk, 'chunk', ['ready', 'closed'], 'downloaded');
  if (refused) return refused;
  const file = state.files.get(chunk.usagefile?.id);
  const bytes = await chunkWorkbook(file, chunk, recordsOfChunk(state, chunk));
  return workbook(bytes, `${chunk.id}.xlsx`);
}

module.exports = { close, createChunks, download, get: shown, list: listAll, regenerate, update };
