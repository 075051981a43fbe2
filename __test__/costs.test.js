'use strict';

const { sumOf } = require('../bench/callgrind');
const { complaint, count, paths, readBudget } = require('../bench/costs');

// What the core and the addon cost, in instructions, against the budget. CONNECT_VALGRIND is the path of valgrind, set by
// .ci/run.
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

test('of a profile, the lines of one object file count, without those of what it calls', () => {
  const profile = `version: 1
positions: line
events: Ir

ob=/usr/bin/node
fl=???
fn=main
0 1000
cob=/a/addon.node
cfi=???
cfn=send
calls=3 0
0 230

ob=/a/addon.node
fl=???
fn=send
0 7
12 20
cob=/usr/lib/libc.so.6
cfi=???
cfn=memcpy
calls=3 0
0 400
0 3

ob=/a/addon.node.old
fl=???
fn=send
0 5000

ob=/a/addon.node
fl=???
fn=receive
0 200

totals: 6230
`;
  expect(sumOf(profile, '/a/addon.node')).toBe(230);
  expect(sumOf(profile, '/a/other.node')).toBe(0);
});

(isCounted ? describe : describe.skip)('the instructions of', () => {
  let counts;
  beforeAll(async () => {
    counts = await count();
  }, 900_000);

  test.each(paths)('%s keep to their budget', (name) => {
    expect(complaint(counts[name], budget[name])).toBeUndefined();
  });
});
