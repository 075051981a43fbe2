'use strict';

const http2 = require('http2');
const { ConnectionError } = require('..');
const { ca, leaf } = require('./support/certificates');
const { useListen } = require('./support/listen');
const { failure, wait } = require('./support/promises');
const { PATHS } = require('./support/transports');

// Calls whose HTTP/2 connection or stream the server ends: only a request that it certainly has not processed is sent
// again, whatever its method. Connections that end after a number of requests: `nginx.test.js`, as Node's own server may
// crash when a session is closed while streams arrive.

const listen = useListen(afterEach);

/**
 * A server that calls `play(stream, number, session)` for each stream, and answers unless that returns true. `seen` holds
 * `METHOD path` of each.
 */
async function serve(play = () => false, settings = {}) {
  const seen = [];
  const server = http2.createSecureServer({ ...leaf, settings });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    seen.push(`${headers[':method']} ${headers[':path'].replace('/usage/records/', '')}`);
    if (play(stream, seen.length, stream.session) === true) return;
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end('{"id":"UR"}');
  });
  const { url, cut } = await listen(server);
  return { client: PATHS['the engine'](url, { ca, backOff: 1 }), seen, cut };
}

const get = (client, id = 'A') => client.usageRecords.get(id);
const close = (client, id = 'A') => client.usageRecords.close(id, 'INV-7');

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
