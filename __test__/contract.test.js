'use strict';

/**
 * The sandbox against the contract of the usage module (contract/usage.openapi.json): each operation is called as documented
 * and in every way that is wrong, and each answer must be one that the contract allows.
 */

const { ConnectClient } = require('..');
const { ROUTES } = require('../testing/operations.js');
const { casesOf } = require('./support/contract/cases.js');
const { bodyOf, contract, faultsOf, operations } = require('./support/contract/document.js');
const { examples } = require('./support/contract/examples.js');
const { exampleOf, runCase } = require('./support/contract/run.js');

/** By operation, the statuses that were seen. */
const seen = new Map();
let count = 0;

afterAll(() => {
  console.log(`the contract of the usage module: ${seen.size} operations, ${count} cases`);
});

test('the contract has the 32 operations of the usage module, and an example of each', () => {
  const ids = operations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(32);
  expect(Object.keys(examples).sort()).toEqual([...ids].sort());
});

test('they are the operations of the sandbox, and methods of the client', () => {
  const ours = operations.map(({ id, method, path }) => `${id}: ${method} ${path}`);
  const served = [...ROUTES].flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, { name }]) => `${name}: ${verb} /usage/${path}`),
  );
  expect(served.sort()).toEqual(ours.sort());
  const client = new ConnectClient('http://127.0.0.1', 'key');
  const isMethod = (id) => {
    const [resource, method] = id.split('.');
    return typeof client[resource]?.[method] === 'function';
  };
  expect(operations.map(({ id }) => id).filter((id) => !isMethod(id))).toEqual([]);
});

test.each(operations.map((operation) => [operation.id, operation]))('%s', async (id, operation) => {
  const statuses = new Set();
  const faults = [];
  const cases = casesOf(operation, await exampleOf(id));
  for (const one of cases) {
    const result = await runCase(operation, one);
    statuses.add(String(result.status));
    faults.push(...result.faults);
  }
  seen.set(id, statuses);
  count += cases.length;
  expect(faults).toEqual([]);
});

/** Nothing in such a request can be wrong: it has no body, no query and no state. */
const hasNoInput = (operation) =>
  !bodyOf(operation) && !operation.definition['x-states'] && !operation.definition['x-ordering'];

test('each documented status was seen', () => {
  const unseen = operations.flatMap((operation) =>
    Object.keys(operation.definition.responses)
      .filter((status) => !seen.get(operation.id)?.has(status))
      .filter((status) => !(status === '400' && hasNoInput(operation)))
      .map((status) => `${operation.id}: ${status}`),
  );
  expect(unseen).toEqual([]);
});

describe('the check can fail', () => {
  const get = operations.find(({ id }) => id === 'usageRecords.get');
  const search = operations.find(({ id }) => id === 'usageRecords.search');
  const download = operations.find(({ id }) => id === 'usageChunks.download');
  const record = { id: 'UR-1', usage: 1, usagefile: { id: 'UF-1' } };
  const json = (status, value, headers = {}) => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    bytes: Buffer.from(JSON.stringify(value)),
  });
  const range = { 'content-range': 'items 0-0/1' };

  test('what the contract allows has no faults', () => {
    expect(faultsOf(get, json(200, { ...record, category: 'compute', tier: null, unknown: 1 }))).toEqual([]);
    expect(faultsOf(get, json(200, { ...record, category: { id: 'a', name: 'b' } }))).toEqual([]);
    expect(faultsOf(get, json(404, { error_code: 'NFND_000', errors: ['x'] }))).toEqual([]);
    expect(faultsOf(search, json(200, [record], range))).toEqual([]);
  });

  test.each([
    ['a status', get, json(201, record), 'the status 201 is not documented'],
    ['a server error', get, json(500, { error_code: 'SYS_500', errors: ['x'] }), 'the status 500 is not'],
    ['a type', get, json(200, { ...record, usage: '1' }), '/usage must be number'],
    ['a missing field', get, json(200, { usage: 1, usagefile: { id: 'UF-1' } }), "required property 'id'"],
    ['a null', get, json(200, { ...record, item_id: null }), '/item_id must be string'],
    ['a choice', get, json(200, { ...record, status: 'open' }), '/status must be equal to one of'],
    ['a date', get, json(200, { ...record, start_date: 'yesterday' }), '/start_date must match format'],
    [
      'a nested field',
      get,
      json(200, { ...record, item: { id: 'PRD-1' } }),
      "/item must have required property 'name'",
    ],
    ['an error without messages', get, json(404, { error_code: 'NFND_000', errors: [] }), '/errors must NOT'],
    ['an error in another form', get, json(400, { errors: ['x'] }), "required property 'error_code'"],
    ['no Content-Range', search, json(200, []), 'the header Content-Range is missing'],
    ['a wrong Content-Range', search, json(200, [], { 'content-range': '0/0' }), 'Content-Range is 0/0'],
    ['an object as a list', search, json(200, {}, range), 'must be array'],
    ['JSON as a workbook', download, json(200, {}), 'the content type is application/json'],
    ['no JSON', get, { ...json(200, {}), bytes: Buffer.from('<html>') }, 'the body is no JSON'],
  ])('%s that the contract does not allow is one', (_what, operation, answer, fault) => {
    expect(faultsOf(operation, answer)).toEqual([expect.stringContaining(fault)]);
  });
});

test('the contract speaks of no host', () => {
  expect(contract.servers).toEqual([{ url: '/public/v1' }]);
});
