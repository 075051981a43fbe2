'use strict';

const { useSandbox } = require('./support/sandbox-calls.js');

// Usage files in the sandbox: what leads from which state to which, and what an upload makes of its rows.

const use = useSandbox();
const FILE = 'UF-1';

/** Which operation is possible in which state, and where it leads. */
const MACHINE = {
  'POST submit': { from: ['ready', 'uploaded'], to: 'pending' },
  'POST accept': { from: ['pending'], to: 'accepted' },
  'POST reject': { from: ['pending'], to: 'rejected' },
  'PUT approve-all': { from: ['pending', 'accepted'] },
  'POST close': { from: ['accepted'], to: 'closed' },
  'POST delete': { from: ['draft', 'uploaded', 'invalid', 'ready', 'rejected'], to: 'deleted' },
  'POST reprocess': { from: ['ready', 'invalid', 'uploaded'], to: 'processing' },
};
const STATUSES = [
  'draft',
  'uploading',
  'uploaded',
  'invalid',
  'processing',
  'ready',
  'rejected',
  'pending',
  'accepted',
  'closed',
  'deleted',
];
const CASES = Object.keys(MACHINE).flatMap((operation) => STATUSES.map((status) => [operation, status]));

const HEADER = [
  'record_id',
  'item_search_criteria',
  'item_search_value',
  'quantity',
  'start_time_utc',
  'end_time_utc',
  'asset_search_criteria',
  'asset_search_value',
  'category_id',
  'amount',
  'tier',
];
const GOOD = {
  record_id: 'r1',
  item_search_criteria: 'item.mpn',
  item_search_value: 'VMH-1',
  quantity: '12.5',
  start_time_utc: '2021-01-01 00:00:00',
  end_time_utc: '2021-01-31 00:00:00',
  asset_search_criteria: 'asset.external_id',
  asset_search_value: '2009295',
  category_id: 'compute',
  amount: '99.90',
  tier: '1',
};

const csv = (rows, header = HEADER) =>
  [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))]
    .map((line) => line.join(','))
    .join('\n');

/** Uploads text as the file of a form. */
function upload(id, text, { field = 'usage_file' } = {}) {
  const boundary = 'boundary-of-the-test';
  const head = `Content-Disposition: form-data; name="${field}"; filename="usage.csv"\r\nContent-Type: text/csv`;
  return use.call(
    'POST',
    `/usage/files/${id}/upload`,
    `--${boundary}\r\n${head}\r\n\r\n${text}\r\n--${boundary}--\r\n`,
    {
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
    },
  );
}

const get = async (id) => (await use.call('GET', `/usage/files/${id}`)).json;

describe('the states of a usage file', () => {
  test.each(CASES)('%s of one that is %s', async (operation, status) => {
    await use.start({ files: [{ id: FILE, status, records: 2 }], processingMs: 1000 });
    const [method, action] = operation.split(' ');
    const { from, to = status } = MACHINE[operation];
    const reply = await use.call(method, `/usage/files/${FILE}/${action}`);
    const isPossible = from.includes(status);
    expect(reply.status).toBe(isPossible ? 200 : 400);
    expect((await get(FILE)).status).toBe(isPossible ? to : status);
    if (isPossible) expect(reply.json).toMatchObject({ id: FILE, status: to });
    else expect(reply.json).toEqual({ error_code: 'VAL_001', errors: [expect.stringContaining(status)] });
  });
});

