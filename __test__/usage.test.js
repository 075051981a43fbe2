'use strict';

const { useServer } = require('./support/server');
const { TRANSPORTS_AND_FETCH } = require('./support/transports');

// The usage module, which the published SDK 22 lacks: each call makes the request that Connect's documentation states.

const server = useServer({ json: { id: 'X-1' } });

const SHEET = Buffer.from('PK not a real sheet');

/** What the API's documentation lists of the usage module, version 37 of May 2025. */
const OPERATIONS = [
  'GET /assets/{id}/usage/aggregates',
  'GET /products/{id}/usage/rules',
  'POST /products/{id}/usage/rules',
  'GET /products/{id}/usage/rules/{id}',
  'PUT /products/{id}/usage/rules/{id}',
  'DELETE /products/{id}/usage/rules/{id}',
  'GET /usage/aggregates',
  'GET /usage/chunks',
  'GET /usage/chunks/{id}',
  'PUT /usage/chunks/{id}',
  'POST /usage/chunks/{id}/close',
  'GET /usage/chunks/{id}/download',
  'POST /usage/chunks/{id}/regenerate',
  'GET /usage/files',
  'POST /usage/files',
  'GET /usage/files/{id}',
  'PUT /usage/files/{id}',
  'POST /usage/files/{id}/accept',
  'PUT /usage/files/{id}/approve-all',
  'GET /usage/files/{id}/categories',
  'POST /usage/files/{id}/close',
  'POST /usage/files/{id}/delete',
  'POST /usage/files/{id}/reconciliation',
  'POST /usage/files/{id}/reject',
  'POST /usage/files/{id}/reprocess',
  'POST /usage/files/{id}/submit',
  'POST /usage/files/{id}/upload',
  'GET /usage/products/{id}/template',
  'GET /usage/reconciliations',
  'POST /usage/reconciliations',
  'GET /usage/reconciliations/{id}',
  'GET /usage/reconciliations/{id}/processedfile',
  'GET /usage/reconciliations/{id}/uploadedfile',
  'GET /usage/records',
  'POST /usage/records/close-records',
  'GET /usage/records/{id}',
  'PUT /usage/records/{id}',
  'POST /usage/records/{id}/close',
];

