'use strict';

const { useSandbox } = require('./support/sandbox-calls.js');

// Chunks, aggregates and roles in the sandbox.

const use = useSandbox();
const FILE = 'UF-1';
const post = (path, body, headers) => use.call('POST', path, body, headers);
const chunk = async (id) => (await use.call('GET', `/usage/chunks/${id}`)).json;

/** A pending file with eight records of two subscriptions, each sold through a hub of its own, that is accepted. */
async function accepted(options) {
  const sandbox = await use.start({
    files: [{ id: FILE, status: 'pending', records: 8 }],
    hubs: 2,
    ...options,
  });
  await post(`/usage/files/${FILE}/accept`);
  return sandbox;
}

test('an accepted file becomes a chunk of each hub, ready after a while', async () => {
  const sandbox = await accepted({ processingMs: 1000, now: () => 0 });
  expect([...sandbox.chunks.keys()]).toEqual(['UFC-1-001', 'UFC-1-002']);
  expect(await chunk('UFC-1-001')).toMatchObject({
    status: 'draft',
    outdated: false,
    usagefile: { id: FILE },
    binding: { hub: { id: 'HB-0000-0000' } },
    stats: { uploaded: 4, accepted: 4, closed: 0 },
  });
  expect((await use.call('GET', '/usage/chunks/UFC-1-001/download')).status).toBe(400);
  sandbox.advance(1000);
  expect((await chunk('UFC-1-002')).status).toBe('ready');
});

test('a download has the records of its hub, as providers see them', async () => {
  const sandbox = await accepted();
  const rows = await use.rows(`${sandbox.url}/usage/chunks/UFC-1-002/download`, {
    Authorization: sandbox.apiKey,
  });
  const expected = [...sandbox.records.values()].slice(4);
  expect(rows.map(({ record_id: id }) => id)).toEqual(expected.map(({ id }) => id));
  expect(rows[0]).toMatchObject({
    asset_id: expected[0].asset.id,
    asset_external_id: expected[0].asset.external_id,
    item_name: expected[0].item.name,
    quantity: String(expected[0].usage),
  });
});

test('a chunk closes its approved records once, with the invoice', async () => {
  const sandbox = await accepted();
  const [first, second] = sandbox.records.values();
  second.status = 'rejected';
  expect((await post('/usage/chunks/UFC-1-001/close', {})).json.errors).toEqual([
    'external_billing_id: This field is required.',
  ]);
  const closed = await post('/usage/chunks/UFC-1-001/close', {
    external_billing_id: 'INV-7',
    external_billing_note: 'January',
  });
  expect(closed.json).toMatchObject({ status: 'closed', stats: { closed: 3, billed: 3 } });
  expect(closed.json).not.toHaveProperty('external_billing_id');
  expect(first).toMatchObject({
    status: 'closed',
    external_billing_id: 'INV-7',
    external_billing_note: 'January',
  });
  expect(second.status).toBe('rejected');
  expect((await post('/usage/chunks/UFC-1-001/close', { external_billing_id: 'INV-8' })).status).toBe(400);
  expect(sandbox.closures.get('UFC-1-001')).toEqual([
    expect.objectContaining({ externalBillingId: 'INV-7' }),
  ]);
  expect(sandbox.attempts.get('UFC-1-001').map(({ outcome }) => outcome)).toEqual([
    'closed',
    'already closed',
  ]);
  expect(sandbox.closures.get(first.id)).toHaveLength(1);
});

test('a chunk of which a record has changed is outdated until it is regenerated', async () => {
  const sandbox = await accepted();
  const [first] = sandbox.records.keys();
  await use.call('PUT', `/usage/records/${first}`, { status: 'rejected' });
  expect(await chunk('UFC-1-001')).toMatchObject({ outdated: true });
  const refused = await post('/usage/chunks/UFC-1-001/close', { external_billing_id: 'INV-7' });
  expect(refused.json.errors[0]).toContain('outdated');
  expect((await post('/usage/chunks/UFC-1-001/regenerate')).json).toMatchObject({
    status: 'draft',
    outdated: false,
  });
  expect((await post('/usage/chunks/UFC-1-001/close', { external_billing_id: 'INV-7' })).json).toMatchObject({
    status: 'closed',
    stats: { closed: 3 },
  });
});

test('a chunk has the external id that it is given, and needs one', async () => {
  await accepted();
  const put = (body) => use.call('PUT', '/usage/chunks/UFC-1-001', body);
  expect((await put({ external_id: 'hub_batch_7' })).json.external_id).toBe('hub_batch_7');
  expect((await put({})).status).toBe(400);
});

