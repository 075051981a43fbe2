'use strict';

const sdk = require('..');
const { useServer } = require('./support/server');
const { PATHS, hooked } = require('./support/transports');

const { ConnectClient, GenericResource, TierConfigRequestResource } = sdk;

const server = useServer({ json: { id: 'X-1' } });
const make = () => PATHS['the engine'](server.url);
const sent = () => server.requests.map(({ method, url, body }) => `${method} ${url} ${body}`);

/** Every resource that is below another one. */
const CHILDREN = [
  ['accounts', 'users', 'AccountUserResource', '/accounts/X-1/users'],
  ['assets', 'usageAgregates', 'AssetUsageAgregatesResource', '/assets/X-1/usage/aggregates'],
  ['assets', 'usageAggregates', 'AssetUsageAgregatesResource', '/assets/X-1/usage/aggregates'],
  ['products', 'actions', 'ProductActionResource', '/products/X-1/actions'],
  ['products', 'versions', 'ProductVersionResource', '/products/X-1/versions'],
  ['products', 'configurations', 'ProductConfigurationResource', '/products/X-1/configurations'],
  ['products', 'parameters', 'ProductParameterResource', '/products/X-1/parameters'],
  ['products', 'connections', 'ProductConnectionsResource', '/products/X-1/connections'],
  ['products', 'usageRules', 'ProductUsageRulesResource', '/products/X-1/usage/rules'],
  ['conversations', 'messages', 'MessageResource', '/conversations/X-1/messages'],
  ['tierAccounts', 'versions', 'TierAccountVersionResource', '/tier/accounts/X-1/versions'],
  ['cases', 'attachments', 'CaseAttachmentsResource', '/helpdesk/cases/X-1/attachments'],
  ['cases', 'settings', 'CaseSettingsResource', '/helpdesk/cases/X-1/settings'],
  ['usageFiles', 'categories', 'CategoryUsageFileResource', '/usage/files/X-1/categories'],
];

describe.each(CHILDREN)('%s.%s', (property, name, className, path) => {
  test('gives a resource of its own class and path, the same one for the same id', () => {
    const resource = make()[property];
    const child = resource[name]('X-1');
    expect(child.constructor.name).toBe(className);
    expect(child).toBeInstanceOf(GenericResource);
    expect(child.baseUri).toBe(path);
    expect(resource[name]('X-1')).toBe(child);
    expect(resource[name]('X-2')).not.toBe(child);
    expect(resource[name](1)).toBe(resource[name]('1'));
    expect(make()[property][name]('X-1')).not.toBe(child);
    expect(sdk[className]).toBeUndefined();
    expect(Object.keys(resource)).toContain(name);
  });

  test('sends below its object, the id encoded', async () => {
    await make()[property][name]('a/b').get('c d');
    expect(sent()).toEqual([`GET ${path.replace('X-1', 'a%2Fb')}/c%20d `]);
  });

  test.each([undefined, null, '', '.', '..', {}, [], true, Number.NaN])(
    'with the id %p it does not throw; every method of what it gives rejects',
    async (id) => {
      for (const client of [make(), hooked(server.url)]) {
        const child = client[property][name](id);
        const refusal = new RegExp(`^${name}: \`\\w+\` must be`);
        for (const call of ['get', 'create', 'update', 'delete', 'search']) {
          await expect(child[call]('A-1', {})).rejects.toThrow(refusal);
          await expect(child[call]('A-1', {})).rejects.toBeInstanceOf(TypeError);
        }
      }
      expect(sent()).toEqual([]);
    },
  );
});

test('what is assigned to a resource below another one is found there again', async () => {
  const client = make();
  client.products.parameters('PRD-1').search = async () => ['mine'];
  expect(await client.products.parameters('PRD-1').search()).toEqual(['mine']);
  expect(await client.products.parameters('PRD-2').search()).toEqual({ id: 'X-1' });
});

test('a stub on the prototype counts for clients that are made after it', () => {
  const { prototype } = sdk.AccountResource;
  const { users } = prototype;
  const early = make();
  prototype.users = () => 'stub';
  try {
    expect(early.accounts.users('VA-1').baseUri).toBe('/accounts/VA-1/users');
    expect(make().accounts.users('VA-1')).toBe('stub');
  } finally {
    prototype.users = users;
  }
});

