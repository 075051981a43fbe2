'use strict';

const { useSandbox } = require('./support/sandbox-calls.js');

// Reconciliations in the sandbox: a file with the invoice of each record.

const use = useSandbox();
const FILE = 'UF-1';

/** Sends a file, and the other fields of a form. */
function send(path, text, fields = {}) {
  const boundary = 'boundary-of-the-test';
  const part = (head, body) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  const others = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value));
  const file = part('name="recon_file"; filename="recon.csv"', text);
  return use.call('POST', path, `${others.join('')}${file}--${boundary}--\r\n`, {
    'Content-Type': `multipart/form-data; boundary=${boundary}`,
  });
}

const table = (rows) => ['record_id,external_billing_id,external_billing_note', ...rows].join('\n');
const get = async (id) => (await use.call('GET', `/usage/reconciliations/${id}`)).json;
const rowsOf = (id, name) =>
  use.rows(`${use.sandbox.url}/usage/reconciliations/${id}/${name}`, { Authorization: use.sandbox.apiKey });

test('gives records their invoices, with which closing the file closes them', async () => {
  const sandbox = await use.start({ files: [{ id: FILE, records: 2 }], processingMs: 1000, now: () => 0 });
  const [first, second] = sandbox.records.values();
  const sheet = table([`${first.id},INV-1,January`, `${second.id},INV-2,`]);
  const { status, json } = await send('/usage/reconciliations', sheet, { upload_note: 'Month' });
  expect(status).toBe(201);
  expect(json).toMatchObject({
    id: 'RCF-1-001',
    status: 'uploaded',
    usagefile: { id: FILE },
    partusagefile: { id: 'UFC-1-001', provider: { id: 'PA-000-000' } },
    binding: { hub: { id: 'HB-0000-0000' } },
    notes: { uploaded: 'Month' },
  });
  const early = await use.call('GET', '/usage/reconciliations/RCF-1-001/processedfile');
  expect(early.status).toBe(404);
  sandbox.advance(500);
  expect((await get(json.id)).status).toBe('processing');
  sandbox.advance(500);
  expect(await get(json.id)).toMatchObject({
    status: 'processed',
    notes: { processing: 'Records with an invoice: 2. Failed rows: 0.' },
  });
  expect(first).toMatchObject({
    status: 'approved',
    external_billing_id: 'INV-1',
    external_billing_note: 'January',
  });
  await use.call('POST', `/usage/files/${FILE}/close`);
  expect(first).toMatchObject({ status: 'closed', external_billing_id: 'INV-1' });
  expect(second).toMatchObject({ status: 'closed', external_billing_id: 'INV-2' });
  expect(sandbox.closures.get(second.id)).toEqual([expect.objectContaining({ externalBillingId: 'INV-2' })]);
});

test('the processed file says what became of each row', async () => {
  const sandbox = await use.start({
    records: [{ id: 'UR-1' }, { id: 'UR-2', status: 'rejected' }, { id: 'UR-3' }],
  });
  const sheet = table(['UR-1,INV-1,', 'UR-2,INV-1,', 'UR-0,INV-1,', 'UR-3,,', 'UR-1,INV-2,']);
  const { json } = await send('/usage/reconciliations', sheet);
  expect((await get(json.id)).status).toBe('processed');
  const rows = await rowsOf(json.id, 'processedfile');
  expect(rows.map(({ status }) => status)).toEqual(['processed', 'failed', 'failed', 'failed', 'failed']);
  const errors = rows.map((row) => row.errors ?? '');
  expect(errors[0]).toBe('');
  expect(errors[1]).toBe('The record is rejected.');
  expect(errors[2]).toBe('There is no record UR-0.');
  expect(errors[3]).toBe('external_billing_id: This value is required.');
  expect(errors[4]).toBe('There is another row of record UR-1.');
  expect(sandbox.records.get('UR-1').external_billing_id).toBe('INV-1');
  expect(sandbox.records.get('UR-3')).not.toHaveProperty('external_billing_id');
  expect((await rowsOf(json.id, 'uploadedfile')).length).toBe(5);
});

test.each([
  ['no table', '\0\x01', expect.any(String)],
  ['no invoices', 'record_id\nUR-1', 'There is no column external_billing_id.'],
  ['no record that is known', table(['UR-0,INV-1,']), 'No record of the file is known.'],
])('%s: it fails, and says why', async (_name, text, detail) => {
  await use.start({ records: [{ id: 'UR-1' }] });
  const { json } = await send('/usage/reconciliations', text);
  expect(await get(json.id)).toMatchObject({ status: 'failed', error: { detail } });
});

test('of one usage file', async () => {
  const sandbox = await use.start({
    files: [
      { id: FILE, records: 1 },
      { id: 'UF-2', status: 'pending' },
    ],
  });
  const [{ id }] = sandbox.records.values();
  const { status, json } = await send(`/usage/files/${FILE}/reconciliation`, table([`${id},INV-1,`]));
  expect([status, json.id]).toEqual([200, FILE]);
  expect((await use.download(json.reconciliation_file_uri)).bytes.toString()).toContain('INV-1');
  expect((await use.call('GET', `/usage/reconciliations?usagefile.id=${FILE}`)).json).toHaveLength(1);
  expect(sandbox.records.get(id).external_billing_id).toBe('INV-1');
  expect((await send('/usage/files/UF-2/reconciliation', table([]))).json.errors[0]).toContain('pending');
});
