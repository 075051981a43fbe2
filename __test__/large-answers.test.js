'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const path = require('path');
const { ConnectionError } = require('..');
const { useFolder } = require('./support/folder');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { TRANSPORTS } = require('./support/transports');

// The size of a response that the main thread parses is bounded: small objects take V8 about twenty times the memory of
// their text, and V8 ends a process that runs out of memory.

const root = path.join(__dirname, '..');
const MIB = 1 << 20;
const LIMIT = 16 * MIB;
const JSON_TYPE = { 'Content-Type': 'application/json' };

const server = useServer();
const folder = useFolder();

/** What is done to a client before it sends, as text: a process of its own does it, too. */
const copying = 'client.addAfterResponseHook((response) => response.clone());';
const CLIENTS = [
  ...Object.keys(TRANSPORTS).map((name) => [name, name, '']),
  ['a hook that copies', 'the engine', copying],
];

/** A text in JSON that is larger than may be parsed, but harmless: one string. */
const LARGE = Buffer.concat([Buffer.from('["'), Buffer.alloc(LIMIT, 'x'), Buffer.from('"]')]);

const SIZE = { code: 'max-size', type: 'max-size', maybeProcessed: true, method: 'GET', attempts: 1 };
const tooLarge = async (call, details = SIZE, most = LIMIT) => {
  const error = await failure(call);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject(details);
  expect(error.message).toContain(`larger than ${most} bytes`);
  expect(error.message).toContain('maxResponseBytes');
};

describe.each(CLIENTS)('over %s', (name, transport, change) => {
  const make = (options) => {
    const client = TRANSPORTS[transport](server.url, options);
    new Function('client', change)(client);
    return client;
  };

  test('four searches at once that are answered with 60 MiB of small objects reject, and the process lives', async () => {
    server.answer = { headers: JSON_TYPE, body: `[${'{},'.repeat(20 * MIB)}{}]` };
    const program = `
      const { ConnectionError } = require(${JSON.stringify(root)});
      const { TRANSPORTS } = require(${JSON.stringify(require.resolve('./support/transports'))});
      const client = TRANSPORTS[${JSON.stringify(transport)}](${JSON.stringify(server.url)}, { maxRetries: 0 });
      ${change}
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
      `true max-size GET /usage/records failed: the response body is larger than ${LIMIT} bytes; ` +
      "raise maxResponseBytes (or the request's `size`) to allow more\n";
    expect(result).toEqual({ code: 0, signal: null, stdout: line.repeat(4), stderr: '' });
  });

  test('maxResponseBytes raises the bound, and lowers it', async () => {
    server.answer = { headers: JSON_TYPE, body: LARGE };
    await tooLarge(make().usageRecords.get('UR-1'));
    await tooLarge(make().usageRecords.list().first());
    const [text] = await make({ maxResponseBytes: 2 * LIMIT }).usageRecords.get('UR-1');
    expect(text).toHaveLength(LIMIT);
    await tooLarge(make({ maxResponseBytes: MIB }).usageRecords.get('UR-1'), SIZE, MIB);
  });

  test('the bound is exact to the byte, and holds for every content type', async () => {
    server.answer = { headers: { 'Content-Type': 'text/html' }, body: LARGE };
    await tooLarge(make().usageRecords.get('UR-1'));
    server.answer = {
      headers: JSON_TYPE,
      body: Buffer.concat([Buffer.from('{"a":1}'), Buffer.alloc(LIMIT - 7, ' ')]),
    };
    expect(await make().usageRecords.get('UR-1')).toEqual({ a: 1 });
    server.answer = {
      headers: JSON_TYPE,
      body: Buffer.concat([Buffer.from('{"a":1}'), Buffer.alloc(LIMIT - 6, ' ')]),
    };
    await tooLarge(make().usageRecords.get('UR-1'));
  });

  test.each([['get'], ['download']])('the bound holds for an error answer to %s', async (name) => {
    server.answer = { status: 400, headers: JSON_TYPE, body: LARGE };
    const call = (client) =>
      name === 'get' ? client.usageRecords.get('UR-1') : client.usageChunks.download('UFC-1');
    await tooLarge(call(make()));
    await expect(call(make({ maxResponseBytes: 2 * LIMIT }))).rejects.toMatchObject({ status: 400 });
  });

  test('a download may be larger, unless it is JSON', async () => {
    server.answer = { headers: { 'Content-Type': 'application/octet-stream' }, body: LARGE };
    const download = (options) => make(options).usageChunks.download('UFC-1');
    expect(await download()).toHaveLength(LARGE.length);
    server.answer = { headers: JSON_TYPE, body: LARGE };
    await tooLarge(download(), name === 'the engine' ? SIZE : { code: 'max-size' });
    expect((await download({ maxResponseBytes: 2 * LIMIT }))[0]).toHaveLength(LIMIT);
    // A text that only begins like JSON is a file.
    server.answer = { headers: { 'Content-Type': 'text/plain' }, body: LARGE };
    expect(Buffer.isBuffer(await download())).toBe(true);
    expect(Buffer.isBuffer(await download({ maxResponseBytes: 2 * LIMIT }))).toBe(false);
  });

  test('a download to a file has no bound', async () => {
    server.answer = { headers: JSON_TYPE, body: LARGE };
    const to = path.join(folder, 'chunk.json');
    const saved = await make({ maxResponseBytes: MIB }).usageChunks.download('UFC-1', { to });
    expect(saved).toEqual({ path: to, bytes: LARGE.length });
    expect(fs.statSync(to).size).toBe(LARGE.length);
  });

  test('client.fetch gives a larger body unparsed', async () => {
    server.answer = { headers: JSON_TYPE, body: LARGE };
    const response = await make().fetch('/usage/records');
    expect(await response.buffer()).toHaveLength(LARGE.length);
  });
});

test('a run of closeMany reads answers of its own up to 64 MiB', async () => {
  const closed = [{ id: 'UR-1', status: 'closed', external_billing_id: 'INV-7' }];
  const body = (bytes) => Buffer.concat([Buffer.from(JSON.stringify(closed)), Buffer.alloc(bytes, ' ')]);
  server.answer = ({ method }) =>
    method === 'POST' ? { headers: JSON_TYPE, body: body(60 * MIB) } : { json: closed[0] };
  const records = [{ id: 'UR-1', externalBillingId: 'INV-7' }];
  const report = await TRANSPORTS['the engine'](server.url).usageRecords.closeMany(records);
  expect(report).toMatchObject({ closed: 1, unknown: [] });
  expect(server.requests.map(({ method }) => method)).toEqual(['POST']);
});
