'use strict';

/** The usage files and chunks of the sandbox, in the API's form. */

const { CONTRACT, MARKETPLACE, PROVIDER, VENDOR, checkSeeds } = require('./catalog.js');
const { hubId, makeFileReference } = require('./records.js');
const { checkChoice } = require('./values.js');
const { CHUNK_STATUSES, FILE_STATUSES, SCHEMAS } = require('../lists/filters.js');

const DEFAULT_RECORDS = 10;
const CREATED = '2021-02-01T00:00:00+00:00';

/** The status of records in a file of a status, unless the caller says otherwise. */
const RECORD_STATUS = {
  ready: 'valid',
  uploaded: 'valid',
  pending: 'valid',
  invalid: 'invalid',
  rejected: 'rejected',
  accepted: 'approved',
  closed: 'closed',
};

/** The events that have happened to a file of a status. */
const EVENTS = {
  draft: [],
  uploading: ['uploaded'],
  processing: ['uploaded'],
  uploaded: ['uploaded'],
  ready: ['uploaded'],
  invalid: ['uploaded'],
  pending: ['uploaded', 'submitted'],
  rejected: ['uploaded', 'submitted', 'rejected'],
  accepted: ['uploaded', 'submitted', 'accepted'],
  closed: ['uploaded', 'submitted', 'accepted', 'closed'],
  deleted: ['deleted'],
};

/** An event that happened before the sandbox started. */
const past = (by) => ({ at: CREATED, by });

function pastEvents(names, users) {
  const events = { created: past(users.vendor) };
  for (const name of names) {
    events[name] = past(['accepted', 'rejected', 'closed'].includes(name) ? users.provider : users.vendor);
  }
  return events;
}

/** A reference of another object: its id and name. */
const reference = ({ id, name }) => ({ id, name });

/** How records refer to their file. */
const fileReference = ({ id, name, schema, currency }) => ({ id, name, schema, currency });

/**
 * A usage file.
 *
 * @param {object} fields what it has; `id` and `status` at least
 * @param {{ products: object[] }} catalog
 * @param {object} events
 */
function makeFile(fields, { products }, events) {
  const product = products.find(({ id }) => id === fields.product?.id) ?? products[0];
  return {
    name: null,
    external_id: '',
    vendor: { ...VENDOR },
    provider: { ...PROVIDER },
    environment: 'production',
    marketplace: { ...MARKETPLACE },
    contract: { ...CONTRACT },
    error_detail: null,
    description: null,
    note: null,
    acceptance_note: null,
    rejection_note: null,
    schema: 'tr',
    currency: 'USD',
    period: { from: '2021-01-01', to: '2021-01-31' },
    sub_status: ['ready', 'invalid'].includes(fields.status) ? 'processed' : null,
    ...fields,
    product: { ...reference(product), icon: product.icon ?? null, ...fields.product },
    events,
  };
}

/** Checks the caller's files. */
function readFileSeeds(files) {
  if (files === undefined) return [];
  const isCount = Number.isInteger(files) && files >= 0 && files <= 100000;
  if (!isCount && !Array.isArray(files)) {
    throw new TypeError('startSandbox: files must be a count (an integer from 0) or an array of objects');
  }
  const seeds = isCount ? Array.from({ length: files }, () => ({})) : files;
  const named = seeds.map((seed, number) => ({
    ...makeFileReference(number),
    status: 'accepted',
    ...seed,
  }));
  checkSeeds('files', named);
  for (const { id, status, schema, records } of named) {
    checkChoice(`file ${id}`, 'status', status, FILE_STATUSES);
    checkChoice(`file ${id}`, 'schema', schema, SCHEMAS);
    if (records !== undefined && !(Number.isInteger(records) && records >= 0)) {
      throw new TypeError(`startSandbox: records of file ${id} must be a count (an integer from 0)`);
    }
  }
  return named;
}

/**
 * The partial records that the caller's files ask for: `records` of each, by default ten, or none if the caller gives
 * records of its own.
 */
function recordsOfFiles(seeds, areRecordsGiven) {
  return seeds.flatMap((seed) => {
    const status = RECORD_STATUS[seed.status];
    const count = seed.records ?? (areRecordsGiven || status === undefined ? 0 : DEFAULT_RECORDS);
    return Array.from({ length: count }, () => inFile({}, seed));
  });
}

/** A partial record as it is in its file. */
function inFile(fields, seed) {
  const status = RECORD_STATUS[seed.status] ?? 'valid';
  const product = seed.product?.id === undefined ? {} : { product_id: seed.product.id };
  return { status, ...product, ...fields, usagefile: { ...fileReference(seed), ...fields.usagefile } };
}

