'use strict';

const http = require('http');
const { ConnectClient } = require('..');

// How many connections are open at once, however many calls are made.

let server;
let most;
let received;
let answer;
beforeEach(async () => {
  most = 0;
  received = [];
  answer = (response) => setTimeout(() => response.end('{}'), 5);
  // Sockets of the server before may still be closing.
  let open = 0;
  server = http.createServer((request, response) => {
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
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(
  () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
);

const make = (options) => new ConnectClient(`http://127.0.0.1:${server.address().port}`, 'key', options);
const hooked = (options) => {
  const client = make(options);
  client.addBeforeRequestHook((url, given) => ({ url, options: given }));
  return client;
};
const closeAll = (client, count) =>
  Promise.all(Array.from({ length: count }, (_, index) => client.usageRecords.close(`UR-${index}`, 'INV-7')));

describe.each([
  ['the engine', make],
  ['a hook', hooked],
])('over %s', (_road, client) => {
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

  test('waiting for a turn is not the silence of the server', async () => {
    // All turns together take longer than the server may be silent.
    answer = (response) => setTimeout(() => response.end('{}'), 50);
    await closeAll(client({ maxConnections: 1, readTimeout: 1000 }), 30);
    expect(received).toHaveLength(30);
  });

  test('who is called off while waiting leaves the queue', async () => {
    answer = () => undefined;
    const quick = client({ maxConnections: 1, timeout: 200 });
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => quick.usageRecords.close(`UR-${index}`, 'INV-7')),
    );
    const reasons = results.map(({ reason }) => reason);
    expect(reasons.map(({ name }) => name)).toEqual(Array(60).fill('TimeoutError'));
    // Who had no turn knows that nothing was done.
    const waited = reasons.filter(({ maybeProcessed }) => !maybeProcessed);
    expect(waited[0].message).toMatch(/no turn within 0.2 s: 1 requests at once go to one host$/);
    expect(waited.length).toBeGreaterThan(0);
    expect(received.length).toBeLessThanOrEqual(60 - waited.length);
    answer = (response) => response.end('{}');
    expect(await client({ maxConnections: 1 }).usageRecords.get('UR-X')).toEqual({});
  });
});

test.each([0, 1.5, -1, '4'])('maxConnections: %p is refused', (maxConnections) => {
  expect(() => make({ maxConnections })).toThrow(
    'the option maxConnections must be a whole number from 1 on',
  );
});
