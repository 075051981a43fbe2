'use strict';

const {
  byName,
  classNames,
  everyMethod,
  judging,
  methodsOf,
  ours,
  outcomeOf,
  recordingClient,
  same,
  sdk,
  shown,
  traceOf,
} = require('./support/ops');
const { CALLS } = require('./support/ops-calls');

// The operation classes (Fulfillment, Directory, ...): what they look like, and which calls their methods make.

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

describe('which calls a method makes', () => {
  const rows = Object.entries(CALLS).flatMap(([className, methods]) =>
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
