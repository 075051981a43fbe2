'use strict';

/**
 * A provider's month with a reconciliation: write the invoice of each record into a file, upload it, download what became
 * of it, and close the usage file. It runs against the sandbox, in which some requests go wrong.
 *
 *   node examples/usage/reconciliation.js
 */

const fs = require('fs');
const os = require('os');
const path = require('path');

const { ConnectClient, writeRecords } = require('cloudblue-connect-native');
const { startSandbox } = require('cloudblue-connect-native/testing');

const FILE = 'UF-2021-01-3453-7567';

const FAULTS = [
  { kind: 'throttle', perSecond: 20, burst: 5 },
  { kind: 'status', status: 503, when: { method: 'GET' }, rate: 0.2 },
  { kind: 'truncate', when: { path: '/processedfile' }, times: 1 },
];

/** The records of the file with their invoices: each customer has one. */
async function* invoices(client) {
  for await (const record of client.usageRecords.list({ 'usagefile.id': FILE, status: 'approved' })) {
    yield { id: record.id, externalBillingId: `INV-${record.asset.external_id}` };
  }
}

async function reconcile(client, folder) {
  const { path: sheet, rows } = await writeRecords(path.join(folder, 'january.xlsx'), invoices(client));
  console.log(`${path.basename(sheet)} has ${rows} records`);
  const { id } = await client.usageReconciliations.create({ path: sheet }, 'January');
  const reconciliation = await client.usageReconciliations.waitFor(id, 'processed');
  console.log(reconciliation.notes.processing);
  const to = path.join(folder, `${id}.xlsx`);
  await client.usageReconciliations.processedFile(id, { to });
  console.log(`${path.basename(to)} says what became of each row`);
  return client.usageFiles.close(FILE);
}

async function main() {
  const sandbox = await startSandbox({ files: [{ id: FILE, records: 40 }], faults: FAULTS });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reconciliation-'));
  try {
    const client = new ConnectClient(sandbox.url, sandbox.keys.provider);
    const file = await reconcile(client, folder);
    console.log(
      `the file is ${file.status}, and ${file.stats.billed} of its ${file.stats.closed} records are billed`,
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
    await sandbox.close();
  }
}

main();
