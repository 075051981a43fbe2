'use strict';

const { inspect } = require('util');
const sdk = require('sdk22');
const ours = require('../lib/connect/ops');

// The published SDK is the reference: every call is made of its class and of ours, with the same recording
// client, and what they call, answer and refuse with has to be the same.

const classNames = ['Fulfillment', 'Directory', 'Inventory', 'Subscriptions', 'Listings'];
const methodsOf = (Class) =>
  Object.getOwnPropertyNames(Class.prototype).filter((name) => name !== 'constructor');
const everyMethod = classNames.flatMap((name) => methodsOf(sdk[name]).map((method) => [name, method]));

/** The methods of a client's resource that give another resource instead of a promise. */
const children = new Set(['actions', 'connections', 'parameters', 'versions']);

const show = (value) => inspect(value, { depth: 9, breakLength: Infinity, compact: true });
const shown = (values) => values.map(show).join(', ');

/** Answers each call with an object that names the call. */
const byName = (call) => Promise.resolve({ answerTo: call });

/**
 * A client that has every resource and every method, and writes down what is called: `products.get('PRD-1')`.
 * A line `settled` follows when the answer is there, so that calls at the same time look different.
 */
function recordingClient(log, answer) {
  const resource = (path) =>
    new Proxy(
      {},
      {
        get(_target, name, receiver) {
          return function called(...args) {
            const call = `${path}.${String(name)}(${shown(args)})`;
            log.push(this === receiver ? call : `detached ${call}`);
            if (children.has(name)) return resource(call);
            const answered = answer(`${path}.${String(name)}`);
            if (answered instanceof Promise) {
              const settled = () => log.push('settled');
              answered.then(settled, settled);
            }
            return answered;
          };
        },
      },
    );
  return new Proxy({}, { get: (_target, name) => resource(String(name)) });
}

/** How a call ends: what it resolves to, or the class and message of what it rejects with or throws. */
async function outcomeOf(call) {
  const describeError = (error) => ({ name: error.constructor.name, message: error.message });
  let promise;
  try {
    promise = call();
  } catch (error) {
    return { threw: describeError(error) };
  }
  if (!(promise instanceof Promise)) return { returned: promise };
  try {
    return { resolved: await promise };
  } catch (error) {
    return { rejected: describeError(error) };
  }
}

/** Calls a method, and tells what it called, what it read from `this`, and how it ended. */
async function traceOf(library, className, method, args, answer = byName) {
  const calls = [];
  const read = [];
  const target = new library[className](recordingClient(calls, answer));
  const self = new Proxy(target, {
    get(object, name, receiver) {
      read.push(String(name));
      return Reflect.get(object, name, receiver);
    },
  });
  const outcome = await outcomeOf(() => self[method](...args));
  return { calls, read, outcome };
}

/** Compares the two libraries, and gives what both did. */
async function same(className, method, args, answer) {
  const [expected, actual] = await Promise.all(
    [sdk, ours].map((library) => traceOf(library, className, method, args, answer)),
  );
  // As text too: it tells absent from undefined, and the order of keys, which ends up in a request.
  expect(show(actual)).toBe(show(expected));
  expect(actual).toEqual(expected);
  return actual;
}