test('a month of a usage file, from its creation to its close', async () => {
  const sandbox = await use.start({ records: 0, processingMs: 1000, now: () => Date.UTC(2021, 1, 1) });
  const created = await use.call('POST', '/usage/files', {
    name: 'January',
    product: { id: 'PRD-736-723-721' },
    period: { from: '2021-01-01', to: '2021-01-31' },
    currency: 'EUR',
  });
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({
    status: 'draft',
    currency: 'EUR',
    records: { valid: 0, invalid: 0, closed: 0 },
  });
  const { id } = created.json;

  const uploaded = await upload(id, csv([GOOD, { ...GOOD, record_id: 'r2', amount: '' }]));
  expect(uploaded.json).toMatchObject({ status: 'uploading', sub_status: 'processing' });
  sandbox.advance(500);
  expect(sandbox.files.get(id).status).toBe('processing');
  sandbox.advance(499);
  expect((await get(id)).status).toBe('processing');
  sandbox.advance(1);
  expect(await get(id)).toMatchObject({
    status: 'ready',
    sub_status: 'processed',
    records: { valid: 2, invalid: 0 },
  });
  const [first, second] = sandbox.records.values();
  expect(first).toMatchObject({
    status: 'valid',
    usage: 12.5,
    amount: 99.9,
    tier: 1,
    start_date: '2021-01-01T00:00:00+00:00',
    item: { mpn: 'VMH-1' },
    asset: { external_id: '2009295' },
    category: { id: 'compute' },
    usagefile: { id, currency: 'EUR' },
  });
  expect(second).not.toHaveProperty('amount');

  const step = async (method, action, body) =>
    (await use.call(method, `/usage/files/${id}/${action}`, body)).json;
  await step('POST', 'submit');
  expect(await step('POST', 'accept', { acceptance_note: 'Agreed' })).toMatchObject({
    status: 'accepted',
    acceptance_note: 'Agreed',
    stats: { uploaded: 2, accepted: 2, closed: 0 },
  });
  expect(await step('POST', 'close')).toMatchObject({ status: 'closed', stats: { closed: 2, billed: 0 } });
  expect(sandbox.changes.get(id).map(({ operation, to }) => [operation, to])).toEqual([
    ['usageFiles.create', 'draft'],
    ['usageFiles.upload', 'uploading'],
    ['usageFiles.submit', 'pending'],
    ['usageFiles.accept', 'accepted'],
    ['usageFiles.close', 'closed'],
  ]);
  expect(Object.keys((await get(id)).events)).toEqual([
    'created',
    'uploaded',
    'submitted',
    'accepted',
    'closed',
  ]);
});

const WRONG = {
  'an item that is not': [{ item_search_value: 'VMH-9' }, 'item_search_value: There is no item VMH-9.'],
  'an asset that is not': [{ asset_search_value: '1' }, 'asset_search_value: There is no asset 1.'],
  'a way to find assets that is not': [{ asset_search_criteria: 'asset.colour' }, 'asset_search_value'],
  'a category that is not': [{ category_id: 'c9' }, 'category_id: There is no category c9.'],
  'no quantity': [{ quantity: '' }, 'quantity: This value is required.'],
  'a quantity that is no number': [{ quantity: 'many' }, "quantity: 'many' is not a number."],
  'a time that is none': [{ start_time_utc: 'January' }, 'start_time_utc: It is not a time'],
  'an end before the start': [{ end_time_utc: '2020-01-01' }, 'end_time_utc: It is before start_time_utc.'],
  'an id that comes twice': [{ record_id: 'r0' }, 'record_id: There is another record r0.'],
  'an error of Excel': [{ quantity: '#N/A' }, 'quantity: '],
};

describe('a row that is wrong becomes an invalid record, and the processed file says why', () => {
  test.each(Object.entries(WRONG))('%s', async (_name, [fields, message]) => {
    const sandbox = await use.start({ files: [{ id: FILE, status: 'draft' }] });
    await upload(
      FILE,
      csv([
        { ...GOOD, record_id: 'r0' },
        { ...GOOD, ...fields },
      ]),
    );
    const file = await get(FILE);
    expect(file).toMatchObject({ status: 'invalid', records: { valid: 1, invalid: 1 } });
    expect(file.error_detail).toContain('Invalid records: 1');
    expect([...sandbox.records.values()].map(({ status }) => status)).toEqual(['valid', 'invalid']);
    const rows = await use.rows(file.processed_file_uri);
    expect(rows.map(({ status }) => status)).toEqual(['valid', 'invalid']);
    expect(rows[0].errors ?? '').toBe('');
    expect(rows[1].errors).toContain(message);
  });
});

test.each([
  ['no table', 'a sheet\0\x01', expect.any(String)],
  ['a missing column', csv([GOOD], HEADER.slice(0, 4)), expect.stringContaining('asset_search_value')],
  ['no rows', csv([]), 'The sheet has no records.'],
])('an upload of %s leaves an invalid file', async (_name, text, detail) => {
  const sandbox = await use.start({ files: [{ id: FILE, status: 'ready', records: 2 }] });
  expect((await upload(FILE, text)).status).toBe(200);
  expect(await get(FILE)).toMatchObject({ status: 'invalid', error_detail: detail, stats: { uploaded: 0 } });
  expect(sandbox.records.size).toBe(0);
});

