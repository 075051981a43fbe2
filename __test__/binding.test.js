'use strict';

/** The Rust classes by themselves, without the wrapper: complete from the constructor to the closed record. */

const binding = require('../binding.js');
const { startSandbox } = require('../testing');

let sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ records: 3 });
});
afterAll(() => sandbox.close());

test('a record is closed through the generated binding alone', async () => {
  const client = new binding.ConnectClient(sandbox.url, sandbox.apiKey);
  const records = new binding.UsageRecordResource(client);
  const [id] = sandbox.records.keys();
  const text = await records.close(id, 'INV-7', 'January');
  expect(JSON.parse(text).status).toBe('closed');
  expect(sandbox.records.get(id)).toMatchObject({ status: 'closed', external_billing_id: 'INV-7' });

  const again = await records.close(id, 'INV-7', 'January');
  expect(again).toMatchObject({
    status: 400,
    method: 'POST',
    path: `/usage/records/${id}/close`,
    attempts: 1,
  });
  const generic = new binding.GenericResource(client, records.baseUri);
  expect(JSON.parse(await generic.get(id)).id).toBe(id);
  expect(JSON.parse(await generic.search({ limit: 1 }))).toHaveLength(1);
  expect((await generic.delete(id)).status).toBe(405);
});

test('nothing is thrown or rejected: failures are values', async () => {
  const records = new binding.UsageRecordResource(new binding.ConnectClient(undefined, undefined));
  const failures = [await records.close(undefined), await records.close('UR-1')];
  expect(failures.map(({ failure }) => failure.kind)).toEqual(['input', 'input']);
});

test('what is no client is refused', () => {
  expect(() => new binding.UsageRecordResource({})).toThrow(/ConnectClient/);
});
