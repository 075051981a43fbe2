'use strict';

/** Tests of consumers stub methods, resources, adapters and hooks: every stub takes effect. */

const { ConnectClient, DefaultHttpAdapter, GenericResource, UsageRecordResource } = require('..');
const { useServer } = require('./support/server');
const { KEY } = require('./support/transports');

const server = useServer({ json: { id: 1 } });
const make = () => new ConnectClient(server.url, KEY);
const small = () => ({ ok: true, status: 200, json: async () => ({ id: 'small' }) });

afterEach(() => jest.restoreAllMocks());

test('a stub of GenericResource.prototype.fetch is what search and close call', async () => {
  const stub = jest
    .spyOn(GenericResource.prototype, 'fetch')
    .mockImplementation(async () => ({ json: () => ['stub'] }));
  expect(await make().usageRecords.search({ status: 'approved' })).toEqual(['stub']);
  expect(stub.mock.calls).toEqual([['/usage/records?status=approved']]);
  expect(await make().usageRecords.close('UR-1', 'INV-7')).toEqual(['stub']);
  expect(stub.mock.calls[1]).toStrictEqual([
    '/usage/records/UR-1/close',
    { method: 'POST', body: { external_billing_id: 'INV-7', external_billing_note: undefined } },
  ]);
});

test('a stub of a method is called, on the prototype and on the instance', async () => {
  jest.spyOn(UsageRecordResource.prototype, 'close').mockResolvedValue('prototype');
  const client = make();
  expect(await client.usageRecords.close('UR-1')).toBe('prototype');
  client.usageRecords.close = async () => 'instance';
  expect(await client.usageRecords.close('UR-1')).toBe('instance');
});

test('a stub of client.fetch is called, on the prototype and on the instance', async () => {
  jest.spyOn(ConnectClient.prototype, 'fetch').mockImplementation(async () => small());
  expect(await make().usageRecords.get(1)).toEqual({ id: 'small' });
  const client = make();
  client.fetch = small;
  expect(await client.usageRecords.get(1)).toEqual({ id: 'small' });
});

test('a change to any member of the adapter takes effect', async () => {
  const changes = [
    (adapter) => {
      adapter._fetch = async () => small();
    },
    (adapter) => {
      adapter.fetch = async () => small();
    },
    (adapter) => {
      adapter.parseResponse = () => small();
    },
    (adapter) => {
      adapter.prepareRequest = (url, options) => ({ url: `${url}?changed`, options });
    },
    (adapter) => {
      adapter.beforeRequest = [(url, options) => ({ url: `${server.url}${url}?changed`, options })];
    },
    (adapter) => adapter.beforeRequest.push((url, options) => ({ url: `${url}?changed`, options })),
    (adapter) => {
      adapter.beforeRequest[1] = (url, options) => ({ url: `${url}?changed`, options });
    },
    (adapter) => adapter.afterResponse.push(() => small()),
  ];
  for (const change of changes) {
    server.requests.splice(0);
    const client = make();
    change(client._adapter);
    const value = await client.usageRecords.get(1);
    const hadEffect = value.id === 'small' || server.requests[0].url.endsWith('?changed');
    expect([String(change), hadEffect]).toEqual([String(change), true]);
  }
  jest.spyOn(DefaultHttpAdapter.prototype, 'parseResponse').mockImplementation(() => small());
  expect(await make().usageRecords.get(1)).toEqual({ id: 'small' });
});

test('a stub of the client’s own hooks is called', async () => {
  const client = make();
  client.addEndpointPrefix = (endpoint, url, options) => ({ url: `${endpoint}/prefixed${url}`, options });
  await client.usageRecords.get(1);
  expect(server.requests[0].url).toBe('/prefixed/usage/records/1');
  client.addAuthorizationHeader = (_, url, options) => ({
    url,
    options: { ...options, headers: { Authorization: 'other' } },
  });
  await client.usageRecords.get(1);
  expect(server.requests[1].headers.authorization).toBe('other');
});

test('a resource may have a stub in place of its client', async () => {
  const seen = [];
  const records = new UsageRecordResource({ fetch: async (...given) => seen.push(given) && small() });
  expect(await records.close('UR-1', 'INV-7')).toEqual({ id: 'small' });
  expect(seen[0][0]).toBe('/usage/records/UR-1/close');
});