test.each(['draft', 'ready', 'closed', 'failed'])('what a %s chunk can do', async (status) => {
  await use.start({ chunks: [{ id: 'UFC-9', status }] });
  const isReady = status === 'ready';
  expect((await post('/usage/chunks/UFC-9/close', { external_billing_id: 'I' })).status).toBe(
    isReady ? 200 : 400,
  );
  await use.sandbox.close();
  await use.start({ chunks: [{ id: 'UFC-9', status }] });
  const canRegenerate = isReady || status === 'failed';
  expect((await post('/usage/chunks/UFC-9/regenerate')).status).toBe(canRegenerate ? 200 : 400);
});

test('aggregates add up the usage of each item of each asset', async () => {
  await use.start({
    records: [
      { asset: { id: 'AS-1' }, item: { id: 'I-1' }, usage: 3, amount: 0.1 },
      { asset: { id: 'AS-1' }, item: { id: 'I-1' }, usage: 4, amount: 0.2, status: 'valid' },
      { asset: { id: 'AS-1' }, item: { id: 'I-1' }, usage: 9, status: 'rejected' },
      { asset: { id: 'AS-2' }, item: { id: 'I-1' }, usage: 5 },
    ],
  });
  const { json } = await use.call('GET', '/usage/aggregates?asset.id=AS-1');
  expect(json).toEqual([
    {
      asset: expect.objectContaining({ id: 'AS-1' }),
      item: expect.objectContaining({ id: 'I-1' }),
      currency: 'USD',
      consumed: 7,
      accepted: 3,
      amount: 0.3,
      events: { last_reported: { at: expect.any(String), by: expect.any(Object) } },
    },
  ]);
});

test('each role may do what it does, and who did it is seen', async () => {
  const sandbox = await use.start({ files: [{ id: FILE, status: 'ready', records: 1 }] });
  const as = (role) => ({ Authorization: sandbox.keys[role] });
  const action = (name, role) => post(`/usage/files/${FILE}/${name}`, undefined, as(role));
  expect((await action('submit', 'provider')).status).toBe(403);
  expect((await action('submit', 'vendor')).json.events.submitted.by.id).toBe('SU-000-001');
  expect((await action('accept', 'vendor')).json).toEqual({
    error_code: 'AUTH_003',
    errors: ['A vendor has no permission to perform this action.'],
  });
  expect((await action('accept', 'provider')).json.events.accepted.by.id).toBe('SU-000-002');
  const [id] = sandbox.records.keys();
  expect((await post(`/usage/records/${id}/close`, {}, as('vendor'))).status).toBe(403);
  expect((await post(`/usage/records/${id}/close`, {}, as('provider'))).json.closed_by).toBe('SU-000-002');
});

test('faults go wrong with every operation, and the ledger says what was done', async () => {
  const sandbox = await use.start({
    files: [{ id: FILE, status: 'ready' }],
    faults: [{ kind: 'resetAfter', when: { path: '/submit' } }],
  });
  await expect(post(`/usage/files/${FILE}/submit`)).rejects.toThrow();
  expect(sandbox.files.get(FILE).status).toBe('pending');
  expect(sandbox.changes.get(FILE)).toEqual([
    { requestNumber: 1, operation: 'usageFiles.submit', from: 'ready', to: 'pending' },
  ]);
});

test('paths that the API has not, and those that the sandbox has not', async () => {
  await use.start();
  expect((await use.call('GET', '/usage/invoices')).json.errors).toEqual(['The API has no such path.']);
  expect((await use.call('GET', '/usage/files/UF-0/nothing')).status).toBe(404);
  const other = await use.call('GET', '/products');
  expect([other.status, other.json.errors]).toEqual([
    501,
    ['The sandbox does not simulate /products, only /usage.'],
  ]);
});

test.each([
  '/media/usage/files/UF-0/usage_file',
  '/media/usage/products/%ZZ/template.xlsx',
  '/media/',
  '/media/usage/files',
])('there is nothing at the link %s', async (path) => {
  const sandbox = await use.start();
  expect((await use.download(new URL(path, sandbox.url).href)).status).toBe(404);
});

test('the template has the columns of an upload', async () => {
  await use.start();
  const { json } = await use.call('GET', '/usage/products/PRD-736-723-721/template');
  expect((await use.download(json.template_link)).status).toBe(200);
  expect(await use.rows(json.template_link)).toEqual([]);
});
