'use strict';

/** RQL in the original's dialect, compared with the published SDK, and in the server's, through `search`. */

const original = require('sdk22/lib/connect/rql');
const originalUtils = require('sdk22/lib/connect/utils');
const { buildUrl: originalBuildUrl } = require('sdk22/lib/connect/api/utils');

const { ConnectClient } = require('..');
const rql = require('../lib/connect/rql');
const utils = require('../lib/connect/utils');
const { buildUrl } = require('../lib/connect/api/utils');
const { random } = require('./support/random');
const { startServer } = require('./support/server');

const ALPHABET = [...'ab1 _-*+.:@"\'()&|,;%#\\/=<>$~é漢😀\n'];
const COMPARISONS = ['$eq', '$ne', '$gt', '$ge', '$gte', '$lt', '$le', '$lte', '$null', 'eq', '$foo', 'bar'];

/** Generates filters: every operator, nesting, empty values at every place, and strings to be afraid of. */
function generator(seed) {
  const pick = random(seed);
  const one = (...choices) => choices[pick(choices.length)]();
  const text = () => Array.from({ length: pick(6) }, () => ALPHABET[pick(ALPHABET.length)]).join('');
  const scalar = () =>
    one(
      text,
      text,
      () => pick(1000) - 500,
      () => pick(1000) / 7,
      () => 1e21 * pick(3),
      () => BigInt(pick(9)),
      () => pick(2) === 1,
      () => null,
      () => undefined,
      () => Number.NaN,
      () => new Date(pick(1e9) * 1000),
    );
  const list = (make) => Array.from({ length: pick(4) }, make);
  const value = () =>
    one(
      scalar,
      scalar,
      () => list(scalar),
      () => ({}),
      () => [[1, text()]],
    );
  const operators = (depth) => {
    const made = {};
    for (let count = pick(3) + 1; count > 0; count -= 1) {
      const part = () => (depth > 0 && pick(2) ? operators(depth - 1) : scalar());
      one(
        () => (made[COMPARISONS[pick(COMPARISONS.length)]] = value()),
        () =>
          (made[
            one(
              () => '$in',
              () => '$out',
            )
          ] = value()),
        () =>
          (made[
            one(
              () => '$like',
              () => '$ilike',
            )
          ] = text()),
        () => (made.$range = { min: scalar(), max: scalar() }),
        () =>
          (made[
            one(
              () => '$or',
              () => '$and',
            )
          ] = list(part)),
        () =>
          (made.$not = one(
            () => operators(Math.max(depth - 1, 0)),
            () => list(part),
          )),
      );
    }
    return made;
  };
  const filter = (depth = 2) => {
    const made = {};
    for (let count = pick(4); count > 0; count -= 1) {
      one(
        () => (made[`f${pick(5)}.x`] = value()),
        () => (made[`${pick(20)}`] = value()),
        () => (made[`f${pick(5)}`] = operators(depth)),
        () =>
          (made[
            one(
              () => '$or',
              () => '$and',
            )
          ] = list(() => (depth > 0 ? filter(depth - 1) : { a: scalar() }))),
        () =>
          (made[
            one(
              () => '$select',
              () => '$ordering',
            )
          ] = one(text, () => list(text))),
      );
    }
    return made;
  };
  return { filter, operators, text };
}

