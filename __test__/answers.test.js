'use strict';

/** Whatever a server answers, a call ends in time, in a value or in an error of the right class. */

const { APIError, ConnectionError, HttpError, TimeoutError } = require('..');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { PATHS, TRANSPORTS } = require('./support/transports');

const json = { 'Content-Type': 'application/json' };
const html = { 'Content-Type': 'text/html' };

/** The first kilobyte of an answer, and then the end of the connection. */
const cut = (headers) => (socket, outgoing) => {
  outgoing.writeHead(200, { ...json, ...headers });
  outgoing.write('{"half":');
  setTimeout(() => socket.destroy(), 20);
};

const megabyte = JSON.stringify({ text: 'x'.repeat(1 << 20) });

// [name, the answer, what `get` gives: a value, or what its error is like]
const answers = [
  ['an empty 200', { body: '' }, { value: undefined }],
  ['204', { status: 204 }, { value: undefined }],
  ['206', { status: 206, json: [{ id: 1 }] }, { value: [{ id: 1 }] }],
  [
    'JSON with a charset',
    { headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: '{"a":"é"}' },
    { value: { a: 'é' } },
  ],
  ['JSON of another type', { headers: html, body: '{"a":1}' }, { value: { a: 1 } }],
  ['JSON null', { headers: json, body: 'null' }, { value: null }],
  ['a byte order mark', { headers: json, body: Buffer.from('\ufeff{"a":1}') }, { value: { a: 1 } }],
  ['invalid UTF-8', { headers: json, body: Buffer.from([0x22, 0xff, 0x22]) }, { value: '\ufffd' }],
  [
    'numbers and keys as JSON.parse reads them',
    { headers: json, body: '{"__proto__":{"x":1},"b":1e400,"a":9007199254740993}' },
    { value: JSON.parse('{"__proto__":{"x":1},"b":1e400,"a":9007199254740993}') },
  ],
  ['a megabyte', { headers: json, body: megabyte }, { value: JSON.parse(megabyte) }],
  [
    'HTML with 200',
    { headers: html, body: '<html>' },
    { error: HttpError, status: 200, says: /not JSON: <html>/ },
  ],
  [
    'broken JSON',
    { headers: json, body: '{"a":' },
    { error: HttpError, status: 200, says: /not JSON: \{"a":/ },
  ],
  [
    '400 with an error',
    { status: 400, json: { error_code: 'VAL_001', errors: ['no'] } },
    { error: APIError, status: 400, code: 'VAL_001' },
  ],
  [
    '400 with a charset',
    {
      status: 400,
      headers: { 'Content-Type': 'Application/JSON;charset=utf-8' },
      body: '{"error_code":"X"}',
    },
    { error: APIError, status: 400, code: 'X' },
  ],
  [
    '400 with broken JSON',
    { status: 400, headers: json, body: '{"a"' },
    { error: HttpError, status: 400, says: /^\{"a"$/ },
  ],
  [
    '400 with nothing',
    { status: 400, headers: json, body: '' },
    { error: HttpError, status: 400, says: /GET \/usage\/records\/UR-1 returned status 400 with no body/ },
  ],
  [
    '400 with null',
    { status: 400, headers: json, body: 'null' },
    { error: APIError, status: 400, code: undefined },
  ],
  [
    '500 with text',
    { status: 500, headers: { 'Content-Type': 'text/plain' }, body: 'Internal Server Error' },
    { error: HttpError, status: 500, says: /^Internal Server Error$/ },
  ],
  [
    '502 with HTML',
    { status: 502, headers: html, body: '<html>' },
    { error: HttpError, status: 502, says: /^<html>$/ },
  ],
  ['304', { status: 304 }, { error: HttpError, status: 304 }],
  [
    'no answer',
    { raw: (socket) => socket.destroy() },
    { error: ConnectionError, node: 'ECONNRESET', maybe: true },
  ],
  [
    'half a body of a known length',
    { raw: cut({ 'Content-Length': 1000 }) },
    { error: ConnectionError, maybe: true },
  ],
  ['half a chunked body', { raw: cut({}) }, { error: ConnectionError, maybe: true }],
  ['nonsense', { raw: (socket) => socket.end('NONSENSE\r\n\r\n') }, { error: ConnectionError, maybe: true }],
];

const server = useServer();

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const client = () => connect(server.url, { maxRetries: 0 });

  test.each(answers)('%s', async (_name, answer, expected) => {
    server.answer = answer;
    const result = await client()
      .usageRecords.get('UR-1')
      .then(
        (value) => ({ value }),
        (error) => ({ error }),
      );
    if ('value' in expected) {
      expect(result).toEqual(expected);
      return;
    }
    const { error } = result;
    expect(error).toBeInstanceOf(expected.error);
    expect(error instanceof APIError).toBe(expected.error === APIError);
    expect(error).toMatchObject({ method: 'GET', path: '/usage/records/UR-1', attempts: 1 });
    if (expected.status) expect(error.status).toBe(expected.status);
    if (expected.says) expect(error.message).toMatch(expected.says);
    if (expected.error === APIError) expect(error.errorCode).toBe(expected.code);
    if (expected.node) expect(error.code).toBe(expected.node);
    if (expected.maybe) expect(error.maybeProcessed).toBe(true);
  });

  test('delete does not look at the body', async () => {
    server.answer = { body: 'not JSON' };
    expect(await client().usageRecords.delete('UR-1')).toBeUndefined();
  });
});

test.each([
  ['endless', (outgoing) => outgoing],
  [
    'unpacked',
    (outgoing) => {
      const gzip = require('zlib').createGzip();
      gzip.pipe(outgoing);
      return gzip;
    },
  ],
])(
  'the engine refuses a body without end (%s) at 16 MiB',
  async (kind, through) => {
    server.answer = {
      raw: (socket, outgoing) => {
        outgoing.writeHead(200, { ...json, ...(kind === 'unpacked' && { 'Content-Encoding': 'gzip' }) });
        const sink = through(outgoing);
        const piece = Buffer.alloc(1 << 20, ' ');
        const pump = () => {
          while (!socket.destroyed) if (!sink.write(piece)) return void sink.once('drain', pump);
        };
        pump();
      },
    };
    const error = await failure(PATHS['the engine'](server.url, { maxRetries: 0 }).usageRecords.get('UR-1'));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ type: 'max-size', maybeProcessed: true });
    expect(error.message).toContain('larger than 16777216 bytes');
  },
  60000,
);

describe.each(Object.entries(PATHS))('over %s', (_, connect) => {
  test.each(['readTimeout', 'timeout'])('%s ends the wait for an answer', async (option) => {
    server.answer = { raw: () => undefined };
    const client = connect(server.url, { [option]: 100 });
    const error = await failure(client.usageRecords.close('UR-1', 'INV-7'));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({
      code: 'ETIMEDOUT',
      type: 'request-timeout',
      maybeProcessed: true,
      method: 'POST',
    });
  });
});
