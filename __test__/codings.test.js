'use strict';

const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { ConnectionError } = require('..');
const { TEXT, READABLE, BROKEN, UNKNOWN, EMPTY } = require('./support/codings');
const { useFolder } = require('./support/folder');
const { printedBy } = require('./support/program');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { TRANSPORTS } = require('./support/transports');

// Compressed answers: read to their end, in memory and into a file, or a failure; never half of one as the whole.

const server = useServer();
const folder = useFolder();
const coded = (coding, body) => ({
  headers: { 'Content-Type': 'application/json', 'Content-Encoding': coding, 'Content-Length': body.length },
  body,
});

/** Reads a record of a server whose answer is too large; prints how that ends, and by how many MB memory grew. */
const PROGRAM = `
  const { TRANSPORTS } = require(${JSON.stringify(require.resolve('./support/transports'))});
  const { peakMegabytes } = require(${JSON.stringify(require.resolve('./support/peakMemory'))});
  const [transport, url] = process.argv.slice(1);
  const client = TRANSPORTS[transport](url, { maxRetries: 0, maxResponseBytes: 1 << 20 });
  (async () => {
    // What the first request loads belongs to the process.
    await client.fetch('/usage/records', { method: 'HEAD' });
    const before = peakMegabytes();
    const { type, code, maybeProcessed } = await client.usageRecords.get('UR-1').catch((error) => error);
    console.log(JSON.stringify({ error: { type, code, maybeProcessed }, grown: peakMegabytes() - before }));
    process.exit();
  })();`;

/** V8 lets its young generation grow to 48 MB, however little of it is in use. */
const V8 = ['--max-semi-space-size=4'];

describe.each(Object.entries(TRANSPORTS))('over %s', (transport, connect) => {
  const client = (options) => connect(server.url, { maxRetries: 0, ...options });

  test.each(READABLE)('%s is read', async (_, coding, body) => {
    server.answer = coded(coding, body);
    expect(await client().usageRecords.get('UR-1')).toEqual(JSON.parse(TEXT));
    const response = await client().fetch('/usage/records');
    // They speak of what was sent.
    expect(response.headers.get('content-encoding')).toBe(null);
    expect(response.headers.get('content-length')).toBe(null);
    expect((await response.text()) === TEXT).toBe(true);
    const to = path.join(folder, 'file');
    const { bytes } = await client().usageChunks.download('UFC-1', { to });
    expect(bytes).toBe(TEXT.length);
    expect(fs.readFileSync(to, 'utf8') === TEXT).toBe(true);
  });

  test.each(BROKEN)('%s is a failure, and leaves no file', async (_, coding, body) => {
    server.answer = coded(coding, body);
    const to = path.join(folder, 'broken');
    const calls = [
      client().usageRecords.get('UR-1'),
      client().usageChunks.download('UFC-1'),
      client().usageChunks.download('UFC-1', { to }),
    ];
    for (const call of calls.map(failure)) {
      const error = await call;
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ code: 'Z_DATA_ERROR', maybeProcessed: true, attempts: 1 });
    }
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('broken'))).toEqual([]);
  });

  test.each(UNKNOWN)('%s: the body stays as it is', async (_, coding, body) => {
    server.answer = coded(coding, body);
    const response = await client().fetch('/usage/records');
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(response.headers.get('content-length')).toBe(String(body.length));
    expect((await response.buffer()).equals(body)).toBe(true);
  });

  test.each(EMPTY)('%s: nothing is nothing, whatever its coding', async (_, method, status) => {
    const headers = { 'Content-Encoding': 'gzip' };
    if (method === 'HEAD') headers['Content-Length'] = 1234;
    server.answer = { status, headers };
    const response = await client().fetch('/usage/records', { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    if (method === 'HEAD') expect(response.headers.get('content-length')).toBe('1234');
    expect(await response.text()).toBe('');
  });

  test('a coded body that ends before its length is cut off, though its coding is whole', async () => {
    const body = zlib.gzipSync(TEXT);
    server.answer = {
      raw: (socket) => {
        const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length + 1}\r\n\r\n`;
        socket.write(head);
        socket.end(body);
      },
    };
    const error = await failure(client().usageRecords.get('UR-1'));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.maybeProcessed).toBe(true);
  });

  test.each([
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
    ['gzip, gzip', (bytes) => zlib.gzipSync(zlib.gzipSync(bytes))],
  ])('what unpacks to more than is allowed is refused: %s', async (coding, pack) => {
    server.answer = coded(coding, pack(Buffer.alloc(64 << 20, ' ')));
    // In a process of its own: that of the tests grows by itself.
    const { error, grown } = await printedBy(PROGRAM, { args: [transport, server.url], flags: V8 });
    expect(error).toEqual({ type: 'max-size', code: 'max-size', maybeProcessed: true });
    expect(grown).toBeLessThan(40);
  });

  test.each([
    ['members', zlib.gzipSync('')],
    ['zeros behind a member', Buffer.alloc(1 << 16)],
  ])('%s without end, of nothing, are refused', async (_, piece) => {
    server.answer = {
      raw: (socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n');
        socket.write(zlib.gzipSync('{}'));
        const pieces = Buffer.alloc(Math.ceil((1 << 16) / piece.length) * piece.length, piece);
        const pump = () => {
          while (!socket.destroyed) if (!socket.write(pieces)) return void socket.once('drain', pump);
        };
        pump();
      },
    };
    const to = path.join(folder, 'endless');
    // Heard at once: which of them fails first is chance.
    const calls = [client().usageRecords.get('UR-1'), client().usageChunks.download('UFC-1', { to })];
    for (const call of calls.map(failure)) {
      expect(await call).toMatchObject({ code: 'Z_DATA_ERROR', maybeProcessed: true });
    }
    expect(fs.existsSync(to)).toBe(false);
  });
});
