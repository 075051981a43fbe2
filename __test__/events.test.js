'use strict';

const { AsyncLocalStorage } = require('async_hooks');
const { execFile } = require('child_process');
const { channel } = require('diagnostics_channel');
const path = require('path');
const { promisify } = require('util');
const { ConnectClient, ConnectionError, HttpError } = require('..');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { KEY, TRANSPORTS } = require('./support/transports');

// What the package reports of its requests over diagnostics_channel, and to standard error with CONNECT_LOG.

const NAMES = ['start', 'retry', 'end', 'error'];

let script;
const server = useServer((_request, count) => script[Math.min(count, script.length) - 1]);

let events;
let added;
let context;
const storage = new AsyncLocalStorage();
const subscribers = NAMES.map((name) => [
  channel(`cloudblue-connect:request:${name}`),
  (message) => {
    events.push({ name, ...message, headers: undefined });
    context.push(storage.getStore());
    if (name === 'start') Object.assign(message.headers, added);
  },
]);
beforeEach(() => {
  script = [OK];
  events = [];
  context = [];
  added = {};
  for (const [one, listener] of subscribers) one.subscribe(listener);
});
afterEach(() => {
  for (const [one, listener] of subscribers) one.unsubscribe(listener);
});

const OK = { json: { id: 'X-1' } };
const BUSY = { status: 503, body: 'busy' };

const make = () => new ConnectClient(server.url, KEY);

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const client = () => connect(server.url, { backOff: 1 });

  test('start and end of a call, with what is known of it', async () => {
    expect(await client().usageRecords.search({ 'asset.id': 'personal' })).toEqual({ id: 'X-1' });
    const common = {
      id: expect.any(Number),
      method: 'GET',
      url: `${server.url}/usage/records`,
      apiKey: 'ApiKey SU-000-000:****',
    };
    expect(events).toEqual([
      { ...common, name: 'start' },
      {
        ...common,
        name: 'end',
        status: 200,
        attempts: 1,
        durationMs: expect.any(Number),
      },
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  test('an error status is an end too; each call has its own id', async () => {
    script = [{ status: 400, body: 'no' }];
    expect(await failure(client().assets.create({}))).toBeInstanceOf(HttpError);
    expect(events.map(({ name, status }) => [name, status])).toEqual([
      ['start', undefined],
      ['end', 400],
    ]);
    await failure(client().assets.create({}));
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  test('each attempt that failed and is repeated is a retry', async () => {
    script = [BUSY, { raw: (socket) => socket.destroy() }, OK];
    await client().assets.get('AS-1');
    expect(events.map(({ name, attempt, status, code }) => [name, attempt, status, code])).toEqual([
      ['start', undefined, undefined, undefined],
      ['retry', 1, 503, undefined],
      ['retry', 2, undefined, 'ECONNRESET'],
      ['end', undefined, 200, undefined],
    ]);
    expect(events[3].attempts).toBe(3);
  });

  test('a call without an answer ends with an error', async () => {
    script = [{ raw: (socket) => socket.destroy() }];
    const error = await failure(client().assets.create({}));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(events.map(({ name }) => name)).toEqual(['start', 'error']);
    expect(events[1].error).toBeInstanceOf(ConnectionError);
    expect(events[1].error.code).toBe('ECONNRESET');
  });

  test('an aborted call ends with an error: the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    script = [{ raw: () => controller.abort(reason) }];
    await failure(client().assets.get('AS-1', { signal: controller.signal }));
    expect(events.map(({ name, error }) => [name, error])).toEqual([
      ['start', undefined],
      ['error', reason],
    ]);
  });

  test('headers that a subscriber adds are sent with every attempt; the key is not theirs to change', async () => {
    added = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      authorization: 'ApiKey evil',
    };
    script = [BUSY, OK];
    await client().assets.get('AS-1', { headers: { Traceparent: 'mine', 'X-Other': 'kept' } });
    for (const { headers } of server.requests) {
      expect(headers).toMatchObject({
        traceparent: added.traceparent,
        'x-other': 'kept',
        authorization: KEY,
      });
    }
    expect(server.requests).toHaveLength(2);
  });

  test('subscribers run in the async context of the call', async () => {
    script = [BUSY, OK];
    await storage.run('the caller', () => client().assets.get('AS-1'));
    expect(new Set(context)).toEqual(new Set(['the caller']));
  });

  test('a call that is refused before it is sent has no events', async () => {
    await failure(client().assets.get(undefined));
    await failure(client().assets.get('AS-1', { timeout: -1 }));
    expect(events).toEqual([]);
  });
});

test('the requests of closeMany have events', async () => {
  script = [{ status: 206, json: [{ id: 'UR-1', external_billing_id: 'INV-7', status: 'closed' }] }];
  await make().usageRecords.closeMany([{ id: 'UR-1', externalBillingId: 'INV-7' }]);
  expect(events.map(({ name, url, status }) => [name, url, status])).toEqual([
    ['start', `${server.url}/usage/records/close-records`, undefined],
    ['end', `${server.url}/usage/records/close-records`, 206],
  ]);
});

test('the requests of a list and an upload have events', async () => {
  script = [{ json: [{ id: 1 }] }];
  await make().assets.list().toArray();
  script = [{ json: {} }];
  await make().usageFiles.upload('UF-1', Buffer.from('x'));
  expect(events.map(({ name, method }) => [name, method])).toEqual([
    ['start', 'GET'],
    ['end', 'GET'],
    ['start', 'POST'],
    ['end', 'POST'],
  ]);
});

describe('CONNECT_LOG', () => {
  const program = `
    const { ConnectClient } = require(process.argv[1]);
    const client = new ConnectClient(process.argv[2], ${JSON.stringify(KEY)}, { backOff: 1 });
    client.assets.search({ name: 'personal' }).then(() => client.assets.create({})).catch(() => undefined);`;
  const run = (level) =>
    promisify(execFile)(process.execPath, ['-e', program, path.join(__dirname, '..'), server.url], {
      env: { ...process.env, CONNECT_LOG: level, NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' },
    });

  test('debug: a line for each thing that happens, on standard error, without key and query', async () => {
    script = [BUSY, OK, { raw: (socket) => socket.destroy() }];
    const { stdout, stderr } = await run('debug');
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toEqual([
      `cloudblue-connect [1] GET ${server.url}/assets ApiKey SU-000-000:****`,
      expect.stringMatching(/^cloudblue-connect \[1\] attempt 1 returned status 503, retrying in \d+ ms$/),
      expect.stringMatching(/^cloudblue-connect \[1\] 200 in \d+ ms, 2 attempts$/),
      `cloudblue-connect [2] POST ${server.url}/assets ApiKey SU-000-000:****`,
      expect.stringMatching(/^cloudblue-connect \[2\] failed after \d+ ms: POST \/assets failed: /),
    ]);
  });

  test('any other value: no line', async () => {
    expect(await run('')).toEqual({ stdout: '', stderr: '' });
    expect(await run('verbose')).toEqual({ stdout: '', stderr: '' });
  });
});
