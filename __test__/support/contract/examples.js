'use strict';

/**
 * A valid request of each operation: the object that it is about, made ready for it, and the body. What makes it wrong
 * comes from the contract.
 */

const fs = require('fs');
const path = require('path');
const { writeRows } = require('../../../lib/internal/tables/writeRows');
const { contract } = require('./document.js');

const { schemas } = contract.components;
const workbook = fs.readFileSync(path.join(__dirname, '../../fixtures/tables/xlsx/sheets-records.xlsx'));

const billing = { external_billing_id: 'INV-1', external_billing_note: 'January' };
const period = { from: '2021-01-01', to: '2021-01-31' };

/**
 * @typedef {object} Example
 * @property {'records' | 'files' | 'chunks' | 'reconciliations'} [of] the objects that it is about
 * @property {(sandbox: object) => Promise<import('./requests.js').Request>} [before] what is sent before, and processed
 * @property {string} [state] the status that the object has before
 * @property {string[]} [states] all of them
 * @property {(sandbox: object) => string} [id] the id of the path, if it is that of another object
 * @property {(id: string, object: any) => unknown} [json] the body
 * @property {() => object} [form] the body
 * @property {object[]} [more] cases that the contract does not tell
 */

const record = (state, json) => ({ of: 'records', state, states: schemas.RecordStatus.enum, json });
const file = (state, json) => ({ of: 'files', state, states: schemas.FileStatus.enum, json });
const upload = (state, form) => ({ ...file(state), form });
const chunk = (state, json) => ({ of: 'chunks', state, states: schemas.ChunkStatus.enum, json });
/** A sandbox has no reconciliation before one was uploaded. */
const reconciliation = {
  of: 'reconciliations',
  before: newReconciliation,
};

/** The request that uploads a reconciliation of all records. */
async function newReconciliation({ records }) {
  const form = { recon_file: await invoices([...records.keys()]) };
  return { method: 'POST', path: '/usage/reconciliations', form };
}

/** A workbook with an invoice for each record. */
function invoices(ids) {
  const rows = ids.map((id) => [id, 'INV-1']);
  const sheet = { name: 'records', columns: ['record_id', 'external_billing_id'], rows };
  return writeRows(null, [sheet], { format: 'xlsx' });
}

function newFile(_id, { product, contract: { id } }) {
  return {
    name: 'January',
    description: 'Usage of January',
    period,
    currency: 'USD',
    product: { id: product.id },
    contract: { id },
    external_id: 'january-1',
  };
}

/** Checks that the only result of a bulk close is a failure that names its record. */
const isFailure = (id) => (_answer, results) =>
  results.length === 1 && results[0].id === id && results[0].error_codes ? [] : ['the result is no failure'];

/** @type {Record<string, Example>} */
const examples = {
  'usageRecords.search': {},
  'usageRecords.closeMany': {
    of: 'records',
    state: 'approved',
    json: (id) => [{ id, ...billing }],
    more: [
      {
        name: 'of a missing record',
        request: { json: [{ id: 'UR-0', ...billing }] },
        check: isFailure('UR-0'),
      },
      { name: 'of no record', request: { json: [] }, check: (_answer, results) => results },
    ],
  },
  'usageRecords.get': record('approved'),
  'usageRecords.update': record('valid', () => ({ status: 'approved' })),
  'usageRecords.close': record('approved', () => billing),

  'usageFiles.search': {},
  'usageFiles.create': { of: 'files', json: newFile },
  'usageFiles.get': file('draft'),
  'usageFiles.update': file('draft', () => ({
    description: 'January',
    note: 'first',
    period,
    currency: 'USD',
  })),
  'usageFiles.accept': file('pending', () => ({ acceptance_note: 'fine' })),
  'usageFiles.approveAll': file('pending'),
  'usageFiles.categories': file('ready'),
  'usageFiles.close': file('accepted'),
  'usageFiles.delete': file('draft'),
  'usageFiles.reconciliation': upload('accepted', () => ({ recon_file: workbook })),
  'usageFiles.reject': file('pending', () => ({ rejection_note: 'wrong' })),
  'usageFiles.reprocess': file('ready'),
  'usageFiles.submit': file('ready'),
  'usageFiles.upload': upload('draft', () => ({ usage_file: workbook })),

  'usageChunks.search': {},
  'usageChunks.get': chunk('ready'),
  'usageChunks.update': chunk('ready', () => ({ external_id: 'hub_batch_1' })),
  'usageChunks.close': chunk('ready', () => billing),
  'usageChunks.download': chunk('ready'),
  'usageChunks.regenerate': chunk('ready'),

  'usageAggregates.search': {},

  'usageReconciliations.search': {},
  'usageReconciliations.create': { form: () => ({ recon_file: workbook, upload_note: 'January' }) },
  'usageReconciliations.get': reconciliation,
  'usageReconciliations.processedFile': reconciliation,
  'usageReconciliations.uploadedFile': reconciliation,

  'usageProducts.template': { id: (sandbox) => [...sandbox.files.values()][0].product.id },
};

module.exports = { examples, newReconciliation };
