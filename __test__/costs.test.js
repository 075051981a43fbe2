'use strict';

const { complaint, count, paths, readBudget } = require('../bench/costs');

// What the core costs, in instructions, against the budget. CONNECT_VALGRIND is the path of valgrind, set by .ci/run.
const isCounted = Boolean(process.env.CONNECT_VALGRIND) && process.arch === 'x64';
if (!isCounted)
  test.skip('the costs: CONNECT_VALGRIND is not set, or this is no x64 (see .ci/run)', () => undefined);

const budget = readBudget();

test('there is a budget for each path, and for nothing else', () => {
  expect(Object.keys(budget)).toEqual(paths);
});

test.each([
  [100, undefined],
  [104, undefined],
  [106, expect.stringContaining('106')],
  [91, undefined],
  [89, expect.stringContaining('lower')],
  [undefined, expect.stringContaining('undefined')],
])('a count of %p against a budget of 100', (counted, says) => {
  expect(complaint(counted, 100)).toEqual(says);
});

(isCounted ? describe : describe.skip)('the core', () => {
  let counts;
  beforeAll(async () => {
    counts = await count();
  }, 900_000);

  test.each(paths)('%s keeps to its budget', (name) => {
    expect(complaint(counts[name], budget[name])).toBeUndefined();
  });
});
