'use strict';

/**
 * The operations of the API's usage module: path, verb, who may call it, and what its body is. `{id}` in a path is the id
 * of an object of the collection `of`.
 */

const aggregates = require('./objects/aggregates.js');
const chunks = require('./objects/chunks.js');
const files = require('./objects/files.js');
const media = require('./objects/media.js');
const reconciliations = require('./objects/reconciliations.js');
const records = require('./objects/records.js');
const uploads = require('./objects/uploads.js');

/** Who may do what: vendors report usage, providers bill it. Both read. */
const VENDOR = 'vendor';
const PROVIDER = 'provider';

/**
 * @typedef {object} Operation
 * @property {string} name as the SDK calls it
 * @property {(context: object) => object | Promise<object>} run
 * @property {string} [of] the collection of the path's id
 * @property {string} [role] who may call it; by default everybody
 * @property {'json' | 'array' | 'form'} [body] what it is called with: an object, anything in JSON, or a form
 */

/** @type {[string, string, Operation][]} */
const OPERATIONS = [
  ['GET', 'records', { name: 'usageRecords.search', run: records.list }],
  ['GET', 'records/{id}', { name: 'usageRecords.get', of: 'records', run: records.get }],
  ['PUT', 'records/{id}', { name: 'usageRecords.update', of: 'records', body: 'json', run: records.update }],
  [
    'POST',
    'records/{id}/close',
    { name: 'usageRecords.close', of: 'records', role: PROVIDER, body: 'json', run: records.closeOne },
  ],
  [
    'POST',
    'records/close-records',
    { name: 'usageRecords.closeMany', role: PROVIDER, body: 'array', run: records.closeMany },
  ],

  ['GET', 'files', { name: 'usageFiles.search', run: files.list }],
  ['POST', 'files', { name: 'usageFiles.create', role: VENDOR, body: 'json', run: files.create }],
  ['GET', 'files/{id}', { name: 'usageFiles.get', of: 'files', run: files.get }],
  [
    'PUT',
    'files/{id}',
    { name: 'usageFiles.update', of: 'files', role: VENDOR, body: 'json', run: files.update },
  ],
  ['GET', 'files/{id}/categories', { name: 'usageFiles.categories', of: 'files', run: files.categories }],
  [
    'POST',
    'files/{id}/upload',
    { name: 'usageFiles.upload', of: 'files', role: VENDOR, body: 'form', run: uploads.upload },
  ],
  ['POST', 'files/{id}/submit', { name: 'usageFiles.submit', of: 'files', role: VENDOR, run: files.submit }],
  [
    'POST',
    'files/{id}/reprocess',
    { name: 'usageFiles.reprocess', of: 'files', role: VENDOR, run: uploads.reprocess },
  ],
  ['POST', 'files/{id}/delete', { name: 'usageFiles.delete', of: 'files', role: VENDOR, run: files.remove }],
  [
    'POST',
    'files/{id}/accept',
    { name: 'usageFiles.accept', of: 'files', role: PROVIDER, body: 'json', run: files.accept },
  ],
  [
    'POST',
    'files/{id}/reject',
    { name: 'usageFiles.reject', of: 'files', role: PROVIDER, body: 'json', run: files.reject },
  ],
  [
    'PUT',
    'files/{id}/approve-all',
    { name: 'usageFiles.approveAll', of: 'files', role: PROVIDER, run: files.approveAll },
  ],
  ['POST', 'files/{id}/close', { name: 'usageFiles.close', of: 'files', role: PROVIDER, run: files.close }],
  [
    'POST',
    'files/{id}/reconciliation',
    {
      name: 'usageFiles.reconciliation',
      of: 'files',
      role: PROVIDER,
      body: 'form',
      run: reconciliations.createForFile,
    },
  ],

  ['GET', 'chunks', { name: 'usageChunks.search', run: chunks.list }],
  ['GET', 'chunks/{id}', { name: 'usageChunks.get', of: 'chunks', run: chunks.get }],
  [
    'PUT',
    'chunks/{id}',
    { name: 'usageChunks.update', of: 'chunks', role: PROVIDER, body: 'json', run: chunks.update },
  ],
  [
    'POST',
    'chunks/{id}/close',
    { name: 'usageChunks.close', of: 'chunks', role: PROVIDER, body: 'json', run: chunks.close },
  ],
  [
    'POST',
    'chunks/{id}/regenerate',
    { name: 'usageChunks.regenerate', of: 'chunks', role: PROVIDER, run: chunks.regenerate },
  ],
  ['GET', 'chunks/{id}/download', { name: 'usageChunks.download', of: 'chunks', run: chunks.download }],

  ['GET', 'reconciliations', { name: 'usageReconciliations.search', run: reconciliations.list }],
  [
    'POST',
    'reconciliations',
    { name: 'usageReconciliations.create', role: PROVIDER, body: 'form', run: reconciliations.create },
  ],
  [
    'GET',
    'reconciliations/{id}',
    { name: 'usageReconciliations.get', of: 'reconciliations', run: reconciliations.get },
  ],
  [
    'GET',
    'reconciliations/{id}/processedfile',
    { name: 'usageReconciliations.processedFile', of: 'reconciliations', run: reconciliations.processedFile },
  ],
  [
    'GET',
    'reconciliations/{id}/uploadedfile',
    { name: 'usageReconciliations.uploadedFile', of: 'reconciliations', run: reconciliations.uploadedFile },
  ],

  ['GET', 'aggregates', { name: 'usageAggregates.search', run: aggregates.list }],
  ['GET', 'products/{id}/template', { name: 'usageProducts.template', of: 'products', run: media.template }],
];

/** What only the JavaScript SDK calls. */
const LEGACY = {
  POST: { name: 'usageRecords.closeRecords', role: PROVIDER, body: 'json', run: records.closeLegacy },
};

/** The operations of each path, by verb. @type {Map<string, Record<string, Operation>>} */
const ROUTES = new Map();
for (const [verb, path, operation] of OPERATIONS)
  ROUTES.set(path, { ...ROUTES.get(path), [verb]: operation });

module.exports = { LEGACY, ROUTES };
