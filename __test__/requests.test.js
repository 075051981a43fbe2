'use strict';

const { version } = require('../package.json');
const { ConnectionError, HttpError } = require('..');
const { failure, wait } = require('./support/promises');
const { useServer } = require('./support/server');
const { KEY, TRANSPORTS } = require('./support/transports');

// Requests, redirects and responses, alike over every transport. Bodies: `request-bodies.test.js`.

const server = useServer();

describe.each(Object.entries(TRANSPORTS))('over %s', (_transport, connect) => {
  const client = (options) => connect(server.url, { maxRetries: 0, backOff: 1, ...options });

  test('every request has a User-Agent, Accept and Accept-Encoding', async () => {
    await client().usageRecords.get('UR-1');
    await client().fetch('/a', { headers: { 'User-Agent': 'mine', Accept: 'text/csv' } });
    const [{ headers: ours }, { headers: theirs }] = server.requests;
    expect(ours).toMatchObject({
      'user-agent': `cloudblue-connect-native/${version}`,
      accept: '*/*',
      'accept-encoding': 'gzip,deflate,br',
      authorization: KEY,
    });
    expect(theirs).toMatchObject({ 'user-agent': 'mine', accept: 'text/csv' });
  });

  test('no more requests at once than there may be connections, first come first served', async () => {
    let now = 0;
    let most = 0;
    server.answer = () => ({
      raw: (_socket, outgoing) => {
        now += 1;
        most = Math.max(most, now);
        setTimeout(() => {
          now -= 1;
          outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
        }, 5);
      },
    });
    const one = client({ maxConnections: 4 });
    await Promise.all(Array.from({ length: 40 }, (_, at) => one.usageRecords.get(`UR-${at}`)));
    expect(most).toBe(4);
    const order = server.requests.map(({ url }) => Number(url.split('UR-')[1]));
    // Those that have a connection each may overtake one another.
    for (const [at, number] of order.entries()) expect(Math.abs(number - at)).toBeLessThan(4);
  });

  test('a call that waits for a connection can be aborted, and times out', async () => {
    const waiting = [];
    server.answer = () => ({ raw: (_socket, outgoing) => waiting.push(outgoing) });
    const one = client({ maxConnections: 1, timeout: 30_000 });
    const first = one.usageRecords.get('UR-1');
    while (waiting.length === 0) await wait(5);
    const controller = new AbortController();
    const second = failure(one.usageRecords.get('UR-2', { signal: controller.signal }));
    const third = failure(one.usageRecords.close('UR-3', 'INV-7', undefined, { timeout: 20 }));
    controller.abort(new Error('enough'));
    expect((await second).message).toBe('enough');
    expect(await third).toMatchObject({ name: 'TimeoutError', maybeProcessed: false, attempts: 1 });
    waiting[0].end('{}');
    expect(await first).toEqual({});
    // Neither holds a connection.
    server.answer = { json: { id: 4 } };
    expect(await one.usageRecords.get('UR-4')).toEqual({ id: 4 });
    expect(server.requests.map(({ url }) => url)).toEqual(['/usage/records/UR-1', '/usage/records/UR-4']);
  });

  describe('redirects', () => {
    const moved = (status, to = '/moved?token=personal') => {
      server.answer = ({ url }) =>
        url.startsWith('/moved') ? { json: { status: 'approved' } } : { status, headers: { Location: to } };
    };

    test.each([301, 302])('%i: close rejects instead of following with a GET', async (status) => {
      moved(status);
      const error = await failure(client({ maxRetries: 2 }).usageRecords.close('UR-1', 'INV-7'));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({
        code: 'unsupported-redirect',
        maybeProcessed: true,
        method: 'POST',
        path: '/usage/records/UR-1/close',
      });
      expect(error.message).toContain(`${server.url}/moved`);
      expect(error.message).not.toContain('personal');
      expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    });

    test.each([301, 302, 303])('%i: `client.fetch` follows as node-fetch does', async (status) => {
      moved(status);
      const response = await client().fetch('/a', { method: 'POST', body: 'x' });
      expect([response.redirected, await response.json()]).toEqual([true, { status: 'approved' }]);
      expect(server.requests.map(({ method, body }) => [method, body])).toEqual([
        ['POST', 'x'],
        ['GET', ''],
      ]);
    });

    test.each([307, 308])('%i: a POST stays a POST', async (status) => {
      moved(status);
      expect(await client().usageRecords.close('UR-1', 'INV-7')).toEqual({ status: 'approved' });
      expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
    });

    test('303: the response of the new location is the result', async () => {
      moved(303);
      expect(await client().usageRecords.close('UR-1', 'INV-7')).toEqual({ status: 'approved' });
    });

    test.each(['/moved', '../moved', 'moved', '//127.0.0.1/moved'])(
      'a location of %s is made absolute where it is handed on',
      async (to) => {
        moved(302, to);
        const response = await client().fetch('/b/c', { redirect: 'manual' });
        expect([response.status, response.headers.get('location')]).toEqual([
          302,
          new URL(to, `${server.url}/b/c`).href,
        ]);
      },
    );
  });

  test.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('%s with %i and a coding has no body, and keeps its headers', async (method, status) => {
    server.answer = {
      status,
      headers: { 'Content-Encoding': 'gzip', ...(method === 'HEAD' && { 'Content-Length': 77 }) },
    };
    const response = await client().fetch('/a', { method });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([status, 'gzip']);
    expect(response.headers.get('content-length')).toBe(method === 'HEAD' ? '77' : null);
    expect(await response.text()).toBe('');
  });

  test('an unrequested 101 is an error', async () => {
    server.answer = {
      raw: (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nrest'),
    };
    const error = await failure(client({ timeout: 20_000 }).usageRecords.close('UR-1', 'INV-7'));
    expect(error).toBeInstanceOf(HttpError);
    expect(error.status).toBe(101);
  });

  test('a compressed bomb is not unpacked beyond the bound', async () => {
    const bomb = require('zlib').gzipSync(Buffer.alloc(40 << 20, ' '));
    server.answer = {
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' },
      body: bomb,
    };
    expect(await failure(client().usageRecords.get('UR-1'))).toMatchObject({ code: 'max-size' });
    expect(await failure(client({ maxResponseBytes: 1000 }).usageChunks.download('UFC-1'))).toMatchObject({
      code: 'max-size',
    });
  });
});