/** `[name, call, request line, body]`; the body of a form is a list of its fields' names and contents. */
const CALLS = [
  ['usageFiles get', (c) => c.usageFiles.get('UF-1'), 'GET /usage/files/UF-1'],
  ['usageFiles search', (c) => c.usageFiles.search({ status: 'ready' }), 'GET /usage/files?status=ready'],
  ['usageFiles create', (c) => c.usageFiles.create({ name: 'a' }), 'POST /usage/files', '{"name":"a"}'],
  [
    'usageFiles update',
    (c) => c.usageFiles.update('UF-1', { note: 'a' }),
    'PUT /usage/files/UF-1',
    '{"note":"a"}',
  ],
  [
    'usageFiles accept',
    (c) => c.usageFiles.accept('UF-1', 'good'),
    'POST /usage/files/UF-1/accept',
    '{"acceptance_note":"good"}',
  ],
  [
    'usageFiles reject',
    (c) => c.usageFiles.reject('UF-1', 'bad'),
    'POST /usage/files/UF-1/reject',
    '{"rejection_note":"bad"}',
  ],
  [
    'usageFiles reject without a note',
    (c) => c.usageFiles.reject('UF-1'),
    'POST /usage/files/UF-1/reject',
    '{}',
  ],
  ['usageFiles approveAll', (c) => c.usageFiles.approveAll('UF-1'), 'PUT /usage/files/UF-1/approve-all'],
  ['usageFiles close', (c) => c.usageFiles.close('UF-1'), 'POST /usage/files/UF-1/close'],
  ['usageFiles submit', (c) => c.usageFiles.submit('UF-1'), 'POST /usage/files/UF-1/submit'],
  ['usageFiles reprocess', (c) => c.usageFiles.reprocess('UF-1'), 'POST /usage/files/UF-1/reprocess'],
  ['usageFiles delete', (c) => c.usageFiles.delete('UF-1'), 'POST /usage/files/UF-1/delete'],
  [
    'usageFiles categories',
    (c) => c.usageFiles.categories('UF-1').search(),
    'GET /usage/files/UF-1/categories',
  ],
  [
    'usageFiles upload',
    (c) => c.usageFiles.upload('UF-1', SHEET),
    'POST /usage/files/UF-1/upload',
    [['usage_file', `${SHEET}`]],
  ],
  [
    'usageFiles reconciliation',
    (c) => c.usageFiles.reconciliation('UF-1', SHEET),
    'POST /usage/files/UF-1/reconciliation',
    [['recon_file', `${SHEET}`]],
  ],
  ['usageChunks search', (c) => c.usageChunks.search(), 'GET /usage/chunks'],
  ['usageChunks get', (c) => c.usageChunks.get('UFC-1'), 'GET /usage/chunks/UFC-1'],
  [
    'usageChunks update',
    (c) => c.usageChunks.update('UFC-1', { external_id: 'E' }),
    'PUT /usage/chunks/UFC-1',
    '{"external_id":"E"}',
  ],
  [
    'usageChunks close',
    (c) => c.usageChunks.close('UFC-1', 'INV-7', null),
    'POST /usage/chunks/UFC-1/close',
    '{"external_billing_id":"INV-7","external_billing_note":null}',
  ],
  ['usageChunks download', (c) => c.usageChunks.download('UFC-1'), 'GET /usage/chunks/UFC-1/download'],
  ['usageChunks regenerate', (c) => c.usageChunks.regenerate('UFC-1'), 'POST /usage/chunks/UFC-1/regenerate'],
  [
    'usageReconciliations search',
    (c) => c.usageReconciliations.search({ status: 'failed' }),
    'GET /usage/reconciliations?status=failed',
  ],
  [
    'usageReconciliations create with a file',
    (c) => c.usageReconciliations.create(SHEET),
    'POST /usage/reconciliations',
    [['recon_file', `${SHEET}`]],
  ],
  [
    'usageReconciliations create with a file and a note',
    (c) => c.usageReconciliations.create(SHEET, 'Jänner'),
    'POST /usage/reconciliations',
    [
      ['recon_file', `${SHEET}`],
      ['upload_note', 'Jänner'],
    ],
  ],
  [
    'usageReconciliations create with an object, as in the original',
    (c) => c.usageReconciliations.create({ usagefile: { id: 'UF-1' } }, { maxRetries: 0 }),
    'POST /usage/reconciliations',
    '{"usagefile":{"id":"UF-1"}}',
  ],
  [
    'usageReconciliations get',
    (c) => c.usageReconciliations.get('RCF-1'),
    'GET /usage/reconciliations/RCF-1',
  ],
  [
    'usageReconciliations processedFile',
    (c) => c.usageReconciliations.processedFile('RCF-1'),
    'GET /usage/reconciliations/RCF-1/processedfile',
  ],
  [
    'usageReconciliations uploadedFile',
    (c) => c.usageReconciliations.uploadedFile('RCF-1'),
    'GET /usage/reconciliations/RCF-1/uploadedfile',
  ],
  ['usageAggregates search', (c) => c.usageAggregates.search(), 'GET /usage/aggregates'],
  [
    'the template of a product',
    (c) => c.usageProducts.template('PRD-1'),
    'GET /usage/products/PRD-1/template',
  ],
  ['usageRecords search', (c) => c.usageRecords.search(), 'GET /usage/records'],
  [
    'usageRecords update',
    (c) => c.usageRecords.update('UR-1', { status: 'approved' }),
    'PUT /usage/records/UR-1',
    '{"status":"approved"}',
  ],
  [
    'usageRecords close',
    (c) => c.usageRecords.close('UR-1', 'INV-7'),
    'POST /usage/records/UR-1/close',
    '{"external_billing_id":"INV-7"}',
  ],
  [
    'usageRecords closeRecords with a list',
    (c) => c.usageRecords.closeRecords([{ id: 'UR-1', externalBillingId: 'INV-7' }]),
    'POST /usage/records/close-records',
    '[{"external_billing_id":"INV-7","id":"UR-1"}]',
  ],
  ['usageRecords get', (c) => c.usageRecords.get('UR-1'), 'GET /usage/records/UR-1'],
  [
    'the aggregates of an asset',
    (c) => c.assets.usageAgregates('AS-1').search(),
    'GET /assets/AS-1/usage/aggregates',
  ],
  [
    'the aggregates of an asset, in the right spelling',
    (c) => c.assets.usageAggregates('AS-1').search(),
    'GET /assets/AS-1/usage/aggregates',
  ],
  ['usage rules search', (c) => c.products.usageRules('PRD-1').search(), 'GET /products/PRD-1/usage/rules'],
  [
    'usage rules update',
    (c) => c.products.usageRules('PRD-1').update('R-1', { a: 1 }),
    'PUT /products/PRD-1/usage/rules/R-1',
    '{"a":1}',
  ],
  [
    'the usage rules of a product',
    (c) => c.products.usageRules('PRD-1').create({ a: 1 }),
    'POST /products/PRD-1/usage/rules',
    '{"a":1}',
  ],
  ['one usage rule', (c) => c.products.usageRules('PRD-1').get('R-1'), 'GET /products/PRD-1/usage/rules/R-1'],
];

/** The fields of a form and their contents; the body of any other request as it is. */
function bodyOf({ headers, body }) {
  const [, boundary] = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type']) || [];
  if (boundary === undefined) return body;
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => /name="(\w+)"[\s\S]*?\r\n\r\n([\s\S]*)\r\n$/.exec(part).slice(1));
}

test('every operation of the API is called', () => {
  const operation = (line) => line.replace(/\?.*/, '').replace(/\/[A-Z]+-1\b/g, '/{id}');
  const called = new Set(CALLS.map(([, , line]) => operation(line)));
  // A `delete` resolves to nothing, and is tested by itself.
  called.add('DELETE /products/{id}/usage/rules/{id}');
  expect([...called].sort()).toEqual([...OPERATIONS].sort());
});

describe.each(Object.entries(TRANSPORTS_AND_FETCH))('over %s', (_, connect) => {
  test.each(CALLS)('%s', async (_call, call, line, body = '') => {
    expect(await call(connect(server.url))).toEqual({ id: 'X-1' });
    expect(server.requests.map((request) => `${request.method} ${request.url}`)).toEqual([line]);
    const [request] = server.requests;
    expect(bodyOf(request)).toEqual(body);
    if (typeof body === 'string')
      expect(request.headers['content-type']).toBe(body === '' ? undefined : 'application/json');
  });

  test('usage rules delete', async () => {
    server.answer = { status: 204 };
    expect(await connect(server.url).products.usageRules('PRD-1').delete('R-1')).toBeUndefined();
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'DELETE /products/PRD-1/usage/rules/R-1',
    ]);
  });
});
