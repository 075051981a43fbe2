'use strict';

const { ConnectClient } = require('..');
const { startServer } = require('./support/server');

// The usage module, which the published SDK 22 does not have, call by call against Connect's own documentation.

let server;
beforeAll(async () => {
  server = await startServer({ json: { id: 'X-1' } });
});
afterAll(() => server.close());
beforeEach(() => server.requests.splice(0));

const make = () => new ConnectClient(server.url, 'ApiKey SU-000-000:secret');
const ROADS = {
  engine: make,
  'a hook': () => {
    const client = make();
    client.addBeforeRequestHook((url, options) => ({ url, options }));
    return client;
  },
};

/** What is called, and the request that it must make; without a body where there is none. */
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
  ['usageRecords get', (c) => c.usageRecords.get('UR-1'), 'GET /usage/records/UR-1'],
  [
    'the aggregates of an asset',
    (c) => c.assets.usageAgregates('AS-1').search(),
    'GET /assets/AS-1/usage/aggregates',
  ],
  [
    'the usage rules of a product',
    (c) => c.products.usageRules('PRD-1').create({ a: 1 }),
    'POST /products/PRD-1/usage/rules',
    '{"a":1}',
  ],
  ['one usage rule', (c) => c.products.usageRules('PRD-1').get('R-1'), 'GET /products/PRD-1/usage/rules/R-1'],
];

describe.each(Object.entries(ROADS))('over %s', (_road, client) => {
  test.each(CALLS)('%s', async (_call, call, line, body = '') => {
    expect(await call(client())).toEqual({ id: 'X-1' });
    expect(server.requests.map((request) => `${request.method} ${request.url}`)).toEqual([line]);
    const [{ headers, body: sent }] = server.requests;
    expect(sent).toBe(body);
    expect(headers['content-type']).toBe(body === '' ? undefined : 'application/json');
  });
});
