'use strict';

/** What is done with usage files: submitted, accepted, rejected, closed, deleted. */

const { actionCommand } = require('../actions.js');
const { UsageError } = require('../errors.js');
const { KINDS } = require('../ids.js');

const look = 'files get';
const kind = KINDS.file;

/** A file as a question names it. */
function describe({ id, name, product, period, status, stats }) {
  const facts = [
    name,
    product?.name ?? product?.id,
    period?.from && `${period.from} to ${period.to}`,
    stats?.uploaded !== undefined && `${stats.uploaded} records`,
    status,
  ];
  return `${id} (${facts.filter(Boolean).join(', ')})`;
}

/** Reads the files that a question is about. */
function readAll(client, ids) {
  return Promise.all(ids.map((id) => client.usageFiles.get(id)));
}

/** A question that names the files. */
const asks = (verb) => async (client, ids) => {
  const files = await readAll(client, ids);
  return `${verb} ${files.map(describe).join(', ')}? This cannot be undone.`;
};

const NOTE = { note: { type: 'string', value: 'TEXT', help: 'a note for the other side' } };

/** Refuses to close a file whose records would be closed without an invoice. */
async function checkInvoices(client, ids, values) {
  if (values['without-invoice']) return;
  for (const { id, stats } of await readAll(client, ids)) {
    const missing = (stats?.accepted ?? 0) - (stats?.billed ?? 0);
    if (missing > 0) {
      throw new UsageError(
        `${missing} of the ${stats.accepted} accepted records of ${id} have no invoice, and would be closed without one; ` +
          'close its chunks or records with their invoices, upload a reconciliation, or add --without-invoice',
      );
    }
  }
}

module.exports = [
  actionCommand({
    name: 'files submit',
    summary: 'Submits usage files to the distributor',
    examples: ['connect-usage files submit UF-2021-01-3453-7567'],
    kind,
    look,
    act: (client, id) => client.usageFiles.submit(id),
  }),
  actionCommand({
    name: 'files accept',
    summary: 'Accepts usage files: their valid records are approved, and become chunks',
    examples: ['connect-usage files accept UF-2021-01-3453-7567 --note "Agreed"'],
    kind,
    look,
    options: /** @type {*} */ (NOTE),
    question: asks('Accept'),
    act: (client, id, { note }) => client.usageFiles.accept(id, note),
  }),
  actionCommand({
    name: 'files reject',
    summary: 'Rejects usage files, so that the vendor has to upload them again',
    examples: ['connect-usage files reject UF-2021-01-3453-7567 --note "The prices are those of December"'],
    kind,
    look,
    options: /** @type {*} */ (NOTE),
    question: asks('Reject'),
    act: (client, id, { note }) => client.usageFiles.reject(id, note),
  }),
  actionCommand({
    name: 'files approve-all',
    summary: 'Approves all valid records of usage files',
    examples: ['connect-usage files approve-all UF-2021-01-3453-7567'],
    kind,
    look,
    act: (client, id) => client.usageFiles.approveAll(id),
  }),
  actionCommand({
    name: 'files reprocess',
    summary: 'Has Connect process uploaded usage files again',
    examples: ['connect-usage files reprocess UF-2021-01-3453-7567'],
    kind,
    look,
    act: (client, id) => client.usageFiles.reprocess(id),
  }),
  actionCommand({
    name: 'files close',
    summary: 'Closes usage files, with all their records and chunks; that cannot be undone',
    details:
      'The records get the invoices that a reconciliation gave them. If some have none, nothing is closed without --without-invoice.',
    examples: ['connect-usage files close UF-2021-01-3453-7567'],
    kind,
    look,
    options: {
      'without-invoice': { type: 'boolean', help: 'close records that have no invoice, too' },
    },
    check: checkInvoices,
    question: asks('Close'),
    act: (client, id) => client.usageFiles.close(id),
  }),
  actionCommand({
    name: 'files delete',
    summary: 'Deletes usage files that were not accepted, with their records; that cannot be undone',
    examples: ['connect-usage files delete UF-2021-01-3453-7567'],
    kind,
    look,
    question: asks('Delete'),
    act: (client, id) => client.usageFiles.delete(id),
  }),
];
