'use strict';

/**
 * A provider's month with chunks: accept the usage file, download the chunk of each hub, bill it, close the chunks with
 * their invoices, and close the file. It runs against the sandbox, in which some requests go wrong.
 *
 *   node examples/usage/chunks.js
 */

const fs = require('fs');
const os = require('os');
const path = require('path');

const { ConnectClient } = require('cloudblue-connect-native');
const { startSandbox } = require('cloudblue-connect-native/testing');

const FILE = 'UF-2021-01-3453-7567';

const FAULTS = [
  { kind: 'throttle', perSecond: 20, burst: 5 },
  { kind: 'status', status: 503, when: { method: 'GET' }, rate: 0.2 },
  { kind: 'status', status: 502, when: { method: 'POST', path: /\/usage\/chunks\/.*\/close$/ }, times: 2 },
];

/** Puts a chunk into the billing system: here its number is enough. */
const invoiceOf = (chunk) => `INV-2021-01-${chunk.binding.hub.id}`;

async function bill(client, folder) {
  const file = await client.usageFiles.accept(FILE, 'Agreed');
  console.log(`${file.id} is ${file.status}`);
  const chunks = [];
  for await (const { id } of client.usageChunks.list({ 'usagefile.id': FILE })) {
    const chunk = await client.usageChunks.waitFor(id, 'ready');
    const { path: sheet } = await client.usageChunks.download(id, { to: path.join(folder, `${id}.xlsx`) });
    console.log(`${path.basename(sheet)}: ${chunk.stats.accepted} records of ${chunk.binding.hub.name}`);
    chunks.push({ id, externalBillingId: invoiceOf(chunk) });
  }
  const report = await client.usageChunks.closeMany(chunks, { journal: path.join(folder, 'chunks.journal') });
  console.log(
    `closed ${report.closed} chunks, ${report.unknown.length} unknown, ${report.failed.length} failed`,
  );
  return client.usageFiles.close(FILE);
}

async function main() {
  const sandbox = await startSandbox({
    files: [{ id: FILE, status: 'pending', records: 40 }],
    hubs: 3,
    faults: FAULTS,
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chunks-'));
  try {
    const client = new ConnectClient(sandbox.url, sandbox.keys.provider);
    const file = await bill(client, folder);
    const invoices = new Set([...sandbox.records.values()].map((record) => record.external_billing_id));
    const closures = [...sandbox.closures.values()].map((times) => times.length);
    console.log(`the file is ${file.status}; its records have ${invoices.size} invoices`);
    console.log(`most often closed: ${Math.max(...closures)} time(s)`);
  } finally {
    fs.rmSync(folder, { recursive: true });
    await sandbox.close();
  }
}

main();
