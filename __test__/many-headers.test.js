'use strict';

const http = require('http');
const http2 = require('http2');
const { ConnectionError } = require('..');
const { ca, leaf } = require('./support/certificates');
const { useListen } = require('./support/listen');
const { failure } = require('./support/promises');
const { PATHS } = require('./support/transports');

// Responses with more than the hundred headers at which the HTTP client would stop: Node reads what fits in 16 KiB.

let count;
/** The `count` headers of a response. */
const headers = () =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`x-${number}`, `${number % 10}`]));

const listen = useListen(afterAll);
const urls = {};
beforeAll(async () => {
  const plain = http.createServer((_request, response) => response.writeHead(200, headers()).end('{}'));
  urls['HTTP/1.1'] = (await listen(plain)).url;
  const secure = http2.createSecureServer(leaf);
  secure.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, ...headers() });
    stream.end('{}');
  });
  urls['HTTP/2'] = (await listen(secure)).url;
});

describe.each(Object.entries(PATHS))('over %s', (_, connect) => {
  const client = (url) => connect(url, { ca, maxRetries: 0 });

  // At most what fits in Node's 16 KiB with short names.
  describe.each(['HTTP/1.1', 'HTTP/2'])('by %s', (version) => {
    test.each([101, 1000, 1400])('%d headers are read', async (many) => {
      count = many;
      expect(await client(urls[version]).usageRecords.get('UR-1')).toEqual({});
      const response = await client(urls[version]).fetch('/usage/records');
      expect(response.headers.get('x-0')).toBe('0');
      expect(response.headers.get(`x-${many - 1}`)).toBe(`${(many - 1) % 10}`);
    });

    test('2,500 headers are refused, and the next response is read', async () => {
      count = 2500;
      const error = await failure(client(urls[version]).usageRecords.get('UR-1'));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ maybeProcessed: true, attempts: 1, code: expect.any(String) });
      count = 1;
      expect(await client(urls[version]).usageRecords.get('UR-1')).toEqual({});
    });
  });
});
