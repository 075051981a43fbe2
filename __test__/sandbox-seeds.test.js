'use strict';

const { startSandbox } = require('../testing');
const { useSandbox } = require('./support/sandbox-calls.js');

// What a sandbox is started with, and what a test puts into it: what cannot be is refused with its reason.

const use = useSandbox();

test.each([
  [{ records: [{ status: 'open' }] }, 'records[0] has no status open; known: valid, invalid, approved'],
  [{ records: [{ usagefile: { id: 5 } }] }, 'the id of usagefile of records[0] must be a non-empty string'],
  [{ records: [{}, { usagefile: 'UF-1' }] }, 'usagefile of records[1] must be an object'],
  [{ records: [{ hub: 'HB-1' }] }, 'hub of records[0] must be an object'],
  [{ files: [{ id: 'UF-1', status: 'open' }] }, 'file UF-1 has no status open; known: draft, uploading'],
  [{ files: [{ id: 'UF-1', schema: 'xx' }] }, 'file UF-1 has no schema xx; known: tr, pr, qt, cr'],
  [{ chunks: [{ id: 'C', status: 'open' }] }, 'chunk C has no status open; known: draft, ready'],
  [
    { chunks: [{ id: 'C', usagefile: { id: 'UF-9' } }] },
    'chunk C is of a usage file that is not there: UF-9',
  ],
  [
    { chunks: [{ id: 'C', binding: { hub: { id: 'HB-9' } } }] },
    'chunk C is of a hub that is not there: HB-9',
  ],
  [{ legacyCloseRecords: 'yes' }, 'legacyCloseRecords must be true or false'],
  [{ now: () => 'noon' }, 'now must return a Date or milliseconds since 1970, but returned noon'],
  [{ now: () => new Date(NaN) }, 'but returned Invalid Date'],
])('refuses %p', async (options, message) => {
  await expect(startSandbox(options)).rejects.toThrow(message);
});

test('a chunk is of the hub that a record names, also if `hubs` does not', async () => {
  await use.start({
    records: [{ usagefile: { id: 'UF-1' }, hub: { id: 'HB-9' } }],
    chunks: [{ id: 'C', usagefile: { id: 'UF-1' }, binding: { hub: { id: 'HB-9' } } }],
  });
  expect((await use.call('GET', '/usage/chunks/C')).json).toMatchObject({
    usagefile: { id: 'UF-1' },
    binding: { hub: { id: 'HB-9' } },
    stats: { uploaded: 1 },
  });
});

test('records are of the product of their file, and of the hub of their asset', async () => {
  const sandbox = await use.start({
    hubs: [{ id: 'HB-1' }, { id: 'HB-2' }],
    products: [
      { id: 'PRD-1' },
      {
        id: 'PRD-2',
        items: [{ id: 'IT-2' }],
        assets: [{ id: 'AS-1' }, { id: 'AS-2', hub: { id: 'HB-2' } }],
      },
    ],
    files: [{ id: 'UF-2', product: { id: 'PRD-2' } }],
    records: [
      { id: 'UR-1', usagefile: { id: 'UF-2' } },
      { id: 'UR-2', usagefile: { id: 'UF-2' }, asset: { id: 'AS-2' } },
    ],
  });
  for (const id of ['UR-1', 'UR-2']) {
    expect(sandbox.records.get(id)).toMatchObject({ product_id: 'PRD-2', item: { id: 'IT-2' } });
  }
  expect(await use.ids('hub.id=HB-1')).toEqual(['UR-1']);
  expect(await use.ids('hub.id=HB-2')).toEqual(['UR-2']);
  expect([...sandbox.chunks.values()].map(({ binding }) => binding.hub.id)).toEqual(['HB-1', 'HB-2']);
});

test('all records of an asset are of one hub', async () => {
  const sandbox = await use.start({
    hubs: 2,
    products: [{ id: 'PRD-1', assets: [{ id: 'AS-1' }] }],
    files: [{ id: 'UF-1', records: 12 }],
  });
  expect(sandbox.chunks.size).toBe(1);
});

test('objects with nothing but an id and a status can be put into every Map', async () => {
  const sandbox = await use.start({ records: 0 });
  sandbox.files.set('UF-1', { id: 'UF-1', status: 'pending' });
  sandbox.chunks.set('UFC-1', { id: 'UFC-1', status: 'ready' });
  sandbox.reconciliations.set('UR-1', { id: 'UR-1', status: 'uploaded' });
  for (const list of ['files', 'chunks', 'reconciliations']) {
    const { status, json } = await use.call('GET', `/usage/${list}`);
    expect([list, status, json.length]).toEqual([list, 200, 1]);
  }
  const download = `${sandbox.url}/usage/chunks/UFC-1/download`;
  expect(await use.rows(download, { Authorization: sandbox.apiKey })).toEqual([]);
  expect((await use.call('GET', '/usage/reconciliations/UR-1/uploadedfile')).status).toBe(404);
  expect((await use.call('POST', '/usage/files/UF-1/accept', {})).json.status).toBe('accepted');
  const closed = await use.call('POST', '/usage/chunks/UFC-1/close', { external_billing_id: 'INV-1' });
  expect(closed.json).toMatchObject({ status: 'closed', stats: { closed: 0 } });
});
