'use strict';

const fs = require('fs');
const http2 = require('http2');
const path = require('path');
const { ConnectClient, ConnectionError } = require('..');

// What becomes of calls when a server ends an HTTP/2 connection or a stream: only what it has certainly not looked at is
// sent again, whatever the method. Connections that end after so many requests: `nginx.test.js`; Node's own server crashes
// now and then when a session is closed while more streams arrive.

const read = (name) => fs.readFileSync(path.join(__dirname, 'fixtures/tls', `${name}.pem`), 'utf8');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const servers = [];
afterEach(async () => {
  for (const close of servers.splice(0)) await close();
});

/**
 * A server that hands each stream that it looks at to `play(stream, number, session)`, which answers unless it returns
 * true. `seen` holds `METHOD path` of each.
 */
async function serve(play = () => false, settings = {}) {
  const seen = [];
  const server = http2.createSecureServer({ cert: read('leaf'), key: read('leaf-key'), settings });
  const sockets = new Set();
  server.on('secureConnection', (socket) => sockets.add(socket));
  server.on('session', (session) => session.on('error', () => undefined));
  // A client that turns away, or is turned away, is what is tested.
  server.on('sessionError', () => undefined).on('tlsClientError', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    seen.push(`${headers[':method']} ${headers[':path'].replace('/usage/records/', '')}`);
    if (play(stream, seen.length, stream.session) === true) return;
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end('{"id":"UR"}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  servers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        cut();
      }),
  );
  const url = `https://localhost:${server.address().port}`;
  const client = new ConnectClient(url, 'ApiKey SU-000-000:secret', { ca: read('ca'), backOff: 1 });
  return { client, seen, cut };
}

const get = (client, id = 'A') => client.usageRecords.get(id);
const close = (client, id = 'A') => client.usageRecords.close(id, 'INV-7');
const failure = (promise) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

/** Ends the session without an answer to whatever is under way, once what was sent before has left. */
const leave = (session) => setTimeout(() => session.destroy(), 20);

const { NGHTTP2_NO_ERROR, NGHTTP2_ENHANCE_YOUR_CALM } = http2.constants;
const GRACEFUL = 2 ** 31 - 1;

describe('a server that goes away', () => {
  test.each([
    ['without an error', NGHTTP2_NO_ERROR],
    ['with an error', NGHTTP2_ENHANCE_YOUR_CALM],
  ])('%s before it came to a stream: it is sent again, a POST too', async (_, code) => {
    const { client, seen } = await serve((stream, number, session) => {
      if (number !== 2) return false;
      // The stream before is the last that it has looked at.
      session.goaway(code, stream.id - 2);
      leave(session);
      return true;
    });
    await get(client);
    expect(await close(client)).toEqual({ id: 'UR' });
    expect(seen).toEqual(['GET A', 'POST A/close', 'POST A/close']);
  });

  test.each([
    ['the stream is the last that it has looked at', (stream) => stream.id],
    ['it has named no last stream yet', () => GRACEFUL],
  ])('%s, and ends without an answer: a POST is not sent again', async (_, last) => {
    const { client, seen } = await serve((stream, number, session) => {
      if (number !== 2) return false;
      session.goaway(NGHTTP2_NO_ERROR, last(stream));
      leave(session);
      return true;
    });
    await get(client);
    const error = await failure(close(client));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ maybeProcessed: true, attempts: 1 });
    expect(error.code).toMatch(/^(EPIPE|ECONNRESET)$/);
    expect(seen).toEqual(['GET A', 'POST A/close']);
  });

  test('and answers what is under way: nothing fails', async () => {
    const { client, seen } = await serve((stream, number, session) => {
      if (number !== 2) return false;
      session.goaway(NGHTTP2_NO_ERROR, stream.id);
      return false;
    });
    await get(client);
    await close(client);
    await close(client, 'B');
    expect(seen).toEqual(['GET A', 'POST A/close', 'POST B/close']);
  });

  test('while requests wait: one that has its stream fails, one that was not taken up is sent', async () => {
    let held;
    const hold = (stream, number) => {
      if (number !== 2) return false;
      held = stream;
      return true;
    };
    const { client, seen } = await serve(hold, { maxConcurrentStreams: 1 });
    await get(client);
    const first = failure(close(client, 'held'));
    while (held === undefined) await wait(5);
    const waiting = failure(close(client, 'waiting'));
    const queued = close(client, 'queued');
    // Nobody can see them wait.
    await wait(300);
    held.session.goaway(NGHTTP2_NO_ERROR, GRACEFUL);
    leave(held.session);
    for (const error of await Promise.all([first, waiting])) {
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ maybeProcessed: true, attempts: 1, code: expect.any(String) });
      expect(error.message).not.toMatch(/dispatch|runtime/);
    }
    expect(await queued).toEqual({ id: 'UR' });
    expect(seen).toEqual(['GET A', 'POST held/close', 'POST queued/close']);
  });
});

test('a connection that is cut: a code, and no POST is sent again', async () => {
  const { client, seen, cut } = await serve(() => {
    setImmediate(cut);
    return true;
  });
  const error = await failure(close(client));
  expect(error).toMatchObject({ maybeProcessed: true, attempts: 1 });
  expect(error.code).toMatch(/^(EPIPE|ECONNRESET)$/);
  expect(seen).toEqual(['POST A/close']);
});
