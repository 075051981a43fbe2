'use strict';

const fs = require('fs');
const path = require('path');
const { ConnectClient, ConnectionError } = require('..');
const { startSandbox } = require('../testing');
const { program, startNginx } = require('./support/nginx');
const { startServer } = require('./support/server');

// What stands before Connect's like, and what it does of its own accord: a real nginx.

const open = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
const keep = (one) => {
  open.push(one);
  return one;
};

/** How often each request arrived: `POST /usage/records/UR-1/close` to a number. */
function tally(requests) {
  const counts = new Map();
  for (const { method, url } of requests) {
    const name = `${method} ${url}`;
    counts.set(name, (counts.get(name) || 0) + 1);
  }
  return counts;
}

function connections() {
  const ca = fs.readFileSync(path.join(__dirname, 'fixtures/tls/ca.pem'), 'utf8');

  test.each([
    ['', 'keepalive_requests 10;'],
    ['which allow eight requests at once', 'keepalive_requests 10; http2_max_concurrent_streams 8;'],
  ])('over HTTP/2, connections that end after ten requests, %s', async (_, http) => {
    const backend = keep(await startServer({ json: { id: 'UR' } }));
    const nginx = keep(await startNginx({ backend: backend.url, tls: true, http }));
    const client = new ConnectClient(nginx.url, 'ApiKey SU-000-000:secret', { ca, backOff: 5 });
    const ids = Array.from({ length: 200 }, (_none, number) => `UR-${number}`);
    const results = await Promise.allSettled(
      ids.map((id, at) =>
        at % 2 === 0 ? client.usageRecords.get(id) : client.usageRecords.close(id, 'INV-7'),
      ),
    );
    const arrived = tally(backend.requests);
    results.forEach(({ status, reason }, at) => {
      const isPost = at % 2 === 1;
      const times =
        arrived.get(isPost ? `POST /usage/records/${ids[at]}/close` : `GET /usage/records/${ids[at]}`) || 0;
      if (status === 'fulfilled') {
        expect(times).toBeGreaterThan(0);
      } else {
        expect(reason).toBeInstanceOf(ConnectionError);
        expect(reason.code).toEqual(expect.any(String));
        if (!reason.maybeProcessed) expect(times).toBe(0);
      }
      if (isPost) expect(times).toBeLessThanOrEqual(1);
    });
    // Each of at most three times 64 requests under way has its ten.
    expect(backend.requests.length).toBeGreaterThan(50);
  });
}

function throttling() {
  test.each([
    ['503 without Retry-After, its default', '', 600],
    ['429 without Retry-After', 'limit_req_status 429;', 200],
  ])(
    'closeMany before a limit of requests, %s: all are closed, once',
    async (_, status, most) => {
      const sandbox = keep(await startSandbox({ records: 600, keepRequests: 0 }));
      const nginx = keep(
        await startNginx({
          backend: sandbox.url,
          http: 'limit_req_zone $binary_remote_addr zone=all:1m rate=20r/s;',
          location: `limit_req zone=all burst=5 nodelay; ${status}`,
        }),
      );
      const client = new ConnectClient(`${nginx.url}${new URL(sandbox.url).pathname}`, sandbox.apiKey);
      const records = [...sandbox.records.keys()].map((id) => ({ id, externalBillingId: 'INV-7' }));
      const report = await client.usageRecords.closeMany(records, { batchSize: 10 });
      const requests = nginx.requests();
      const { closed, alreadyClosed, failed, unknown } = report;
      expect({ closed, alreadyClosed, failed, unknown }).toEqual({
        closed: 600,
        alreadyClosed: 0,
        failed: [],
        unknown: [],
      });
      const times = [...sandbox.closures.values()].map((closures) => closures.length);
      expect(times).toEqual(Array(600).fill(1));
      // The limit was met, and respected.
      expect(requests.some((line) => / (429|503)$/.test(line))).toBe(true);
      expect(requests.length).toBeLessThan(most);
    },
    300_000,
  );
}

if (program) {
  describe('connections', connections);
  describe('limits', throttling);
} else {
  const missing = 'CONNECT_NGINX is not set (see .ci/run)';
  const without = process.env.CI ? test : test.skip;
  without(`nginx: ${missing}`, () => {
    throw new Error(missing);
  });
}
