'use strict';

const { APIError, ConnectClient, ConnectionError, HttpError, TimeoutError } = require('..');
const { failure } = require('./support/promises');
const { startServer, useServer } = require('./support/server');
const { KEY, TRANSPORTS } = require('./support/transports');

// What is sent again, and how often; the table of the policy itself is in `src/core/retry/policy.rs`.

let script;
const server = useServer((_request, count) => script[Math.min(count, script.length) - 1]);

const OK = { json: { id: 'X-1' } };
const BUSY = { status: 503, json: { error_code: 'BUSY', errors: ['later'] } };
const RESET = { raw: (socket) => socket.destroy() };
const CUT = {
  raw: (socket, outgoing) => {
    outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
    outgoing.write('{"id":', () => socket.destroy());
  },
};
const SILENT = { raw: () => undefined };

const make = (options) => new ConnectClient(server.url, KEY, { backOff: 1, ...options });

const get = (client, ...call) => client.assets.get('AS-1', ...call);
const search = (client, ...call) => client.assets.search({ id: 'AS-1' }, ...call);
const post = (client, ...call) => client.usageRecords.close('UR-1', 'INV-7', undefined, ...call);
const put = (client, ...call) => client.assets.update('AS-1', { a: 1 }, ...call);
const remove = (client, ...call) => client.webhooks.delete('WH-1', ...call);

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const client = (options) => connect(server.url, { backOff: 1, ...options });

  test.each([
    ['GET, 503 twice', get, [BUSY, BUSY, OK], 3],
    ['GET, 502', get, [{ status: 502, body: 'x' }, OK], 2],
    ['GET, 504', get, [{ status: 504, body: 'x' }, OK], 2],
    ['GET, 408', get, [{ status: 408, body: 'x' }, OK], 2],
    ['GET, 429', get, [{ status: 429, body: 'x' }, OK], 2],
    ['GET, a reset', get, [RESET, OK], 2],
    ['GET, half an answer', get, [CUT, OK], 2],
    ['a search, all of it', search, [RESET, BUSY, OK], 3],
    ['POST, 429', post, [{ status: 429, body: 'x' }, { status: 429, body: 'x' }, OK], 3],
    ['PUT, 429', put, [{ status: 429, body: 'x' }, OK], 2],
    ['DELETE, 503', remove, [BUSY, { status: 204 }], 2],
    ['DELETE, a reset', remove, [RESET, { status: 204 }], 2],
    ['DELETE, carried out though its answer was lost', remove, [RESET, { status: 404, body: 'gone' }], 2],
    ['a redirect on the way', get, [{ status: 307, headers: { Location: '/moved' } }, BUSY, OK], 3],
  ])('%s is sent again', async (_what, call, answers, times) => {
    script = answers;
    const value = await call(client());
    expect(value).toEqual(call === remove ? undefined : { id: 'X-1' });
    expect(server.requests).toHaveLength(times);
    // The same again, the body too.
    const [{ method, body, headers }] = server.requests;
    for (const again of server.requests) {
      expect({ method: again.method, body: again.body }).toEqual({ method, body });
      expect(again.headers.authorization).toBe(headers.authorization);
    }
  });

  test.each([
    ['POST', post, BUSY, { status: 503 }],
    ['POST', post, RESET, { code: 'ECONNRESET' }],
    ['POST', post, CUT, {}],
    ['POST', post, { status: 500, body: 'x' }, { status: 500 }],
    ['POST', post, { status: 408, body: 'x' }, { status: 408 }],
    ['PUT', put, BUSY, { status: 503 }],
    ['PUT', put, RESET, { code: 'ECONNRESET' }],
  ])(
    '%s is not sent again once it may have been carried out, and says so (%#)',
    async (_what, call, answer, fields) => {
      script = [answer];
      expect(await failure(call(client()))).toMatchObject({ ...fields, attempts: 1, maybeProcessed: true });
      expect(server.requests).toHaveLength(1);
    },
  );

  test.each([400, 401, 404, 409, 422, 500, 501])(
    '%i is not sent again, whatever the method',
    async (status) => {
      script = [{ status, body: 'x' }];
      const errors = [await failure(get(client())), await failure(remove(client()))];
      expect(errors.map((error) => [error.status, error.attempts, error.maybeProcessed])).toEqual([
        [status, 1, undefined],
        [status, 1, undefined],
      ]);
      expect(server.requests).toHaveLength(2);
    },
  );

  test('a DELETE that finds nothing has only succeeded if it may have been carried out before', async () => {
    script = [
      { status: 429, body: 'x' },
      { status: 404, body: 'gone' },
    ];
    expect(await failure(remove(client()))).toMatchObject({ status: 404, attempts: 2 });
  });

  test('a POST that was redirected is not sent again: whoever redirected has had it', async () => {
    script = [
      { status: 303, headers: { Location: '/elsewhere' } },
      { status: 429, body: 'x' },
    ];
    expect(await failure(post(client()))).toMatchObject({ status: 429, attempts: 1 });
    expect(server.requests).toHaveLength(2);
  });

  test('a Retry-After too large for any clock ends the call', async () => {
    script = [{ status: 429, headers: { 'Retry-After': '99999999999999999999999' }, body: 'x' }];
    expect(await failure(get(client()))).toMatchObject({ status: 429, attempts: 1 });
  });

  test('the last response is what a call rejects with, with its attempts', async () => {
    script = [RESET, { status: 502, body: 'gateway' }, BUSY];
    const error = await failure(get(client()));
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 503, errorCode: 'BUSY', attempts: 3 });
    expect(error.waitedMs).toBeGreaterThanOrEqual(0);
  });

  test('maxRetries: of the client, and of a call', async () => {
    script = [BUSY];
    expect(await failure(get(client({ maxRetries: 0 })))).toMatchObject({ attempts: 1 });
    expect(await failure(get(client({ maxRetries: 4 })))).toMatchObject({ attempts: 5 });
    expect(await failure(get(client({ maxRetries: 4 }), { maxRetries: 1 }))).toMatchObject({ attempts: 2 });
    expect(await failure(get(client({ maxRetries: 0 }), { maxRetries: 1 }))).toMatchObject({ attempts: 2 });
    expect(server.requests).toHaveLength(10);
  });

  test('Retry-After is obeyed; one above a minute ends the call', async () => {
    script = [{ status: 429, headers: { 'Retry-After': '0.25' }, body: 'x' }];
    expect(await failure(post(client()))).toMatchObject({ status: 429, attempts: 3, waitedMs: 500 });
    server.requests.splice(0);
    script = [{ status: 429, headers: { 'Retry-After': '61' }, body: 'x' }];
    expect(await failure(post(client()))).toMatchObject({ status: 429, retryAfter: '61', attempts: 1 });
    expect(server.requests).toHaveLength(1);
  });

  const hour = (number, seconds = 0) => new Date(Date.UTC(1994, 10, 6, number, 0, seconds)).toUTCString();
  test.each([
    ['no seconds', { 'Retry-After': '0' }],
    ['a date that has passed', { 'Retry-After': hour(8) }],
    ['a date that has passed by the clock of the server', { Date: hour(9), 'Retry-After': hour(8, 59) }],
    [
      'a date that has passed by a clock that is ahead',
      { Date: 'Thu, 01 Jan 2099 00:00:30 GMT', 'Retry-After': 'Thu, 01 Jan 2099 00:00:00 GMT' },
    ],
  ])('a Retry-After that asks for no time does not do away with the back-off: %s', async (_, headers) => {
    script = [{ status: 429, headers, body: 'x' }];
    const error = await failure(post(client({ backOff: 20 })));
    expect(error).toMatchObject({ status: 429, attempts: 3, waitedMs: expect.any(Number) });
    expect(error.waitedMs).toBeGreaterThan(0);
  });

  test.each([
    ['is ahead', { Date: 'Thu, 01 Jan 2099 00:00:00 GMT', 'Retry-After': 'Thu, 01 Jan 2099 00:00:01 GMT' }],
    ['is behind', { Date: hour(8), 'Retry-After': hour(8, 1) }],
  ])('a Retry-After that is a date is reckoned by the clock of the server, which %s', async (_, headers) => {
    script = [{ status: 429, headers, body: 'x' }];
    const error = await failure(post(client({ maxRetries: 1 })));
    expect(error).toMatchObject({ status: 429, attempts: 2, waitedMs: 1000 });
  });

  test('a wait beyond the deadline ends the call with the last response', async () => {
    script = [{ status: 503, headers: { 'Retry-After': '30' }, body: 'busy' }];
    const error = await failure(get(client({ timeout: 20_000 })));
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ status: 503, attempts: 1 });
  });

  test('the deadline holds for all attempts together, and names the result of the previous one', async () => {
    script = [BUSY, SILENT];
    const error = await failure(get(client(), { timeout: 400 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ attempts: 2, code: 'ETIMEDOUT' });
    expect(error.cause.message).toBe('the previous attempt returned status 503');
    server.requests.splice(0);
    script = [RESET, SILENT];
    const reset = await failure(get(client({ timeout: 400 })));
    expect(reset.cause.message).toMatch(/^the previous attempt failed: ./);
  });

  test('a signal ends the wait for the next attempt', async () => {
    script = [{ status: 503, headers: { 'Retry-After': '50' }, body: 'busy' }, OK];
    const controller = new AbortController();
    const reason = new Error('enough');
    const pending = failure(get(client(), { signal: controller.signal }));
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    setTimeout(() => controller.abort(reason), 20);
    expect(await pending).toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  test('a request that was never sent is sent again, whatever its method', async () => {
    const gone = await startServer();
    await gone.close();
    const nobody = client();
    nobody._endpoint = gone.url;
    const error = await failure(post(nobody));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: 'ECONNREFUSED', attempts: 3, maybeProcessed: false });
  });

  test('a list repeats a page that fails once', async () => {
    const page = (items, range) => ({ json: items, headers: { 'Content-Range': range } });
    script = [page([{ id: 1 }], 'items 0-0/2'), BUSY, page([{ id: 2 }], 'items 1-1/2')];
    expect(await client().assets.list({}, { pageSize: 1 }).toArray()).toEqual([{ id: 1 }, { id: 2 }]);
    server.requests.splice(0);
    script = [BUSY];
    expect(await failure(client().assets.list({}, { maxRetries: 0 }).first())).toMatchObject({ attempts: 1 });
  });
});

test('a stream is not sent again: it has been read', async () => {
  script = [{ status: 429, body: 'x' }, OK];
  const { Readable } = require('stream');
  const error = await failure(make().usageFiles.upload('UF-1', Readable.from([Buffer.from('a')])));
  expect(error).toMatchObject({ status: 429, attempts: 1 });
  expect(server.requests).toHaveLength(1);
});

test('a custom adapter sends each request once', async () => {
  let sent = 0;
  const adapter = {
    fetch: async () => {
      sent += 1;
      return { ok: false, status: 503, headers: new Headers(), text: async () => 'busy' };
    },
  };
  const client = new ConnectClient(server.url, 'key', { adapter, maxRetries: 5 });
  expect(await failure(client.assets.get('AS-1'))).toMatchObject({ status: 503 });
  expect(sent).toBe(1);
});

test.each([-1, 1.5, '2', Number.NaN, null])('maxRetries: %p is refused', (maxRetries) => {
  expect(() => make({ maxRetries })).toThrow('the option maxRetries must be a whole number of at least 0');
});