test('what is no upload is refused, and nothing changes', async () => {
  await use.start({ files: [{ id: FILE, status: 'ready', records: 2 }] });
  const as = (type, body) => use.call('POST', `/usage/files/${FILE}/upload`, body, { 'Content-Type': type });
  expect((await as('application/json', { usage_file: 'x' })).status).toBe(415);
  expect((await as('multipart/form-data; boundary=x', 'no form')).status).toBe(400);
  expect((await as('multipart/form-data', 'no boundary')).status).toBe(400);
  const other = await upload(FILE, csv([GOOD]), { field: 'file' });
  expect(other.json).toEqual({ error_code: 'VAL_001', errors: ['usage_file: No file was submitted.'] });
  expect((await upload(FILE, '')).json.errors).toEqual(['usage_file: The submitted file is empty.']);
  expect(await get(FILE)).toMatchObject({ status: 'ready', records: { valid: 2 } });
});

test('a file is reprocessed when what it lacked is there', async () => {
  const sandbox = await use.start({ files: [{ id: FILE, status: 'draft' }] });
  await upload(FILE, csv([{ ...GOOD, asset_search_value: 'late' }]));
  expect((await get(FILE)).status).toBe('invalid');
  sandbox.records.set('UR-late', {
    id: 'UR-late',
    status: 'closed',
    asset: { id: 'AS-late', external_id: 'late' },
  });
  expect((await use.call('POST', `/usage/files/${FILE}/reprocess`)).json.status).toBe('processing');
  expect(await get(FILE)).toMatchObject({
    status: 'ready',
    error_detail: null,
    records: { valid: 1, invalid: 0 },
  });
});

test('what a test sets is what the next request meets', async () => {
  const sandbox = await use.start({ files: [{ id: FILE, status: 'draft' }] });
  sandbox.files.get(FILE).status = 'ready';
  expect((await use.call('POST', `/usage/files/${FILE}/submit`)).json.status).toBe('pending');
});

test.each([
  [{}, 'product: This field is required.'],
  [{ product: { id: 'PRD-0' } }, 'product: Object `PRD-0` not found.'],
  [{ product: 'PRD-736-723-721' }, 'product: Expected an object.'],
  [{ product_id: 'PRD-736-723-721', name: 'x'.repeat(101) }, 'name: Ensure this field has no more than 100'],
  [{ product_id: 'PRD-736-723-721', period: { from: 'January' } }, 'period: from: Date has wrong format'],
  [{ product_id: 'PRD-736-723-721', schema: 'xx' }, 'schema: "xx" is not a valid choice.'],
])('a file is not created from %j', async (body, message) => {
  const sandbox = await use.start({ records: 0 });
  const reply = await use.call('POST', '/usage/files', body);
  expect(reply.status).toBe(400);
  expect(reply.json.errors[0]).toContain(message);
  expect(sandbox.files.size).toBe(0);
});

test('changing a file', async () => {
  await use.start({
    files: [
      { id: FILE, status: 'draft' },
      { id: 'UF-2', status: 'closed' },
    ],
  });
  const changed = await use.call('PUT', `/usage/files/${FILE}`, { note: 'N', period: { to: '2021-01-15' } });
  expect(changed.json).toMatchObject({ note: 'N', period: { from: '2021-01-01', to: '2021-01-15' } });
  expect((await use.call('PUT', '/usage/files/UF-2', { note: 'N' })).status).toBe(400);
});

test('the list shows no more than the API does', async () => {
  await use.start({ files: 3 });
  const { json, headers } = await use.call('GET', '/usage/files?status=accepted&ordering(-id)&limit=2');
  expect(headers['content-range']).toBe('items 0-1/3');
  expect(json[0].id > json[1].id).toBe(true);
  expect(json[0].stats).toMatchObject({ uploaded: 10, accepted: 10 });
  expect(json[0]).not.toHaveProperty('records');
});
