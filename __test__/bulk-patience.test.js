'use strict';

const { QUICK, auditEnd, endOf, records } = require('./support/bulk');
const { TRANSPORTS } = require('./support/transports');
const { json, startUsageServer } = require('./support/usage-server');

// A run waits at least its usual back-off whatever Retry-After says, and slows down when it is throttled instead of
// failing. The tests count requests; they do not measure time.

const HOUR = 3600_000;
const httpDate = (ms) => new Date(Date.now() + ms).toUTCString();

let server;
afterEach(() => server?.close());

/** Throttles every request within `ms` after the first one, however many there are. */
function throttledFor(ms, answer) {
  let until;
  return () => {
    until ??= Date.now() + ms;
    return Date.now() < until ? answer() : undefined;
  };
}

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const run = (options) =>
    endOf(
      connect(server.url).usageRecords.closeMany(records(server.records.size), {
        ...QUICK,
        ...options,
      }),
    );

  test.each([
    ['0', { 'Retry-After': '0' }],
    ['a date that lies in the past', { 'Retry-After': httpDate(-HOUR) }],
    [
      'a date that lies in the past by the server’s clock',
      { Date: httpDate(HOUR), 'Retry-After': httpDate(HOUR / 2) },
    ],
    ['a date that is the server’s own', { Date: httpDate(-HOUR), 'Retry-After': httpDate(-HOUR) }],
    ['a number below 0', { 'Retry-After': '-1' }],
    ['nonsense', { 'Retry-After': 'soon' }],
    ['nothing', {}],
  ])('a Retry-After of %s means the usual back-off', async (_what, headers) => {
    for (const status of [429, 503]) {
      server = await startUsageServer({ records: 20 });
      server.onBulk = throttledFor(300, () => ({ ...json(status, {}), headers }));
      const { error, report } = await run({ backOff: 100, batchSize: 5 });
      expect(error).toBeUndefined();
      expect(report).toMatchObject({ failed: [], unknown: [], notSent: 0 });
      auditEnd(server, report);
      // Doubled from about a hundred ms, few fit into three hundred; 31 without a wait took six.
      const posts = server.requests.filter((request) => request.startsWith('POST'));
      expect(posts.length).toBeLessThanOrEqual(25);
      await server.close();
    }
  });

  test('dates are reckoned by the server’s clock', async () => {
    // By ours it is an hour from now.
    server = await startUsageServer({ records: 1 });
    const headers = { Date: httpDate(HOUR), 'Retry-After': httpDate(HOUR + 1000) };
    server.onBulk = (_items, number) => (number === 1 ? { ...json(429, {}), headers } : undefined);
    expect((await run()).report).toMatchObject({ closed: 1 });
  });

  test.each([429, 503])('a server that serves one request at a time (%i) has all closed', async (status) => {
    let underWay = 0;
    server = await startUsageServer({ records: 400 });
    // As nginx' limit_conn: the response does not say whether the request was processed.
    const limit = (answer) => {
      if (underWay > 0) return json(status, {});
      underWay += 1;
      setTimeout(() => {
        underWay -= 1;
      }, 15);
      return answer;
    };
    server.onBulk = () => limit();
    server.onRead = () => limit();
    // Of ninety such runs two had to send a batch five times, the default.
    const { error, report } = await run({ batchSize: 20, concurrency: 8, backOff: 5, maxTries: 12 });
    expect(error).toBeUndefined();
    expect(report).toMatchObject({ failed: [], unknown: [], notSent: 0 });
    expect(report.closed + report.alreadyClosed).toBe(400);
    // Twenty batches; of one that is throttled by 503 each record is read, once or so.
    expect(server.requests.length).toBeLessThanOrEqual(status === 429 ? 120 : 1200);
  });

  test('a server of so many requests a second, which says 503 and no more, has all closed', async () => {
    const perSecond = 60;
    let tokens = 5;
    let at = Date.now();
    let refused = 0;
    const limit = () => {
      tokens = Math.min(5, tokens + ((Date.now() - at) * perSecond) / 1000);
      at = Date.now();
      if (tokens < 1) {
        refused += 1;
        return { status: 503, body: '<html>503</html>', headers: { 'Content-Type': 'text/html' } };
      }
      tokens -= 1;
      return undefined;
    };
    server = await startUsageServer({ records: 600, onBulk: limit, onRead: limit });
    const { error, report } = await run({ batchSize: 20, concurrency: 4, backOff: 50, maxTries: 9 });
    expect(error).toBeUndefined();
    expect(report).toMatchObject({ failed: [], unknown: [], notSent: 0 });
    expect(report.closed + report.alreadyClosed).toBe(600);
    expect(refused).toBeLessThanOrEqual(150);
    expect(server.requests.length).toBeLessThanOrEqual(1200);
  });

  test.each([429, 503])(
    'a throttled POST (%i) that may have arrived is read before it is sent again',
    async (status) => {
      server = await startUsageServer({ records: 5 });
      server.onBulk = (_items, number) =>
        number < 3 ? { ...json(status, {}), processed: status === 503 } : undefined;
      const { report } = await run();
      expect(report).toMatchObject({ failed: [], unknown: [], notSent: 0 });
      for (const { id } of records(5)) {
        expect(server.closures(id)).toBe(1);
        if (status === 503) expect([server.posts(id), server.reads(id)]).toEqual([1, 1]);
        else expect(server.reads(id)).toBe(0);
      }
    },
  );
});
