'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { ConnectClient, ConnectionError } = require('..');
const { startServer } = require('./support/server');

// What is parsed on the main thread is bounded: of small objects V8 needs some twenty times the room of their text, and
// ends a process that has no more. On each road that an answer of ours can take.

const root = path.join(__dirname, '..');
const MIB = 1 << 20;
const MOST = 16 * MIB;
const JSON_TYPE = { 'Content-Type': 'application/json' };

let answer;
let server;
beforeAll(async () => {
  server = await startServer((request) => (typeof answer === 'function' ? answer(request) : answer));
});
afterAll(() => server.close());
beforeEach(() => server.requests.splice(0));

/** How a client is made that takes this road, as text, for the other process. */
const ROADS = {
  engine: '',
  hook: 'client.addAfterResponseHook((response) => response);',
  'hook that copies': 'client.addAfterResponseHook((response) => response.clone());',
  agent: `client.addBeforeRequestHook((url, options) => ({ url, options: { ...options, agent: new http.Agent() } }));`,
};
const make = (road, options) => {
  const client = new ConnectClient(server.url, 'ApiKey SU-000-000:topsecret', options);
  new Function('client', 'http', ROADS[road])(client, http);
  return client;
};

/** A text in JSON that is larger than may be parsed, but harmless: one string. */
const LARGE = Buffer.concat([Buffer.from('["'), Buffer.alloc(MOST, 'x'), Buffer.from('"]')]);

const SIZE = { code: 'max-size', type: 'max-size', maybeProcessed: true, method: 'GET', attempts: 1 };
const tooLarge = async (call, details = SIZE, most = MOST) => {
  const error = await call.catch((refusal) => refusal);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject(details);
  expect(error.message).toContain(`larger than ${most} bytes`);
  expect(error.message).toContain('maxResponseBytes');
};

describe.each(Object.keys(ROADS))('over the road: %s', (road) => {
  test('four searches at once that are answered with 60 MiB of small objects reject, and the process lives', async () => {
    answer = { headers: JSON_TYPE, body: `[${'{},'.repeat(20 * MIB)}{}]` };
    const program = `
      const http = require('http');
      const { ConnectClient, ConnectionError } = require(${JSON.stringify(root)});
      const client = new ConnectClient(${JSON.stringify(server.url)}, 'key', { maxRetries: 0 });
      ${ROADS[road]}
      const search = () => client.usageRecords.search({ status: 'approved' });
      Promise.allSettled([search(), search(), search(), search()]).then((all) => {
        for (const { reason, value } of all)
          console.log(reason instanceof ConnectionError, reason?.type, reason?.message ?? value.length);
      });`;
    const result = await new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['--max-old-space-size=1024', '-e', program],
        (_error, stdout, stderr) =>
          resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr: stderr.slice(0, 1000) }),
      );
    });
    const line =
      `true max-size GET /usage/records failed: the answer's body is larger than ${MOST} bytes; ` +
      "the client's option maxResponseBytes, or the request's size, allows more\n";
    expect(result).toEqual({ code: 0, signal: null, stdout: line.repeat(4), stderr: '' });
  });

  test('maxResponseBytes raises the bound, and lowers it', async () => {
    answer = { headers: JSON_TYPE, body: LARGE };
    await tooLarge(make(road).usageRecords.get('UR-1'));
    await tooLarge(make(road).usageRecords.list().first());
    const [text] = await make(road, { maxResponseBytes: 2 * MOST }).usageRecords.get('UR-1');
    expect(text).toHaveLength(MOST);
    await tooLarge(make(road, { maxResponseBytes: MIB }).usageRecords.get('UR-1'), SIZE, MIB);
  });

  test('whatever the type says, and at the byte', async () => {
    answer = { headers: { 'Content-Type': 'text/html' }, body: LARGE };
    await tooLarge(make(road).usageRecords.get('UR-1'));
    answer = {
      headers: JSON_TYPE,
      body: Buffer.concat([Buffer.from('{"a":1}'), Buffer.alloc(MOST - 7, ' ')]),
    };
    expect(await make(road).usageRecords.get('UR-1')).toEqual({ a: 1 });
    answer = {
      headers: JSON_TYPE,
      body: Buffer.concat([Buffer.from('{"a":1}'), Buffer.alloc(MOST - 6, ' ')]),
    };
    await tooLarge(make(road).usageRecords.get('UR-1'));
  });

  test.each([['get'], ['download']])('a refusal of %s is parsed, too', async (name) => {
    answer = { status: 400, headers: JSON_TYPE, body: LARGE };
    const call = (client) =>
      name === 'get' ? client.usageRecords.get('UR-1') : client.usageChunks.download('UFC-1');
    await tooLarge(call(make(road)));
    await expect(call(make(road, { maxResponseBytes: 2 * MOST }))).rejects.toMatchObject({ status: 400 });
  });

  test('a download may be larger, unless it is JSON', async () => {
    answer = { headers: { 'Content-Type': 'application/octet-stream' }, body: LARGE };
    const download = (options) => make(road, options).usageChunks.download('UFC-1');
    expect(await download()).toHaveLength(LARGE.length);
    answer = { headers: JSON_TYPE, body: LARGE };
    await tooLarge(download(), road === 'engine' ? SIZE : { code: 'max-size' });
    expect((await download({ maxResponseBytes: 2 * MOST }))[0]).toHaveLength(MOST);
    // A text that only begins like JSON is a file.
    answer = { headers: { 'Content-Type': 'text/plain' }, body: LARGE };
    expect(Buffer.isBuffer(await download())).toBe(true);
    expect(Buffer.isBuffer(await download({ maxResponseBytes: 2 * MOST }))).toBe(false);
  });

  test('a download that is saved has no bound', async () => {
    answer = { headers: JSON_TYPE, body: LARGE };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-large-'));
    try {
      const to = path.join(folder, 'chunk.json');
      const saved = await make(road, { maxResponseBytes: MIB }).usageChunks.download('UFC-1', { to });
      expect(saved).toEqual({ path: to, bytes: LARGE.length });
      expect(fs.statSync(to).size).toBe(LARGE.length);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('what nobody parses may be larger: `client.fetch`', async () => {
    answer = { headers: JSON_TYPE, body: LARGE };
    const response = await make(road).fetch('/usage/records');
    expect(await response.buffer()).toHaveLength(LARGE.length);
  });
});

test('a run of closeMany reads answers of its own up to 64 MiB', async () => {
  const closed = [{ id: 'UR-1', status: 'closed', external_billing_id: 'INV-7' }];
  const body = (bytes) => Buffer.concat([Buffer.from(JSON.stringify(closed)), Buffer.alloc(bytes, ' ')]);
  answer = ({ method }) =>
    method === 'POST' ? { headers: JSON_TYPE, body: body(60 * MIB) } : { json: closed[0] };
  const records = [{ id: 'UR-1', externalBillingId: 'INV-7' }];
  const report = await make('engine').usageRecords.closeMany(records);
  expect(report).toMatchObject({ closed: 1, unknown: [] });
  expect(server.requests.map(({ method }) => method)).toEqual(['POST']);
});
