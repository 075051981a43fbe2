'use strict';

const { once } = require('events');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { PassThrough, Readable } = require('stream');
const { ConnectionError, TimeoutError } = require('..');
const { useFolder } = require('./support/folder');
const { listen } = require('./support/listen');
const { failure, wait } = require('./support/promises');
const { useServer } = require('./support/server');
const { TRANSPORTS } = require('./support/transports');

// The body of a request: its length or its end is announced, and a stream is read to its end or closed.

/** A request within a body: a server that does not know where the body ends would process it. */
const SMUGGLED = 'POST /usage/records/UR-2/close HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';

/** A server that keeps the text of each connection, and answers after the first headers. */
async function startRaw() {
  const connections = [];
  const server = net.createServer((socket) => {
    const connection = { text: '' };
    connections.push(connection);
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
  return Object.assign(await listen(server), { connections });
}

const server = useServer();
const folder = useFolder();

describe.each(Object.entries(TRANSPORTS))('over %s', (_transport, connect) => {
  const client = (options) => connect(server.url, { maxRetries: 0, backOff: 1, ...options });

  describe('the length of a body is announced', () => {
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
        const sending = connect(raw.url, { maxRetries: 0 });
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

    test('Content-Length and Transfer-Encoding of the caller are ignored', async () => {
      const headers = { 'content-length': '3', 'Transfer-Encoding': 'chunked' };
      await client().fetch('/a', { method: 'DELETE', body: 'four', headers });
      expect(server.requests[0]).toMatchObject({ body: 'four', headers: { 'content-length': '4' } });
      expect(server.requests[0].headers).not.toHaveProperty('transfer-encoding');
    });
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
      ['is aborted', {}, () => ({ signal: AbortSignal.timeout(50) }), /abort|timeout/i],
      ['runs out of time', { timeout: 50 }, () => ({}), /timed out after 0.05 s/],
    ])('when its request %s', async (_, options, given, says) => {
      server.answer = { raw: () => undefined };
      const stream = endless();
      const error = await failure(send(stream, options, given()));
      expect(error.message).toMatch(says);
      expect(await closed(stream)).toBe(error);
    });

    test('when its request was aborted before', async () => {
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
      const { url, close } = await listen(breaking);
      for (const isThere of [true, false]) {
        if (!isThere) await close();
        const stream = endless();
        const one = connect(url, { maxRetries: 0 });
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
          const one = connect(early.url, { maxRetries: 0 });
          expect((await one.fetch('/a', { method: 'POST', body: stream })).status).toBe(200);
          await closed(stream);
          expect(stream.destroyed).toBe(true);
        }
      } finally {
        await early.close();
      }
    });

    test('and so is the descriptor of a file', async () => {
      server.answer = { raw: () => undefined };
      const file = path.join(folder, 'upload');
      fs.writeFileSync(file, Buffer.alloc(8 << 20));
      const stream = fs.createReadStream(file);
      expect(await failure(send(stream, { timeout: 60 }))).toBeInstanceOf(TimeoutError);
      await closed(stream);
      expect(stream.fd).toBe(null);
    });

    test('within a form, too, and a web stream', async () => {
      server.answer = { raw: () => undefined };
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

    test('a stream that fails while its call waits for a connection is what the call rejects with', async () => {
      const waiting = [];
      server.answer = { raw: (_socket, outgoing) => waiting.push(outgoing) };
      const one = client({ maxConnections: 1 });
      const first = one.usageRecords.get('UR-1');
      while (waiting.length === 0) await wait(5);
      const missing = () => fs.createReadStream(path.join(folder, 'missing'));
      const calls = [
        one.fetch('/a', { method: 'POST', body: missing() }),
        one.usageFiles.upload('UF-1', missing()),
      ].map(failure);
      for (const error of await Promise.all(calls)) expect(error.code).toBe('ENOENT');
      waiting[0].end('{}');
      expect(await first).toEqual({});
    });

    test('a stream that was closed or has failed before is not sent as an empty body', async () => {
      const gone = new PassThrough();
      gone.destroy();
      expect(await failure(send(gone))).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      const broken = new PassThrough().on('error', () => undefined);
      broken.destroy(new Error('gone before'));
      await wait(5);
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

    test('a stream that fails is what the call rejects with', async () => {
      const stream = new Readable({ read: () => undefined });
      setTimeout(() => stream.destroy(new Error('the disk is gone')), 20);
      expect((await failure(send(stream))).message).toBe('the disk is gone');
    });
  });
});
