'use strict';

/** The state of a sandbox: the objects of the API, who may do what, the time, and what requests have done. */

const { Clock } = require('./clock.js');
const { seedCatalog } = require('./seeds/catalog.js');
const {
  groupByFile,
  inFile,
  readFileSeeds,
  recordsOfFiles,
  seedChunks,
  seedFiles,
} = require('./seeds/files.js');
const { seedRecords } = require('./seeds/records.js');

const DEFAULT_RECORDS = 100;

const KEYS = { vendor: 'ApiKey SU-000-001:sandbox-vendor', provider: 'ApiKey SU-000-002:sandbox-provider' };

/** The user of a key, without its secret. */
function userOf(key, role) {
  const id = /SU-[0-9-]+/.exec(key)?.[0] ?? 'sandbox';
  return { id, name: `Sandbox ${role}` };
}

/** The records that the caller wants, each as it is in its file. */
function recordSeeds({ records, files }, fileSeeds) {
  const wanted = records ?? (files === undefined ? DEFAULT_RECORDS : 0);
  if (!Array.isArray(wanted) || fileSeeds.length === 0) return wanted;
  const byId = new Map(fileSeeds.map((seed) => [seed.id, seed]));
  return wanted.map((fields) => {
    const seed = byId.get(fields?.usagefile?.id);
    return seed === undefined ? fields : inFile(fields, seed);
  });
}

/**
 * Creates the state.
 *
 * @param {object} options the checked options of `startSandbox`
 */
function createState(options) {
  const clock = new Clock(options.now);
  clock.now(); // refuses a clock that gives no time before any request meets it
  const users = {
    all: userOf(options.apiKey, 'user'),
    vendor: userOf(KEYS.vendor, 'vendor'),
    provider: userOf(KEYS.provider, 'provider'),
  };
  const catalog = seedCatalog(options);
  const fileSeeds = readFileSeeds(options.files);
  const closer = { at: () => clock.iso(), name: users.all.id };
  const records = seedRecords(
    recordSeeds(options, fileSeeds),
    recordsOfFiles(fileSeeds, options.records !== undefined),
    { catalog, closer },
  );
  const groups = groupByFile(records);
  const files = seedFiles(fileSeeds, groups, { catalog, users });
  return {
    settings: options,
    clock,
    catalog,
    keys: KEYS,
    users: new Map([
      [options.apiKey, { role: 'all', user: users.all }],
      [KEYS.vendor, { role: 'vendor', user: users.vendor }],
      [KEYS.provider, { role: 'provider', user: users.provider }],
    ]),
    records,
    files,
    chunks: seedChunks(options.chunks, files, groups, { catalog, users }),
    reconciliations: new Map(),
    products: new Map(catalog.products.map((product) => [product.id, product])),
    closures: new Map(),
    attempts: new Map(),
    changes: new Map(),
    /** What was uploaded, by the path below `/media` at which it is downloaded. */
    media: new Map(),
    /** How many objects requests have created, of each kind. */
    created: { files: 0, records: 0, reconciliations: 0 },
    origin: '',
  };
}

module.exports = { createState };
