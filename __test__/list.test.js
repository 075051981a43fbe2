'use strict';

const { APIError, GenericResource } = require('..');
const { useServer } = require('./support/server');
const { PATHS, TRANSPORTS } = require('./support/transports');

// Lists, over a server that pages in all the ways that servers page.

const all = Array.from({ length: 250 }, (_, index) => ({ id: `X-${index}` }));

/** What the server does with a page of `limit` from `offset`; changed by the tests. */
let behaviour;

const ranged = (items, offset, total) => ({
  json: items,
  headers: { 'Content-Range': `items ${offset}-${offset + items.length - 1}/${total}` },
});
const usual = ({ offset, limit }) =>
  limit === 0
    ? { json: [], headers: { 'Content-Range': `items 0-0/${all.length}` } }
    : ranged(all.slice(offset, offset + limit), offset, all.length);

const server = useServer(({ url }) => {
  const query = new URLSearchParams(url.split('?')[1]);
  return behaviour({ offset: Number(query.get('offset')), limit: Number(query.get('limit')), url });
});
beforeEach(() => {
  behaviour = usual;
});

const make = () => PATHS['the engine'](server.url);
const requested = () => server.requests.map(({ url }) => decodeURIComponent(url));

async function gather(list) {
  const found = [];
  for await (const item of list) found.push(item);
  return found;
}

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const client = () => connect(server.url);
  const list = (...args) => client().assets.list(...args);

  test('yields all items, page after page', async () => {
    expect(await gather(list({ status: 'a b' }))).toEqual(all);
    expect(requested()).toEqual([
      '/assets?status="a b"&limit=100&offset=0',
      '/assets?status="a b"&limit=100&offset=100',
      '/assets?status="a b"&limit=100&offset=200',
    ]);
  });

  test.each([
    ['a short page and no header', ({ offset, limit }) => ({ json: all.slice(offset, offset + limit) }), 3],
    [
      'no header, and pages that end evenly',
      ({ offset, limit }) => ({ json: all.slice(0, 200).slice(offset, offset + limit) }),
      3,
    ],
    [
      'the total',
      ({ offset, limit }) => ranged(all.slice(0, 200).slice(offset, offset + limit), offset, 200),
      2,
    ],
    ['an empty list', () => ({ json: [], headers: { 'Content-Range': 'items 0-0/0' } }), 1],
    ['an offset that is repeated', ({ limit }) => ranged(all.slice(0, limit), 0, 250), 2],
    [
      'a server with a limit of its own',
      ({ offset }) => ranged(all.slice(offset, offset + 50), offset, 250),
      5,
    ],
    [
      'a total that is too large',
      ({ offset, limit }) => ranged(all.slice(offset, offset + limit), offset, 999),
      4,
    ],
  ])('stops at the end with %s', async (_what, how, requests) => {
    behaviour = how;
    const items = await gather(list());
    const most = { 2: 200, 1: 0 }[requests] ?? 250;
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(items.length).toBeLessThanOrEqual(most);
    expect(server.requests).toHaveLength(requests);
  });

  test('limit and pageSize', async () => {
    expect(await gather(list({}, { limit: 7, pageSize: 3 }))).toEqual(all.slice(0, 7));
    expect(requested()).toEqual([
      '/assets?limit=3&offset=0',
      '/assets?limit=3&offset=3',
      '/assets?limit=1&offset=6',
    ]);
    server.requests.splice(0);
    expect(await gather(list({}, { limit: 0 }))).toEqual([]);
    expect(requested()).toEqual([]);
  });

  test('first, count, pages, toArray', async () => {
    expect(await list({ a: 1 }).first()).toEqual(all[0]);
    expect(await list().count()).toBe(250);
    expect((await gather(list().pages())).map((page) => page.length)).toEqual([100, 100, 50]);
    expect(await list().toArray({ limit: 120 })).toEqual(all.slice(0, 120));
    expect(await list({}, { limit: 3 }).toArray({ limit: 120 })).toEqual(all.slice(0, 3));
    expect(requested().slice(0, 2)).toEqual(['/assets?a=1&limit=1&offset=0', '/assets?limit=0&offset=0']);
    behaviour = () => ({ json: [] });
    expect(await list().first()).toBeUndefined();
    await expect(list().count()).rejects.toThrow('cannot count');
  });

  test('a snapshot is read whole before the first is given', async () => {
    const iterator = list({}, { snapshot: true })[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ value: all[0], done: false });
    expect(server.requests).toHaveLength(3);
  });

  test('the next page is requested while the current one is looked at, and no other', async () => {
    const iterator = list()[Symbol.asyncIterator]();
    await iterator.next();
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.requests).toHaveLength(2);
    await iterator.return();
  });

  test('leaving the loop aborts the request under way', async () => {
    const closed = new Promise((resolve) => {
      behaviour = (page) =>
        page.offset === 0 ? usual(page) : { raw: (socket) => socket.once('close', resolve) };
    });
    for await (const { id } of list()) {
      if (id !== 'X-3') continue;
      // Called off sooner, the request might never have left.
      while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
      break;
    }
    await closed;
  });

  test('a signal ends the iteration with its reason, and keeps no listener', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    behaviour = () => ({ raw: () => setTimeout(() => controller.abort(reason), 5) });
    await expect(gather(list({}, { signal: controller.signal }))).rejects.toBe(reason);
    await expect(gather(list({}, { signal: controller.signal }))).rejects.toBe(reason);
  });

  test('a page that is refused, or is not an array, ends the iteration', async () => {
    behaviour = (page) =>
      page.offset === 0 ? usual(page) : { status: 400, json: { error_code: 'VAL_001', errors: ['no'] } };
    const found = [];
    await expect(
      (async () => {
        for await (const item of list()) found.push(item);
      })(),
    ).rejects.toThrow(APIError);
    expect(found).toHaveLength(100);
    behaviour = () => ({ json: { not: 'a list' } });
    await expect(gather(list())).rejects.toThrow('expected an array from /assets');
  });

  test.each([
    [{ limit: 1 }, undefined, 'the filter must not contain `limit` or `offset`'],
    ['status=a', undefined, "the filter must be an object; got 'status=a'"],
    [{}, { pageSize: 0 }, 'the option pageSize must be a whole number of at least 1; got 0'],
    [{}, { limit: 1.5 }, 'the option limit must be a whole number of at least 0; got 1.5'],
    [
      {},
      { pagesize: 1 },
      "unknown option 'pagesize'; known options: pageSize, limit, snapshot, signal, timeout, maxRetries, headers",
    ],
    [{}, 7, 'the options must be an object; got 7'],
  ])('list(%p, %p) is refused', (filters, options, message) => {
    expect(() => list(filters, options)).toThrow(new TypeError(`list: ${message}`.slice(0, 200)).message);
    expect(() => list(filters, options)).toThrow(TypeError);
  });

  test('an unusable filter sends nothing', async () => {
    await expect(gather(list({ a: { $foo: 1 } }))).rejects.toThrow(TypeError);
    await expect(client().accounts.users(undefined).list().first()).rejects.toThrow('users: `id` must be');
    expect(requested()).toEqual([]);
  });
});

test('a stub of fetch with nothing but json() is enough', async () => {
  const client = make();
  client.assets.fetch = async () => ({ json: async () => [{ id: 'stub' }] });
  expect(await client.assets.list().toArray()).toEqual([{ id: 'stub' }]);
});

test('every resource has `list`', () => {
  expect(make().products.parameters('PRD-1').list).toBe(GenericResource.prototype.list);
});
