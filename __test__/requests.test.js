'use strict';

const { once } = require('events');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { PassThrough, Readable } = require('stream');
const { version } = require('../package.json');
const { ConnectClient, ConnectionError, HttpError, TimeoutError } = require('..');
const { startServer } = require('./support/server');
const { TRANSPORTS } = require('./support/transports');

// What goes out for a call, what becomes of its body, and where a redirect leads: alike over every transport.

const KEY = 'ApiKey SU-000-000:topsecret';
const failure = (promise) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

/** A request within a body: whoever does not know where the body ends carries it out. */
const SMUGGLED = 'POST /usage/records/UR-2/close HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';

/** A server that notes all that it is sent, and answers what looks like a request. */
async function startRaw() {
  const connections = [];
  const server = net.createServer((socket) => {
    const connection = { text: '' };
    connections.push(connection);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      connection.text += data;
      if (connection.text.includes('\r\n\r\n') && !connection.isAnswered) {
        connection.isAnswered = true;
        setTimeout(
          () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}'),
          50,
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, connections, close };
}

let server;
let answer;
let folder;
beforeAll(async () => {
  server = await startServer((...given) => (typeof answer === 'function' ? answer(...given) : answer));
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-requests-'));
});
afterAll(async () => {
  await server.close();
  fs.rmSync(folder, { recursive: true });
});
beforeEach(() => {
  server.requests.splice(0);
  answer = { json: {} };
});

const make = (options) => new ConnectClient(server.url, KEY, { maxRetries: 0, backOff: 1, ...options });

describe.each(Object.entries(TRANSPORTS))('over %s', (_transport, through) => {
  const client = (options) => through(make(options));

  describe('a body says where it ends', () => {
    const bodies = {
      text: () => SMUGGLED,
      bytes: () => Buffer.from(SMUGGLED),
      'nothing but a body': () => '',
      'a stream': () => Readable.from([Buffer.from(SMUGGLED)]),
      'a stream of a known length': () => Readable.from([Buffer.from(SMUGGLED)]),
    };
    const cases = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].flatMap((method) =>
      Object.keys(bodies).map((body) => [method, body]),
    );

    test.each(cases)('%s with %s', async (method, kind) => {
      const raw = await startRaw();
      const headers = kind === 'a stream of a known length' ? { 'Content-Length': SMUGGLED.length } : {};
      try {
        const sending = through(new ConnectClient(raw.url, KEY, { maxRetries: 0 }));
        await sending.fetch('/a', { method, body: bodies[kind](), headers });
        expect(raw.connections).toHaveLength(1);
        const [head, ...rest] = raw.connections[0].text.split('\r\n\r\n');
        const body = rest.join('\r\n\r\n');
        const length = /^content-length: (\d+)$/im.exec(head);
        if (kind === 'a stream') {
          expect(head).toMatch(/^transfer-encoding: chunked$/im);
          expect(body).toBe(`${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`);
        } else {
          expect(Number(length[1])).toBe(body.length);
          expect(body).toBe(kind === 'nothing but a body' ? '' : SMUGGLED);
        }
      } finally {
        await raw.close();
      }
    });

    test('the lengths that a caller writes are not believed', async () => {
      const headers = { 'content-length': '3', 'Transfer-Encoding': 'chunked' };
      await client().fetch('/a', { method: 'DELETE', body: 'four', headers });
      expect(server.requests[0]).toMatchObject({ body: 'four', headers: { 'content-length': '4' } });
      expect(server.requests[0].headers).not.toHaveProperty('transfer-encoding');
    });
  });

  test('every request says who sends it, and what can be read', async () => {
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
    answer = () => ({
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

  test('whoever waits for a connection can call it off, and runs out of time', async () => {
    const waiting = [];
    answer = () => ({ raw: (_socket, outgoing) => waiting.push(outgoing) });
    const one = client({ maxConnections: 1, timeout: 30_000 });
    const first = one.usageRecords.get('UR-1');
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const controller = new AbortController();
    const second = failure(one.usageRecords.get('UR-2', { signal: controller.signal }));
    const third = failure(one.usageRecords.close('UR-3', 'INV-7', undefined, { timeout: 20 }));
    controller.abort(new Error('enough'));
    expect((await second).message).toBe('enough');
    expect(await third).toMatchObject({ name: 'TimeoutError', maybeProcessed: false, attempts: 1 });
    waiting[0].end('{}');
    expect(await first).toEqual({});
    // What was given up holds no connection.
    answer = { json: { id: 4 } };
    expect(await one.usageRecords.get('UR-4')).toEqual({ id: 4 });
    expect(server.requests.map(({ url }) => url)).toEqual(['/usage/records/UR-1', '/usage/records/UR-4']);
  });

  describe('a body that is a stream is closed', () => {
    /** A stream that never ends, with a descriptor that it holds. */
    const endless = () => {
      const stream = new PassThrough();
      stream.write('some of it');
      return stream;
    };
    const closed = async (stream) => {
      if (!stream.closed) await once(stream, 'close').catch(() => undefined);
      return stream.errored;
    };
    const send = (body, options, given) => client(options).fetch('/a', { method: 'POST', body, ...given });

    test.each([
      ['is called off', {}, () => ({ signal: AbortSignal.timeout(50) }), /abort|timeout/i],
      ['runs out of time', { timeout: 50 }, () => ({}), /within 0.05 s/],
    ])('when its request %s', async (_, options, given, says) => {
      answer = { raw: () => undefined };
      const stream = endless();
      const error = await failure(send(stream, options, given()));
      expect(error.message).toMatch(says);
      expect(await closed(stream)).toBe(error);
    });

    test('when its request was called off before', async () => {
      const stream = endless();
      const error = await failure(send(stream, {}, { signal: AbortSignal.abort() }));
      expect(await closed(stream)).toBe(error);
      const file = endless();
      const call = { signal: AbortSignal.abort() };
      expect(await closed(file, await failure(client().usageFiles.upload('UF-1', file, call)))).not.toBe(
        null,
      );
      expect(server.requests).toHaveLength(0);
    });

    test('when its connection breaks, or there is none', async () => {
      const breaking = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
      breaking.listen(0, '127.0.0.1');
      await once(breaking, 'listening');
      const { port } = breaking.address();
      for (const isThere of [true, false]) {
        if (!isThere) await new Promise((resolve) => breaking.close(resolve));
        const stream = endless();
        const one = through(new ConnectClient(`http://127.0.0.1:${port}`, KEY, { maxRetries: 0 }));
        const error = await failure(one.fetch('/a', { method: 'POST', body: stream }));
        expect(error).toBeInstanceOf(ConnectionError);
        expect(await closed(stream)).toBe(error);
      }
    });

    test('when the answer comes early', async () => {
      const early = await startRaw();
      try {
        // One that has given something, and one that has not.
        for (const stream of [endless(), new PassThrough()]) {
          const one = through(new ConnectClient(early.url, KEY, { maxRetries: 0 }));
          expect((await one.fetch('/a', { method: 'POST', body: stream })).status).toBe(200);
          await closed(stream);
          expect(stream.destroyed).toBe(true);
        }
      } finally {
        await early.close();
      }
    });

    test('a file, and its descriptor', async () => {
      answer = { raw: () => undefined };
      const file = path.join(folder, 'upload');
      fs.writeFileSync(file, Buffer.alloc(8 << 20));
      const stream = fs.createReadStream(file);
      expect(await failure(send(stream, { timeout: 60 }))).toBeInstanceOf(TimeoutError);
      await closed(stream);
      expect(stream.fd).toBe(null);
    });

    test('within a form, too, and one of the web', async () => {
      answer = { raw: () => undefined };
      const stream = endless();
      const error = await failure(client({ timeout: 60 }).usageFiles.upload('UF-1', stream));
      expect(error).toBeInstanceOf(TimeoutError);
      await closed(stream);
      let cancelled;
      const ofTheWeb = () =>
        new ReadableStream({
          start: (controller) => controller.enqueue(Buffer.from('some of it')),
          cancel: (reason) => cancelled(reason),
        });
      const sending = [
        (body) => client({ timeout: 60 }).usageFiles.upload('UF-1', body),
        (body) => send(body, { timeout: 60 }),
      ];
      for (const one of sending) {
        const reason = new Promise((resolve) => {
          cancelled = resolve;
        });
        expect(await failure(one(ofTheWeb()))).toBeInstanceOf(TimeoutError);
        expect(await reason).toBeInstanceOf(TimeoutError);
      }
    });

    test('one that fails while its call waits for a connection says why', async () => {
      const waiting = [];
      answer = { raw: (_socket, outgoing) => waiting.push(outgoing) };
      const one = client({ maxConnections: 1 });
      const first = one.usageRecords.get('UR-1');
      while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const missing = () => fs.createReadStream(path.join(folder, 'missing'));
      const calls = [
        one.fetch('/a', { method: 'POST', body: missing() }),
        one.usageFiles.upload('UF-1', missing()),
      ].map(failure);
      for (const error of await Promise.all(calls)) expect(error.code).toBe('ENOENT');
      waiting[0].end('{}');
      expect(await first).toEqual({});
    });

    test('one that was closed or has failed before is no empty body', async () => {
      const gone = new PassThrough();
      gone.destroy();
      expect(await failure(send(gone))).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      const broken = new PassThrough().on('error', () => undefined);
      broken.destroy(new Error('gone before'));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect((await failure(send(broken))).message).toBe('gone before');
    });

    test('an async generator is a stream as well', async () => {
      const pieces = async function* () {
        yield 'one';
        yield Buffer.from('two');
      };
      await send(pieces());
      await client().usageFiles.upload('UF-1', pieces());
      expect(server.requests[0].body).toBe('onetwo');
      expect(server.requests[1].body).toContain('onetwo');
    });

    test('one that fails says why', async () => {
      const stream = new Readable({ read: () => undefined });
      setTimeout(() => stream.destroy(new Error('the disk is gone')), 20);
      expect((await failure(send(stream))).message).toBe('the disk is gone');
    });
  });

  describe('redirects', () => {
    const moved = (status, to = '/moved?token=personal') => {
      answer = ({ url }) =>
        url.startsWith('/moved') ? { json: { status: 'approved' } } : { status, headers: { Location: to } };
    };

    test.each([301, 302])('%i: a record is not closed by a GET', async (status) => {
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

    test.each([307, 308])('%i: a POST stays one', async (status) => {
      moved(status);
      expect(await client().usageRecords.close('UR-1', 'INV-7')).toEqual({ status: 'approved' });
      expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
    });

    test('303: what is answered elsewhere is the answer', async () => {
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
    answer = {
      status,
      headers: { 'Content-Encoding': 'gzip', ...(method === 'HEAD' && { 'Content-Length': 77 }) },
    };
    const response = await client().fetch('/a', { method });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([status, 'gzip']);
    expect(response.headers.get('content-length')).toBe(method === 'HEAD' ? '77' : null);
    expect(await response.text()).toBe('');
  });

  test('101, which nobody asked for, is an end', async () => {
    answer = {
      raw: (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nrest'),
    };
    const error = await failure(client({ timeout: 20_000 }).usageRecords.close('UR-1', 'INV-7'));
    expect(error).toBeInstanceOf(HttpError);
    expect(error.status).toBe(101);
  });

  test('a bomb is not unpacked beyond its bound', async () => {
    const bomb = require('zlib').gzipSync(Buffer.alloc(40 << 20, ' '));
    answer = { headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }, body: bomb };
    expect(await failure(client().usageRecords.get('UR-1'))).toMatchObject({ code: 'max-size' });
    expect(await failure(client({ maxResponseBytes: 1000 }).usageChunks.download('UFC-1'))).toMatchObject({
      code: 'max-size',
    });
  });
});