/** What the records of a file have in common: their statuses, hubs and the first one. */
function groupByFile(records) {
  const groups = new Map();
  for (const record of records.values()) {
    const id = record.usagefile?.id;
    if (id === undefined) continue;
    if (!groups.has(id)) groups.set(id, { first: record, statuses: new Set(), hubs: new Set() });
    const group = groups.get(id);
    group.statuses.add(record.status);
    const hub = hubId(record);
    if (hub !== null && hub !== undefined) group.hubs.add(hub);
  }
  return groups;
}

/** The status of a file that is only known by its records. */
function statusOf({ statuses, first }) {
  if (statuses.has('approved') || statuses.has('closed')) return 'accepted';
  return { valid: 'ready', invalid: 'invalid', rejected: 'rejected' }[first.status] ?? 'ready';
}

/**
 * The files of a sandbox: the caller's, and those that records name.
 *
 * @param {object[]} seeds the caller's
 * @param {Map<string, object>} groups what the records of each file have in common
 * @param {{ catalog: object, users: object }} context
 * @returns {Map<string, object>} the files by id
 */
function seedFiles(seeds, groups, { catalog, users }) {
  const files = new Map();
  const add = ({ records: _count, events = {}, ...fields }) => {
    const made = { ...pastEvents(EVENTS[fields.status], users), ...events };
    files.set(fields.id, makeFile(fields, catalog, made));
  };
  seeds.forEach(add);
  for (const [id, group] of groups) {
    if (files.has(id)) continue;
    const { usagefile, product_id: product } = group.first;
    add({
      ...usagefile,
      status: statusOf(group),
      product: product === undefined ? undefined : { id: product },
    });
  }
  return files;
}

/** The id of the n-th chunk of a file, from 1. */
const chunkId = (file, number) => `UFC${file.id.replace(/^UF/, '')}-${String(number).padStart(3, '0')}`;

/** A chunk of a file: the records of a hub. */
function makeChunk(file, number, hub, { status, events }) {
  return {
    id: chunkId(file, number),
    status,
    outdated: false,
    usagefile: fileReference(file),
    binding: { hub: reference(hub), external_id: hub.external_id },
    marketplace: { ...file.marketplace },
    events,
    provider: { ...file.provider },
    external_id: '',
  };
}

/** The object that a seed names, or the first if it names none. */
function findNamed(objects, reference, first, what) {
  if (reference === undefined) return first;
  const object = objects.get(reference?.id);
  if (object !== undefined) return object;
  throw new TypeError(`startSandbox: ${what} that is not there: ${String(reference?.id)}`);
}

/**
 * The chunks of a sandbox: the caller's, or one of each hub of each accepted file.
 *
 * @param {object[] | undefined} seeds the caller's
 * @param {Map<string, object>} files
 * @param {Map<string, object>} groups
 * @param {{ catalog: object, users: object }} context
 * @returns {Map<string, object>} the chunks by id
 */
function seedChunks(seeds, files, groups, { catalog, users }) {
  const chunks = new Map();
  const hubs = new Map(catalog.hubs.map((hub) => [hub.id, hub]));
  // Records may name hubs that the caller did not list.
  for (const id of [...groups.values()].flatMap((group) => [...group.hubs])) {
    if (!hubs.has(id)) hubs.set(id, { id, name: id, external_id: id });
  }
  const eventsOf = (status) => pastEvents(status === 'closed' ? ['closed'] : [], users);
  if (seeds !== undefined) {
    const [first] = files.values();
    const named = Array.isArray(seeds)
      ? seeds.map((seed, number) => ({
          id: chunkId(files.get(seed?.usagefile?.id) ?? first ?? makeFileReference(0), number + 1),
          ...seed,
        }))
      : seeds;
    checkSeeds('chunks', named);
    named.forEach((seed, number) => {
      const what = `chunk ${seed.id}`;
      const file = findNamed(files, seed.usagefile, first, `${what} is of a usage file`);
      if (file === undefined) throw new TypeError(`startSandbox: ${what} has no usage file`);
      const hub = findNamed(hubs, seed.binding?.hub, catalog.hubs[0], `${what} is of a hub`);
      const { status = 'ready' } = seed;
      checkChoice(what, 'status', status, CHUNK_STATUSES);
      const made = makeChunk(file, number + 1, hub, { status, events: eventsOf(status) });
      chunks.set(seed.id, { ...made, ...seed, usagefile: made.usagefile, binding: made.binding });
    });
    return chunks;
  }
  for (const file of files.values()) {
    if (file.status !== 'accepted' && file.status !== 'closed') continue;
    const status = file.status === 'closed' ? 'closed' : 'ready';
    let number = 0;
    for (const id of groups.get(file.id)?.hubs ?? []) {
      number += 1;
      const chunk = makeChunk(file, number, hubs.get(id), { status, events: eventsOf(status) });
      chunks.set(chunk.id, chunk);
    }
  }
  return chunks;
}

module.exports = {
  chunkId,
  fileReference,
  groupByFile,
  inFile,
  makeChunk,
  makeFile,
  readFileSeeds,
  recordsOfFiles,
  reference,
  seedChunks,
  seedFiles,
};
