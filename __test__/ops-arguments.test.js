'use strict';

const { everyMethod, ours, same, sdk, shown } = require('./support/ops');

// The methods of the operation classes, with absent and empty arguments.

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