describe('what the classes look like', () => {
  const flags = (object, name) => {
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(object, name);
    const kind = Object.prototype.toString.call(value);
    return { name, kind, length: value.length, called: value.name, writable, enumerable, configurable };
  };

  test('index.js exports the five in the order of the original', () => {
    expect(Object.keys(ours)).toEqual(Object.keys(sdk).filter((name) => classNames.includes(name)));
    expect(Object.keys(ours)).toEqual(classNames);
  });

  test('the numbers of methods are known', () => {
    expect(classNames.map((name) => methodsOf(ours[name]).length)).toEqual([23, 11, 6, 6, 8]);
  });

  describe.each(classNames)('%s', (className) => {
    const shapeOf = (Class) => ({
      name: Class.name,
      length: Class.length,
      statics: Object.getOwnPropertyNames(Class),
      base: Object.getPrototypeOf(Class.prototype) === Object.prototype,
      symbols: Object.getOwnPropertySymbols(Class.prototype),
      members: Object.getOwnPropertyNames(Class.prototype).map((name) => flags(Class.prototype, name)),
    });

    test('has the same methods in the same order, with the same lengths and descriptors', () => {
      const shape = shapeOf(ours[className]);
      expect(shape).toEqual(shapeOf(sdk[className]));
      expect(shape.members.length).toBeGreaterThan(6);
    });

    test('has one own property, the client that it was given', () => {
      const client = {};
      const own = (library) => Object.getOwnPropertyDescriptors(new library[className](client));
      expect(own(ours)).toEqual(own(sdk));
      expect(own(ours)._client).toEqual({
        value: client,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      expect(new ours[className](client)._client).toBe(client);
    });

    test('has to be called with new', async () => {
      const refusal = await outcomeOf(() => ours[className]({}));
      expect(refusal).toEqual(await outcomeOf(() => sdk[className]({})));
      expect(refusal.threw.name).toBe('TypeError');
    });
  });
});

// Which calls a method makes of 'a', 'b', 'c'...: one letter more than it takes, which must not turn up.
const composed = {
  Fulfillment: {
    searchRequests: ["requests.search('a')"],
    failRequest: ["requests.fail('a', 'b')"],
    updateRequest: ["requests.update('a', 'b')"],
    createRequest: ["requests.create('a')"],
    updateRequestParameters: ["requests.update('a', { asset: { params: 'b' }, note: 'c' })"],
    inquireRequest: [
      "requests.update('a', { asset: { params: 'c' }, note: 'd' })",
      "requests.inquire('a', 'b')",
    ],
    inquireRequestWithTemplate: [
      "requests.update('a', { asset: { params: 'c' }, note: 'd' })",
      "requests.inquire('a', { template_id: 'b' })",
    ],
    approveRequest: ["requests.approve('a', 'b')"],
    approveRequestWithTemplate: ["requests.approve('a', { template_id: 'b' })"],
    pendingRequest: ["requests.pending('a')"],
    getRequest: ["requests.get('a')"],
    searchTierConfigRequests: ["tierConfigRequests.search('a')"],
    failTierConfigRequest: ["tierConfigRequests.fail('a', 'b')"],
    approveTierConfigRequest: ["tierConfigRequests.approve('a', 'b')"],
    approveTierConfigRequestWithTemplate: ["tierConfigRequests.approve('a', { template: { id: 'b' } })"],
    updateTierConfigRequest: ["tierConfigRequests.update('a', 'b')"],
    updateTierConfigRequestParameters: ["tierConfigRequests.update('a', { params: 'b', notes: 'c' })"],
    createTierConfigRequest: ["tierConfigRequests.create('a')"],
    createUpdateTierConfigRequest: ["tierConfigRequests.create({ configuration: { id: 'a' }, params: 'b' })"],
    inquireTierConfigRequest: [
      "tierConfigRequests.update('a', { params: 'b', notes: 'c' })",
      "tierConfigRequests.inquire('a')",
    ],
    pendingTierConfigRequest: ["tierConfigRequests.pending('a')"],
    getTierConfigRequest: ["tierConfigRequests.get('a')"],
    getConnectionIdByProductAndHub: [
      "products.connections('a')",
      "products.connections('a').search({ 'hub.id': 'b' })",
    ],
  },
  Directory: {
    searchAssets: ["assets.search('a')"],
    searchTierConfigurations: ["tierConfigs.search('a')"],
    searchTierAccounts: ["tierAccounts.search('a')"],
    getTierAccount: ["tierAccounts.get('a')"],
    getAssetsByProductIdExternalId: ["assets.search({ external_id: 'b', 'product.id': 'a' })"],
    createTierAccountRequest: ["tierAccountRequests.create('a')"],
    searchTierAccountRequests: ["tierAccountRequests.search('a')"],
    getTierAccountRequest: ["tierAccountRequests.get('a')"],
    acceptTierAccountRequest: ["tierAccountRequests.accept('a')"],
    ignoreTierAccountRequest: ["tierAccountRequests.ignore('a', 'b')"],
    getTierAccountVersion: ["tierAccounts.versions('a')", "tierAccounts.versions('a').get('b')"],
  },
  Inventory: {
    getParametersByProduct: ["products.parameters('a')", "products.parameters('a').search()"],
    getAssetParametersForFulfillmentByProduct: [
      "products.parameters('a')",
      "products.parameters('a').search({ scope: 'asset', phase: 'fulfillment' })",
    ],
    getProductTemplates: ["products.getTemplates('a')"],
    getProductAssetTemplates: ["products.getTemplates('a')"],
    getProductActionLink: ["products.actions('a')", "products.actions('a').link('b', 'c')"],
    searchProductParameters: ["products.parameters('a')", "products.parameters('a').search('b')"],
  },
  Subscriptions: {
    searchBillingRequests: ["billingRequests.search('a')"],
    createBillingRequest: ["billingRequests.create('a')"],
    getBillingRequest: ["billingRequests.get('a')"],
    updateBillingRequestAttributes: ["billingRequests.updateAttributes('a', 'b')"],
    searchRecurringAssets: ["recurringAssets.search('a')"],
    getRecurringAsset: ["recurringAssets.get('a')"],
  },
  Listings: {
    searchListingRequests: ["listingRequests.search('a')"],
    createListingRequest: ["listingRequests.create('a')"],
    getListingRequest: ["listingRequests.get('a')"],
    submitListingRequest: ["listingRequests.submit('a')"],
    cancelListingRequest: ["listingRequests.cancel('a')"],
    refineListingRequest: ["listingRequests.refine('a')"],
    completeListingRequest: ["listingRequests.complete('a')"],
    deployListingRequest: ["listingRequests.deploy('a')"],
  },
};

/** The methods that make something of the answer; all others pass it on. */
const judging = ['getConnectionIdByProductAndHub', 'getProductAssetTemplates'];

describe('which calls a method makes', () => {
  const rows = Object.entries(composed).flatMap(([className, methods]) =>
    Object.entries(methods).map(([method, calls]) => [className, method, calls]),
  );

  test('the table has every method', () => {
    expect(rows.map(([className, method]) => [className, method])).toEqual(everyMethod);
  });

  test.each(rows)('%s.%s calls %j', async (className, method, expected) => {
    const args = ['a', 'b', 'c', 'd', 'e'].slice(0, sdk[className].prototype[method].length + 1);
    const { calls, outcome } = await same(className, method, args);
    expect(calls.filter((line) => line !== 'settled')).toEqual(expected);
    // The last call's answer is the method's, and no call is made before the one ahead of it has settled.
    const last = calls.filter((line) => line !== 'settled').pop();
    expect(calls.indexOf(last)).toBe(calls.length - 2);
    if (!judging.includes(method)) {
      expect(outcome).toEqual({ resolved: { answerTo: last.slice(0, last.lastIndexOf('(')) } });
    }
  });

  const assetNotes = ['note', (text) => `requests.update('a', { asset: { params: 'c' }${text} })`];
  const tierNotes = ['notes', (text) => `tierConfigRequests.update('a', { params: 'c'${text} })`];
  const noting = [
    ['updateRequestParameters', ['a', 'c'], assetNotes],
    ['inquireRequest', ['a', 'b', 'c'], assetNotes],
    ['inquireRequestWithTemplate', ['a', 'b', 'c'], assetNotes],
    ['updateTierConfigRequestParameters', ['a', 'c'], tierNotes],
    ['inquireTierConfigRequest', ['a', 'c'], tierNotes],
  ];

  describe.each(noting)('%s leaves out the note only if it is undefined', (method, args, [key, update]) => {
    test.each([
      ['absent', [], ''],
      ['undefined', [undefined], ''],
      ['null', [null], `, ${key}: null`],
      ['empty', [''], `, ${key}: ''`],
      ['false', [false], `, ${key}: false`],
      ['given', ['note'], `, ${key}: 'note'`],
    ])('%s', async (_text, note, expected) => {
      const { calls } = await same('Fulfillment', method, [...args, ...note]);
      expect(calls[0]).toBe(update(expected));
    });
  });
});

describe('arguments that are absent or empty', () => {
  const empties = [undefined, null, '', 0, false, [], {}];
  const full = ['a', { b: 'b' }, [{ id: 'c' }], 'd'];

  const cases = everyMethod.flatMap(([className, method]) => {
    const { length } = sdk[className].prototype[method];
    const given = full.slice(0, length);
    const lists = [given];
    for (let count = 0; count < length; count += 1) lists.push(given.slice(0, count));
    for (let i = 0; i < length; i += 1) {
      for (const empty of empties) lists.push([...given.slice(0, i), empty, ...given.slice(i + 1)]);
    }
    for (const empty of empties) lists.push(given.map(() => empty));
    return lists.map((args) => [className, method, shown(args), args]);
  });

  test.each(cases)('%s.%s(%s)', async (className, method, _text, args) => {
    const { calls, outcome } = await same(className, method, args);
    expect(calls.filter((line) => line !== 'settled')).not.toEqual([]);
    expect(outcome).not.toHaveProperty('threw');
  });

  test('objects are passed on as they are, not copied', async () => {
    for (const { Fulfillment } of [sdk, ours]) {
      const requests = { update: jest.fn(), inquire: jest.fn() };
      const [body, params] = [{ a: 1 }, [{ id: 'p' }]];
      await new Fulfillment({ requests }).inquireRequest('PR-1', body, params);
      expect(requests.update.mock.calls[0][1].asset.params).toBe(params);
      expect(requests.inquire.mock.calls[0][1]).toBe(body);
    }
  });
});

describe('what a call answers', () => {
  const refusal = new RangeError('refused');
  const answers = [
    ['undefined', () => Promise.resolve(undefined)],
    ['null', () => Promise.resolve(null)],
    ['an empty text', () => Promise.resolve('')],
    ['a text', () => Promise.resolve('x')],
    ['an empty list', () => Promise.resolve([])],
    ['a list of one', () => Promise.resolve([{ id: 'X-1', scope: 'asset' }])],
    [
      'a list of two',
      () =>
        Promise.resolve([
          { id: 'X-1', scope: 'tier1' },
          { id: 'X-2', scope: 'asset' },
        ]),
    ],
    ['an object', () => Promise.resolve({ id: 'X-1', asset: { id: 'AS-1', params: [{ id: 'p' }] } })],
    ['a value instead of a promise', () => [{ id: 'X-1', scope: 'asset' }]],
    // biome-ignore lint/suspicious/noThenProperty: being a thenable is the case.
    ['a thenable', () => ({ then: (resolve) => resolve([{ id: 'X-1', scope: 'asset' }]) })],
    ['a rejection', () => Promise.reject(refusal)],
    [
      'an exception',
      () => {
        throw refusal;
      },
    ],
  ];
  const cases = everyMethod.flatMap(([className, method]) =>
    answers.map(([text, answer]) => [className, method, text, answer]),
  );

  test.each(cases)('%s.%s, with %s', async (className, method, text, answer) => {
    const { calls, outcome } = await same(className, method, ['a', 'b', 'c', 'd'], answer);
    expect(calls.length).toBeGreaterThan(0);
    if (text === 'a rejection' || text === 'an exception') {
      expect(outcome).toEqual({ rejected: { name: 'RangeError', message: 'refused' } });
    } else if (!judging.includes(method)) {
      expect(outcome).toEqual({ resolved: await answer() });
    }
  });

  test.each(everyMethod.filter(([, method]) => !judging.includes(method)))(
    '%s.%s gives the very object, and the very error',
    async (className, method) => {
      const value = [{ id: 'X-1' }];
      for (const library of [sdk, ours]) {
        const resolving = new library[className](recordingClient([], () => Promise.resolve(value)));
        expect(await resolving[method]('a', 'b', 'c', 'd')).toBe(value);
        const rejecting = new library[className](recordingClient([], () => Promise.reject(refusal)));
        await expect(rejecting[method]('a', 'b', 'c', 'd')).rejects.toBe(refusal);
      }
    },
  );

  test.each([
    ['inquireRequest', ['a', 'b', []], "requests.update('a', { asset: { params: [] } })"],
    ['inquireRequestWithTemplate', ['a', 'b', []], "requests.update('a', { asset: { params: [] } })"],
    ['inquireTierConfigRequest', ['a', []], "tierConfigRequests.update('a', { params: [] })"],
  ])('%s does not inquire if the update fails', async (method, args, update) => {
    const { calls } = await same('Fulfillment', method, args, () => Promise.reject(refusal));
    expect(calls).toEqual([update, 'settled']);
  });

  test.each([
    ['inquireRequest', ['a', 'b', []], 'requests.inquire'],
    ['inquireRequestWithTemplate', ['a', 'b', []], 'requests.inquire'],
    ['inquireTierConfigRequest', ['a', []], 'tierConfigRequests.inquire'],
  ])('%s fails with the inquiry, the update done', async (method, args, inquiry) => {
    const answer = (call) => (call === inquiry ? Promise.reject(refusal) : byName(call));
    const { calls, outcome } = await same('Fulfillment', method, args, answer);
    expect(calls.filter((line) => line === 'settled')).toHaveLength(2);
    expect(outcome).toEqual({ rejected: { name: 'RangeError', message: 'refused' } });
  });
});

describe('what is made of an answer', () => {
  const connection = (id) => ({ id, hub: { id: 'HB-1' } });

  test.each([
    ['no match', [], null],
    ['one match', [connection('CT-1')], 'CT-1'],
    ['two matches', [connection('CT-1'), connection('CT-2')], null],
    ['three matches', [1, 2, 3].map(connection), null],
    ['one without an id', [{}], undefined],
    ['one whose id is 0', [{ id: 0 }], 0],
    ['one whose id is null', [{ id: null }], null],
    ['one whose id is empty', [{ id: '' }], ''],
    ['an object', { id: 'CT-1' }, null],
    ['an object like a list of one', { length: 1, 0: { id: 'CT-1' } }, 'CT-1'],
    ['an object whose length is a text', { length: '1', 0: { id: 'CT-1' } }, null],
    ['a text of one letter', 'x', undefined],
    ['an empty text', '', null],
    ['a number', 1, null],
    ['false', false, null],
  ])('getConnectionIdByProductAndHub, with %s', async (_text, found, expected) => {
    const answer = () => Promise.resolve(found);
    const { outcome } = await same('Fulfillment', 'getConnectionIdByProductAndHub', ['a', 'b'], answer);
    expect(outcome).toEqual({ resolved: expected });
  });

  const asset = { id: 'TL-1', scope: 'asset' };
  const tier = { id: 'TL-2', scope: 'tier1' };
  const selfFiltering = { filter: (keep) => [asset, tier, {}].map((one) => keep(one)) };

  test.each([
    ['no template', [], []],
    ['one for assets', [asset], [asset]],
    ['one for a tier', [tier], []],
    ['several', [tier, asset, {}, { ...asset, id: 'TL-3' }], [asset, { ...asset, id: 'TL-3' }]],
    ['another case', [{ scope: 'Asset' }, { scope: 'assets' }], []],
    ['a scope that only looks alike', [{ scope: ['asset'] }, { scope: new String('asset') }], []],
    ['an inherited scope', [Object.create(asset)], [{}]],
    ['values', [1, 'asset', true, ['asset']], []],
    ['a list with a filter of its own', Object.assign([asset, tier], { filter: () => 'own' }), [asset]],
    ['an object', { a: asset, b: tier }, { a: asset }],
    ['one template instead of a list', asset, {}],
    ['an object with a filter that is no function', { filter: 3, a: asset }, { a: asset }],
    ['what filters itself', selfFiltering, [true, false, false]],
    ['a text', 'asset', []],
    ['a number', 5, []],
    ['a map', new Map([[1, asset]]), []],
    ['a set', new Set([asset]), []],
  ])('getProductAssetTemplates, with %s', async (_text, templates, expected) => {
    const answer = () => Promise.resolve(templates);
    const { outcome } = await same('Inventory', 'getProductAssetTemplates', ['a'], answer);
    expect(outcome).toEqual({ resolved: expected });
  });

  test.each([
    ['Fulfillment', 'getConnectionIdByProductAndHub', 'no list', undefined],
    ['Fulfillment', 'getConnectionIdByProductAndHub', 'null', null],
    ['Fulfillment', 'getConnectionIdByProductAndHub', 'a list of null', [null]],
    ['Fulfillment', 'getConnectionIdByProductAndHub', 'a list of undefined', [undefined]],
    ['Inventory', 'getProductAssetTemplates', 'no list', undefined],
    ['Inventory', 'getProductAssetTemplates', 'null', null],
    ['Inventory', 'getProductAssetTemplates', 'a list of null', [null]],
    ['Inventory', 'getProductAssetTemplates', 'a list of undefined', [undefined]],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the case.
    ['Inventory', 'getProductAssetTemplates', 'a list with a hole', [asset, , asset]],
    ['Inventory', 'getProductAssetTemplates', 'an object of null', { a: null }],
  ])('%s.%s rejects, with %s', async (className, method, _text, value) => {
    const { outcome } = await same(className, method, ['a', 'b'], () => Promise.resolve(value));
    expect(outcome.rejected.name).toBe('TypeError');
  });

  test('getProductAssetTemplates gives a new list of the very templates', async () => {
    for (const { Inventory } of [sdk, ours]) {
      const templates = [asset];
      const kept = await new Inventory({
        products: { getTemplates: () => templates },
      }).getProductAssetTemplates();
      expect(kept).not.toBe(templates);
      expect(kept[0]).toBe(asset);
    }
  });
});

describe('a client that lacks something', () => {
  const nothing = { get: () => undefined };
  const always = (value) => new Proxy({}, { get: () => value });
  const clients = [
    ['is missing', undefined],
    ['is null', null],
    ['has no resource', always(undefined)],
    ['has resources without methods', always(new Proxy({}, nothing))],
    ['has resources whose methods are no functions', always(always('text'))],
    ['has methods that give nothing', always(always(() => undefined))],
    ['has methods that give an empty object', always(always(() => ({})))],
  ];
  const cases = everyMethod.flatMap(([className, method]) =>
    clients.map(([text, client]) => [className, method, text, client]),
  );

  test.each(cases)('%s.%s, if the client %s', async (className, method, text, client) => {
    const outcome = (library) => outcomeOf(() => new library[className](client)[method]('a', 'b', 'c', 'd'));
    const actual = await outcome(ours);
    expect(show(actual)).toBe(show(await outcome(sdk)));
    if (!text.includes('that give')) expect(actual.rejected.name).toBe('TypeError');
  });

  test.each(everyMethod)('%s.%s rejects without its object', async (className, method) => {
    const outcome = (library) =>
      outcomeOf(() => library[className].prototype[method].call(undefined, 'a', 'b'));
    const actual = await outcome(ours);
    expect(actual).toEqual(await outcome(sdk));
    expect(actual.rejected.name).toBe('TypeError');
  });
});

describe('methods that use each other', () => {
  const pairs = [
    ['Fulfillment', 'updateRequestParameters', ['a', 'b', 'c'], 'updateRequest'],
    ['Fulfillment', 'inquireRequest', ['a', 'b', 'c', 'd'], 'updateRequestParameters'],
    ['Fulfillment', 'inquireRequestWithTemplate', ['a', 'b', 'c', 'd'], 'inquireRequest'],
    ['Fulfillment', 'approveRequestWithTemplate', ['a', 'b'], 'approveRequest'],
    ['Fulfillment', 'approveTierConfigRequestWithTemplate', ['a', 'b'], 'approveTierConfigRequest'],
    ['Fulfillment', 'updateTierConfigRequestParameters', ['a', 'b', 'c'], 'updateTierConfigRequest'],
    ['Fulfillment', 'createUpdateTierConfigRequest', ['a', 'b'], 'createTierConfigRequest'],
    ['Fulfillment', 'inquireTierConfigRequest', ['a', 'b', 'c'], 'updateTierConfigRequestParameters'],
    ['Inventory', 'getProductAssetTemplates', ['a'], 'getProductTemplates'],
  ];
  const answer = [{ id: 'X-1', scope: 'asset' }];
  const ways = [
    ['instance', (Class) => Object.assign(Object.create(Class.prototype), { _client: undefined })],
    ['prototype', (Class) => Class.prototype],
    ['subclass', (Class) => class extends Class {}.prototype],
  ];
  const cases = pairs.flatMap((pair) => ways.map(([way, target]) => [way, ...pair, target]));

  test('the table has every method that uses another', async () => {
    const using = [];
    for (const [className, method] of everyMethod) {
      const { read } = await traceOf(sdk, className, method, ['a', 'b', 'c', 'd']);
      if (read.length > 2 && read[1] !== '_client') using.push([className, method, read[1]]);
    }
    expect(using).toEqual(pairs.map(([className, method, , used]) => [className, method, used]));
  });

  test.each(cases)(
    'replaced on the %s: %s.%s%j uses %s',
    async (_way, className, method, args, used, targetOf) => {
      const results = [];
      for (const library of [sdk, ours]) {
        const calls = [];
        const target = targetOf(library[className]);
        const original = Object.getOwnPropertyDescriptor(target, used);
        target[used] = async (...given) => {
          calls.push(`${used}(${shown(given)})`);
          return answer;
        };
        try {
          const self = Object.create(target);
          self._client = recordingClient(calls, byName);
          results.push({ calls, outcome: await outcomeOf(() => self[method](...args)) });
        } finally {
          if (original) Object.defineProperty(target, used, original);
        }
      }
      const [expected, actual] = results;
      expect(actual).toEqual(expected);
      expect(actual.calls[0].startsWith(`${used}(`)).toBe(true);
      expect(actual.calls.slice(1).every((line) => line === 'settled' || line.includes('.inquire('))).toBe(
        true,
      );
    },
  );
});

describe('the client is read at call time', () => {
  test.each(everyMethod)('%s.%s uses the client that is set now', async (className, method) => {
    for (const library of [sdk, ours]) {
      const [before, after] = [[], []];
      const list = () => Promise.resolve([{ id: 'X-1', scope: 'asset' }]);
      const self = new library[className](recordingClient(before, list));
      self._client = recordingClient(after, list);
      await self[method]('a', 'b', 'c', 'd');
      expect(before).toEqual([]);
      expect(after.length).toBeGreaterThan(1);
    }
  });
});
