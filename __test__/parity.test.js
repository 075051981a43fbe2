'use strict';

/**
 * The published SDK 22.0.3 beside ours: what is sent, to the byte, and what becomes of the answer. Every call of
 * the tables is made with both, on a client that nobody touched and on one with a hook, and must look the same;
 * where it must not, DIFFERENCES says so.
 */

const { inspect } = require('util');

const sinon = require('sinon');

const { adapters } = require('./support/parity-adapters');
const { fetches, nothings, read, redirects, refusals, values } = require('./support/parity-answers');
const { argumentsOf, everyCall, everyMethod } = require('./support/parity-calls');
const { DIFFERENCES } = require('./support/parity-differences');
const { fixed, generateFilters } = require('./support/parity-filters');
const { packages, roads, startParity } = require('./support/parity-harness');
const { stubs } = require('./support/parity-stubs');
const { subclasses } = require('./support/parity-subclasses');

let parity;
beforeAll(async () => {
  parity = await startParity();
});
afterAll(() => parity.close());

/** Makes a call with both packages on both roads, and compares. */
async function compare(call, given = {}) {
  for (const road of Object.keys(roads)) {
    const original = await parity.see('original', call, { ...given, road });
    const ours = await parity.see('ours', call, { ...given, road });
    expect({ road, ...ours }).toStrictEqual({ road, ...original });
  }
}

const methods = everyMethod();
/** The methods by themselves: the inherited ones are the same code everywhere, so one resource shows them. */
const distinct = methods.filter(({ name, inherited }) => !inherited || name.startsWith('accounts.users.'));
const plainly = ({ method, reach }) => {
  const [[, make]] = argumentsOf[method];
  return (client) => make(method)(reach(client));
};

test('the tables know every method of the published SDK, and ours has them all', () => {
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
    test.each(answers)(`${method.name}: %s`, (_, answer) => compare(plainly(method), { answer }));
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
    const { wire } = await parity.see('original', search(filter));
    expect(wire).toHaveLength(1);
    await compare(search(filter));
  });

  test.each([1, 2, 3, 4, 5, 6])('a hundred of seed %i', async (seed) => {
    const next = generateFilters(seed);
    for (let i = 0; i < 100; i += 1) {
      const filter = next();
      const original = await parity.see('original', search(filter));
      const ours = await parity.see('ours', search(filter), { road: Object.keys(roads)[i % 2] });
      expect({ filter, ...ours }).toStrictEqual({ filter, ...original });
      expect(original.wire).toHaveLength(1);
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
      // `see` makes a client of its own, which these do not want; its answer is the usual one.
      const { outcome } = await parity.see(name, () => run({ sdk, url, sandbox, requests }));
      expect(outcome).toEqual({ value: expected });
    } finally {
      sandbox.restore();
    }
  });
});

describe('deliberate differences', () => {
  const short = ({ wire, outcome }) => ({ sent: wire.map(({ method, url }) => `${method} ${url}`), outcome });
  const on = ({ road }) => (road ? [road] : Object.keys(roads));

  test.each(DIFFERENCES)('%s: %s', async (_point, _what, call, given, expected) => {
    for (const road of on(given)) {
      const ours = short(await parity.see('ours', call, { ...given, road }));
      const original = short(await parity.see('original', call, { ...given, road }));
      expect({ road, ...ours }).toMatchObject({ road, ...expected });
      // A point that no longer is one does not belong here.
      expect(original).not.toMatchObject(expected);
    }
  });
});