test('resources below others go on below', async () => {
  const { actions } = make().products.versions('PRD-1');
  expect(actions(2)).toBe(actions('2'));
  await actions(2).link('A-1', 'AS-1');
  expect(sent()).toEqual(['GET /products/PRD-1/versions/2/actions/A-1/actionLink?asset_id=AS-1 ']);
  await expect(make().products.versions(undefined).actions(2).get(1)).rejects.toThrow(
    'versions: `id` must be',
  );
});

describe.each(Object.entries(PATHS))('over %s', (_, connect) => {
  const client = () => connect(server.url);

  test('schedule and revoke send an object as it is, anything else as in the original', async () => {
    const { requests } = client();
    await requests.schedule('PR-1', { planned_date: '2026-01-01T00:00:00' });
    await requests.schedule('PR-1', '2026-01-01');
    await requests.revoke('PR-1', { reason: 'r' });
    await requests.revoke('PR-1', ['r']);
    await requests.revoke('PR-1');
    await requests.confirm('PR-1');
    expect(sent()).toEqual([
      'POST /requests/PR-1/schedule {"planned_date":"2026-01-01T00:00:00"}',
      'POST /requests/PR-1/schedule {"data":"2026-01-01"}',
      'POST /requests/PR-1/revoke {"reason":"r"}',
      'POST /requests/PR-1/revoke {"data":["r"]}',
      'POST /requests/PR-1/revoke {}',
      'POST /requests/PR-1/confirm ',
    ]);
  });

  test('a changed path is read by all methods', async () => {
    class Elsewhere extends TierConfigRequestResource {
      get baseUri() {
        return '/elsewhere';
      }
    }
    const resource = new Elsewhere(client());
    await resource.fail('TCR-1', 'r');
    const { conversations } = client();
    conversations._baseUri = '/talks';
    await conversations.createMessage('CO-1', 'hello');
    expect(sent()).toEqual([
      'POST /elsewhere/TCR-1/fail {"reason":"r"}',
      'POST /talks/CO-1/messages {"text":"hello"}',
    ]);
  });
});

test('every class of a resource is found at its path and at the root, and is the same', () => {
  const client = make();
  const properties = Object.keys(client)
    .map((key) => key.slice(1))
    .filter((name) => client[name] instanceof GenericResource);
  expect(properties).toHaveLength(21);
  const api = require('../lib/connect/api');
  for (const property of properties) {
    const Class = require(`../lib/connect/api/${property}`);
    expect(require(`../lib/connect/api/${property}.js`)).toBe(Class);
    expect(client[property].constructor).toBe(Class);
    expect(api[Class.name]).toBe(Class);
    expect(sdk[Class.name]).toBe(Class);
    expect(new Class(client).baseUri).toBe(client[property].baseUri);
  }
  expect(Object.keys(api)).toHaveLength(22);
});

test('every other path of the original resolves', () => {
  const { APIError, HttpError, AbstractHttpAdapter, DefaultHttpAdapter } = sdk;
  const expected = {
    '': sdk,
    '/index': sdk,
    '/client': ConnectClient,
    '/api/base': GenericResource,
    '/api/errors': { APIError, HttpError },
    '/http': { AbstractHttpAdapter, DefaultHttpAdapter },
    '/http/adapter': { AbstractHttpAdapter, DefaultHttpAdapter },
  };
  const lib = '../lib/connect';
  for (const [path, value] of Object.entries(expected)) {
    const found = require(`${lib}${path}`);
    if (typeof value === 'function') expect(found).toBe(value);
    else for (const [name, part] of Object.entries(value)) expect(found[name]).toBe(part);
  }
  for (const name of ['Fulfillment', 'Directory', 'Inventory', 'Subscriptions', 'Listings']) {
    expect(require(`${lib}/ops/${name.toLowerCase()}`)).toBe(sdk[name]);
    expect(require(`${lib}/ops`)[name]).toBe(sdk[name]);
  }
  expect(Object.keys(require(`${lib}/rql`))).toEqual(['RQL_EXPRESSIONS', 'filterToQuery', 'rqlToQuery']);
  expect(Object.keys(require(`${lib}/utils`))).toEqual(['isObjectStrict', 'isNilOrEmpty', 'alt']);
  expect(Object.keys(require(`${lib}/api/utils`))).toEqual(['buildUrl']);
});
