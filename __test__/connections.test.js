'use strict';

const http = require('http');
const { useListen } = require('./support/listen');
const { PATHS } = require('./support/transports');

// How many connections are open at once, however many calls are made.

const listen = useListen(afterEach);
let url;
let most;
let received;
let answer;
beforeEach(async () => {
  most = 0;
  received = [];
  answer = (response) => setTimeout(() => response.end('{}'), 5);
  let open = 0;
  const server = http.createServer((request, response) => {
    received.push(request.url);
    answer(response);
  });
  server.on('connection', (socket) => {
    open += 1;
    most = Math.max(most, open);
    socket.once('close', () => {
      open -= 1;
    });
  });
  url = (await listen(server)).url;
});

const closeAll = (client, count) =>
  Promise.all(Array.from({ length: count }, (_, index) => client.usageRecords.close(`UR-${index}`, 'INV-7')));

describe.each(Object.entries(PATHS))('over %s', (_path, connect) => {
  const client = (options) => connect(url, options);

  test('at most 64 to one host, and every call is answered', async () => {
    expect(await closeAll(client(), 3000)).toHaveLength(3000);
    expect(received).toHaveLength(3000);
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(64);
  });

  test('at most as many as the client says', async () => {
    await closeAll(client({ maxConnections: 1 }), 50);
    expect(most).toBe(1);
    expect(new Set(received).size).toBe(50);
  });

  test('waiting for a connection does not count as read timeout', async () => {
    // All of them take longer than the read timeout.
    answer = (response) => setTimeout(() => response.end('{}'), 50);
    await closeAll(client({ maxConnections: 1, readTimeout: 1000 }), 30);
    expect(received).toHaveLength(30);
  });

  test('a call that times out while it waits for a connection leaves the queue', async () => {
    answer = () => undefined;
    const quick = client({ maxConnections: 1, timeout: 200 });
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => quick.usageRecords.close(`UR-${index}`, 'INV-7')),
    );
    const reasons = results.map(({ reason }) => reason);
    expect(reasons.map(({ name }) => name)).toEqual(Array(60).fill('TimeoutError'));
    // A call that had no connection was not sent.
    const waited = reasons.filter(({ maybeProcessed }) => !maybeProcessed);
    expect(waited[0].message).toMatch(/waiting for a connection \(maxConnections: 1\)$/);
    expect(waited.length).toBeGreaterThan(0);
    expect(received.length).toBeLessThanOrEqual(60 - waited.length);
    answer = (response) => response.end('{}');
    expect(await client({ maxConnections: 1 }).usageRecords.get('UR-X')).toEqual({});
  });
});

test.each([0, 1.5, -1, '4'])('maxConnections: %p is refused', (maxConnections) => {
  expect(() => PATHS['the engine'](url, { maxConnections })).toThrow(
    'the option maxConnections must be a whole number of at least 1',
  );
});
