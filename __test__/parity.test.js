'use strict';

/**
 * The published SDK 22.0.3 and ours: every call of the tables is made with both, on the fast path and the pipeline, and must
 * send the same bytes and have the same result. The deliberate differences are listed in DIFFERENCES.
 */

const { inspect } = require('util');

const sinon = require('sinon');

const { adapters } = require('./support/parity/adapters');
const { fetches, nothings, read, redirects, refusals, values } = require('./support/parity/answers');
const { argumentsOf, everyCall, everyMethod } = require('./support/parity/calls');
const { DIFFERENCES } = require('./support/parity/differences');
const { fixed, generateFilters } = require('./support/parity/filters');
const { packages, paths, startParity } = require('./support/parity/harness');
const { stubs } = require('./support/parity/stubs');
const { subclasses } = require('./support/parity/subclasses');

let parity;
beforeAll(async () => {
  parity = await startParity();
});
afterAll(() => parity.close());

/** Makes a call with both packages on both paths, and compares. */
async function compare(call, setup = {}) {
  for (const path of Object.keys(paths)) {
    const original = await parity.see('original', call, { ...setup, path });
    const ours = await parity.see('ours', call, { ...setup, path });
    expect({ path, ...ours }).toStrictEqual({ path, ...original });
  }
}

const methods = everyMethod();
/** One resource is enough for the inherited methods: they are the same code everywhere. */
const distinct = methods.filter(({ name, inherited }) => !inherited || name.startsWith('accounts.users.'));
const callOf = ({ method, reach }) => {
  const [[, make]] = argumentsOf[method];
  return (client) => make(method)(reach(client));
};

test('the tables have every method of the published SDK, and so does ours', () => {
  const ours = new packages.ours.ConnectClient('http://127.0.0.1', 'key');
  expect(methods.filter(({ method }) => argumentsOf[method] === undefined)).toEqual([]);
  expect(methods.filter(({ method, reach }) => typeof reach(ours)[method] !== 'function')).toEqual([]);
  expect(methods.length).toBeGreaterThan(26 * 5);
  expect(distinct).toHaveLength(5 + 28);
});

describe('every method, with all kinds of arguments', () => {
  test.each(everyCall())('%s', (_, call) => compare(call));
});

describe('every method, whatever is answered', () => {
  const answersFor = ({ silent }) => ({ ...values, ...refusals, ...(silent ? nothings : {}) });
  for (const method of distinct) {
    const answers = Object.entries(answersFor(method));
    test.each(answers)(`${method.name}: %s`, (_, answer) => compare(callOf(method), { answer }));
  }
});

describe('redirects', () => {
  const calls = {
    get: (client) => client.assets.get('AS-1'),
    search: (client) => client.assets.search({ a: 'b' }),
    delete: (client) => client.assets.delete('AS-1'),
    'a PUT without a body': (client) => client.requests.update('PR-1'),
  };
  // A redirect that makes a GET of a POST is a deliberate difference (E15).
  const keeping = Object.entries(redirects).filter(([what]) => !/^30[12]/.test(what));
  test.each(keeping)('a POST without a body: %s', (_, answer) =>
    compare((client) => client.requests.pending('PR-1'), { answer }),
  );
  for (const [name, call] of Object.entries(calls)) {
    test.each(Object.entries(redirects))(`${name}: %s`, (_, answer) => compare(call, { answer }));
  }
  const again = Object.entries(redirects).filter(([what]) => /^30[78]/.test(what));
  test.each(again)('a body is sent again: %s', (_, answer) =>
    compare((client) => client.requests.approve('PR-1', { a: 'é' }), { answer }),
  );
});

describe('client.fetch', () => {
  test.each(fetches)('%s', (_, makeOptions, path = '/requests') =>
    compare((client) => read(client.fetch(path, makeOptions()), parity.url), {
      answer: { json: [1], headers: { 'X-One': 'a, b' } },
    }),
  );

  const answers = Object.entries({ ...values, ...nothings, ...refusals, ...redirects });
  test.each(answers)('the answer %s', (_, answer) =>
    compare((client) => read(client.fetch('/requests', { method: 'PUT' }), parity.url), { answer }),
  );

  test.each([
    ['/v1', '/x'],
    ['/public/v1', '/x?y=z'],
    ['/%7Ev1', ''],
  ])('with the endpoint’s path %s', (base, path) =>
    compare((client) => read(client.fetch(path), parity.url), {
      make: (sdk, url) => new sdk.ConnectClient(`${url}${base}`, 'ApiKey k'),
    }),
  );
});

describe('filters that mean the same in both', () => {
  const search = (filter) => (client) => client.assets.search(filter);

  test.each(fixed.map((filter) => [filter]))('%p', async (filter) => {
    const { sent } = await parity.see('original', search(filter));
    expect(sent).toHaveLength(1);
    await compare(search(filter));
  });

  test.each([1, 2, 3, 4, 5, 6])('a hundred of seed %i', async (seed) => {
    const next = generateFilters(seed);
    for (let i = 0; i < 100; i += 1) {
      const filter = next();
      const original = await parity.see('original', search(filter));
      const ours = await parity.see('ours', search(filter), { path: Object.keys(paths)[i % 2] });
      expect({ filter, ...ours }).toStrictEqual({ filter, ...original });
      expect(original.sent).toHaveLength(1);
    }
  });
});

describe('what reaches a stub of GenericResource.prototype.fetch', () => {
  let sandbox;
  beforeEach(() => {
    sandbox = sinon.createSandbox();
  });
  afterEach(() => sandbox.restore());

  test.each(everyCall())('%s', async (_, call) => {
    const seen = {};
    for (const [name, sdk] of Object.entries(packages)) {
      const stub = sandbox.stub(sdk.GenericResource.prototype, 'fetch').returns({ json: () => 'stub' });
      const value = await call(new sdk.ConnectClient(undefined, undefined, null));
      // As text: functions and symbols are made anew for each call.
      seen[name] = inspect({ value, args: stub.args }, { depth: 9 });
      expect(stub.callCount).toBe(1);
    }
    expect(seen.ours).toBe(seen.original);
  });
});

describe.each(Object.entries(packages))('stubs, adapters and hooks with %s', (name, sdk) => {
  test.each([...stubs, ...adapters, ...subclasses])('%s', async (_, run, expected) => {
    const sandbox = sinon.createSandbox();
    const { url, requests } = parity;
    try {
      // The client that `see` makes is not used.
      const { outcome } = await parity.see(name, () => run({ sdk, url, sandbox, requests }));
      expect(outcome).toEqual({ value: expected });
    } finally {
      sandbox.restore();
    }
  });
});

describe('deliberate differences', () => {
  const short = ({ sent, outcome }) => ({ sent: sent.map(({ method, url }) => `${method} ${url}`), outcome });
  const pathsOf = ({ path }) => (path ? [path] : Object.keys(paths));

  test.each(DIFFERENCES)('%s: %s', async (_point, _what, call, setup, expected) => {
    for (const path of pathsOf(setup)) {
      const ours = short(await parity.see('ours', call, { ...setup, path }));
      const original = short(await parity.see('original', call, { ...setup, path }));
      expect({ path, ...ours }).toMatchObject({ path, ...expected });
      // Without a difference, the case does not belong here.
      expect(original).not.toMatchObject(expected);
    }
  });
});