describe('the original dialect', () => {
  test('4,000 generated filters read as in the published SDK', () => {
    const { filter } = generator(7);
    for (let i = 0; i < 4000; i += 1) {
      const made = filter();
      expect([made, rql.filterToQuery(made)]).toEqual([made, original.filterToQuery(made)]);
      expect([made, buildUrl('/x', made)]).toEqual([made, originalBuildUrl('/x', made)]);
    }
  });

  test('1,000 generated operators of one field read as in the published SDK', () => {
    const { operators, text } = generator(11);
    for (let i = 0; i < 1000; i += 1) {
      const [made, field] = [operators(2), text()];
      expect([made, rql.rqlToQuery(made, field)]).toEqual([made, original.rqlToQuery(made, field)]);
    }
  });

  const odd = [
    undefined,
    null,
    {},
    'ab',
    5,
    true,
    [],
    [[1, 2]],
    [{ a: 1 }, { b: 2 }],
    { $or: { a: 1 } },
    { $or: 'x' },
    { $and: 5 },
    { a: { $or: 'xy' } },
    { a: { $not: 'xy' } },
    { a: () => 1 },
    { a: /x/ },
    { a: new Map([[1, 2]]) },
    { a: new String('x') },
    { a: Buffer.from('x') },
    { a: { $in: { x: 1 } } },
    { a: { $range: 'x' } },
    { a: { '': 1, $: 2 } },
    { '': 1, 'a b': 2, [Symbol('no field')]: 3 },
    { a: Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } }) },
    {
      a: new (class Operators {
        constructor() {
          this.$eq = 1;
        }
      })(),
    },
  ];
  test.each(odd.map((filter) => [filter]))('%p reads as in the published SDK', (filter) => {
    expect(rql.filterToQuery(filter)).toBe(original.filterToQuery(filter));
    expect(buildUrl('/x', filter)).toBe(originalBuildUrl('/x', filter));
  });

  test.each([[{ a: Symbol('x') }], [{ a: { $like: ['x'] } }], [{ a: { $or: { x: 1 } } }]])(
    '%p is a TypeError in both',
    (filter) => {
      expect(() => original.filterToQuery(filter)).toThrow(TypeError);
      expect(() => rql.filterToQuery(filter)).toThrow(TypeError);
    },
  );

  test('a circle is an error of this realm, not a crash', () => {
    const circle = {};
    circle.a = circle;
    expect(() => rql.filterToQuery(circle)).toThrow(TypeError);
    expect(() => rql.filterToQuery(circle)).toThrow(/deeper than 64/);
  });

  test('what a getter throws passes through', () => {
    const mine = new RangeError('mine');
    const filter = {
      get a() {
        throw mine;
      },
    };
    expect(() => rql.filterToQuery(filter)).toThrow(mine);
  });

  test('the helpers are the original ones', () => {
    expect(rql.RQL_EXPRESSIONS).toEqual(original.RQL_EXPRESSIONS);
    expect(Object.keys(utils)).toEqual(Object.keys(originalUtils));
    for (const value of [{}, [], null, undefined, '', 0, NaN, 'x', [1], { a: 1 }, new Date(), new Map()]) {
      expect(utils.isObjectStrict(value)).toBe(originalUtils.isObjectStrict(value));
      expect(utils.isNilOrEmpty(value)).toBe(originalUtils.isNilOrEmpty(value));
      expect(utils.alt('a', 'b', value)).toBe(originalUtils.alt('a', 'b', value));
      expect(utils.alt('a')('b')(value)).toBe(originalUtils.alt('a')('b')(value));
    }
  });
});

describe('what search sends', () => {
  let server;
  beforeAll(async () => {
    server = await startServer({ json: [] });
  });
  afterAll(() => server.close());
  beforeEach(() => server.requests.splice(0));

  async function queryOf(filter, options) {
    const client = new ConnectClient(server.url, 'ApiKey SU-000-000:test', options);
    server.requests.splice(0);
    await client.usageRecords.search(filter);
    return decodeURIComponent(server.requests[0].url.split('?')[1] || '');
  }

  test.each([
    [{ status: 'approved' }, 'status=approved'],
    [{ amount: { $gte: 1, $lte: 2 } }, 'ge(amount,1)&le(amount,2)'],
    [{ a: { $range: { min: 1, max: 2 } } }, 'ge(a,1)&le(a,2)'],
    [{ a: { $null: true } }, 'a=null()'],
    [{ a: new Date(0) }, 'a=1970-01-01T00:00:00.000Z'],
    [{ a: 'x"y' }, "a='x\"y'"],
    [{ a: '100% #1 é\n' }, 'a="100% #1 é\n"'],
    [{ a: ['x', 'y'] }, 'in(a,(x,y))'],
    [{ limit: 10, offset: 20 }, 'limit=10&offset=20'],
    [undefined, ''],
  ])('%j arrives as %s', async (filter, query) => {
    expect(await queryOf(filter)).toBe(query);
  });

  test("the option rql: 'original' sends the original's", async () => {
    expect(await queryOf({ amount: { $gte: 1 } }, { rql: 'original' })).toBe('gte(amount,1)');
    expect(await queryOf('ab', { rql: 'original' })).toBe('0=a&1=b');
  });

  test.each([
    [{ a: { $foo: 1 } }, /`a\.\$foo` is not a known operator/],
    [{ a: '"\'' }, /contains both ' and "/],
    ['status=approved', /must be an object/],
  ])('%j is refused and nothing is sent', async (filter, message) => {
    const client = new ConnectClient(server.url, 'ApiKey SU-000-000:test');
    const refusal = client.usageRecords.search(filter);
    await expect(refusal).rejects.toBeInstanceOf(TypeError);
    await expect(refusal).rejects.toThrow(message);
    expect(server.requests).toHaveLength(0);
  });
});
