'use strict';

const {
  byName,
  everyMethod,
  judging,
  ours,
  outcomeOf,
  recordingClient,
  same,
  sdk,
  show,
} = require('./support/ops');

// The methods of the operation classes, whatever the client's calls resolve to, reject with or lack.

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
