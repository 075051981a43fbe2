'use strict';

/** The errors as objects: classes, fields, stacks, and no secret in any of them. */

const util = require('util');

const { APIError, ConnectionError, HttpError, TimeoutError } = require('..');
const Original = require('sdk22/lib/connect/api/errors');
const { failure } = require('./support/promises');
const { startServer } = require('./support/server');
const { TRANSPORTS } = require('./support/transports');

test('HttpError and APIError are those of the original, and more', () => {
  const body = '{"error_code":"VAL_001","errors":["no"],"more":1}';
  for (const errors of [Original, { APIError, HttpError }]) {
    const http = new errors.HttpError(500, 'text');
    expect([http.name, http.message, Object.keys(http), http instanceof Error]).toEqual([
      'Error',
      'text',
      ['status'],
      true,
    ]);
    const error = new errors.APIError(400, body);
    expect([error.name, error.message, error.status, error.errorCode, error.errors, error.json]).toEqual([
      'Error',
      body,
      400,
      'VAL_001',
      ['no'],
      JSON.parse(body),
    ]);
    expect(Object.keys(error)).toEqual(['status', '_json']);
    expect(error).toBeInstanceOf(errors.HttpError);
    expect(() => new errors.APIError(400, 'not JSON')).toThrow(SyntaxError);
  }
});

test('connection errors look like those of node-fetch', () => {
  const error = new ConnectionError('gone', { code: 'ECONNRESET', maybeProcessed: true });
  expect(error).toMatchObject({
    name: 'ConnectionError',
    type: 'system',
    code: 'ECONNRESET',
    maybeProcessed: true,
  });
  const late = new TimeoutError('late');
  expect(late).toMatchObject({ name: 'TimeoutError', type: 'request-timeout', code: 'ETIMEDOUT' });
  expect(late).toBeInstanceOf(ConnectionError);
});

describe('rejections', () => {
  let server;
  beforeAll(async () => {
    server = await startServer(({ url }) =>
      url.includes('reset') ? { raw: (socket) => socket.destroy() } : { status: 500, body: 'oops' },
    );
  });
  afterAll(() => server.close());

  async function namedCaller(call) {
    await call();
  }

  test.each(Object.entries(TRANSPORTS))('over %s: stack, fields, no key', async (_, connect) => {
    const make = (endpoint) => connect(endpoint, { maxRetries: 0 });
    const gone = await startServer();
    await gone.close();
    const calls = {
      status: () => make(server.url).usageRecords.close('UR-1', 'INV-7'),
      refused: () => make(gone.url).usageRecords.close('UR-1', 'INV-7'),
      reset: () => make(server.url).usageRecords.close('reset', 'INV-7'),
      input: () => make(server.url).usageRecords.close(undefined),
    };
    const errors = {};
    for (const [name, call] of Object.entries(calls)) {
      errors[name] = await failure(namedCaller(call));
      expect(errors[name]).toBeInstanceOf(Error);
      expect(errors[name].stack).toContain('namedCaller');
      expect(util.inspect(errors[name], { depth: 9, showHidden: true })).not.toContain('topsecret');
      expect(JSON.stringify(errors[name])).not.toContain('topsecret');
    }
    const request = { method: 'POST', path: '/usage/records/UR-1/close', attempts: 1 };
    expect(errors.status).toMatchObject({ ...request, status: 500, message: 'oops' });
    expect(errors.refused).toMatchObject({
      ...request,
      code: 'ECONNREFUSED',
      // As node-fetch has it, and no number of Node's.
      errno: 'ECONNREFUSED',
      type: 'system',
      maybeProcessed: false,
    });
    expect(errors.refused.message).toMatch(/^POST \/usage\/records\/UR-1\/close failed: .*refused/i);
    expect(errors.reset).toMatchObject({
      code: 'ECONNRESET',
      errno: 'ECONNRESET',
      maybeProcessed: true,
      attempts: 1,
    });
    expect(errors.input).toBeInstanceOf(TypeError);
  });

  test.each(Object.entries(TRANSPORTS))(
    'over %s: an aborted call rejects with the reason',
    async (_, connect) => {
      const silent = await startServer({ raw: () => undefined });
      try {
        const abortWith = async (...reason) => {
          const controller = new AbortController();
          const call = connect(silent.url).usageRecords.close('UR-1', 'INV-7', undefined, {
            signal: controller.signal,
          });
          setTimeout(() => controller.abort(...reason), 20);
          return { error: await failure(call), reason: controller.signal.reason };
        };
        const plain = await abortWith();
        expect(plain.error).toBe(plain.reason);
        expect([plain.error.name, plain.error.type]).toEqual(['AbortError', 'aborted']);
        // A reason of the caller's own stays as it is.
        for (const own of [
          new Error('enough'),
          { why: 'enough' },
          'enough',
          new DOMException('late', 'TimeoutError'),
        ]) {
          const { error } = await abortWith(own);
          expect(error).toBe(own);
          expect(error.type).toBeUndefined();
        }
      } finally {
        await silent.close();
      }
    },
  );
});
