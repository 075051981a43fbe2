'use strict';

const http = require('http');
const { ConnectClient } = require('..');

// How many connections are open at once, however many calls are made.

let server;
let most;
let received;
beforeEach(async () => {
  most = 0;
  received = [];
  // Sockets of the server before may still be closing.
  let open = 0;
  server = http.createServer((request, response) => {
    received.push(request.url);
    setTimeout(() => response.end('{}'), 5);
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

  test('at most as many as the client says, in the order of the calls', async () => {
    await closeAll(client({ maxConnections: 1 }), 50);
    expect(most).toBe(1);
    expect(received).toEqual(Array.from({ length: 50 }, (_, index) => `/usage/records/UR-${index}/close`));
  });

  test('waiting for a turn is not the silence of the server', async () => {
    // 40 turns of 5 ms and more: longer than the server may be silent.
    await closeAll(client({ maxConnections: 1, readTimeout: 100 }), 40);
    expect(received).toHaveLength(40);
  });

  test('who is called off while waiting leaves the queue', async () => {
    const quick = client({ maxConnections: 1, timeout: 60 });
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => quick.usageRecords.get(`UR-${index}`)),
    );
    const reasons = results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
    const failed = reasons.length;
    expect(failed).toBeGreaterThan(1);
    // Who had no turn knows that nothing was done.
    const waited = reasons.filter(({ maybeProcessed }) => !maybeProcessed);
    expect(waited.length).toBeGreaterThan(failed / 2);
    expect(waited[0].message).toMatch(/no turn within 0.06 s: 1 other requests were under way$/);
    expect(received.length).toBeLessThanOrEqual(60 - waited.length);
    expect(await quick.usageRecords.get('UR-X')).toEqual({});
  });
});

test.each([0, 1.5, -1, '4'])('maxConnections: %p is refused', (maxConnections) => {
  expect(() => make({ maxConnections })).toThrow('the option maxConnections must be a whole number above 0');
});
