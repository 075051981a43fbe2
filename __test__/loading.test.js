'use strict';

// What is loaded, and when. Each module takes about a third of a millisecond to load, whatever is in it, so modules are
// counted here; times depend on the machine.

const fs = require('fs');
const path = require('path');
const sdk = require('..');
const { version } = require('../package.json');
const { useFolder } = require('./support/folder');
const { printedBy } = require('./support/program');
const { useServer } = require('./support/server');

const root = path.join(__dirname, '..');
const addon = fs.readdirSync(root).find((name) => name.endsWith('.node'));

/** What a close needs. Every file more is paid for by all programs. */
const NEEDED = [
  'binding.js',
  'index.js',
  'lib/connect/api/index.js',
  'lib/connect/client.js',
  'lib/connect/http/adapter.js',
  'lib/internal/copies.js',
  'lib/internal/events/channels.js',
  'lib/internal/onDemand.js',
  'lib/internal/options.js',
  'lib/internal/resources/defineNativeMethods.js',
  'lib/internal/resources/defineResource.js',
  'lib/internal/results/errors.js',
  'lib/internal/results/toResult.js',
  'lib/internal/transport/detectMocks.js',
  'lib/internal/transport/fastPath.js',
  'lib/internal/transport/network.js',
];

const server = useServer({ json: { id: 'UR-1', status: 'closed' } });
const folder = useFolder();

/** Signs of a test, which programs of users do not have, and what makes Node or us load more. */
const SIGNS = [
  'MOCHA_WORKER_ID',
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_TEST_CONTEXT',
  'VITEST',
  'npm_lifecycle_event',
  'CONNECT_LOG',
];

/** Runs the body of an async function with `sdk`, `client` and what is loaded; resolves to what it returns. */
function run(body, { env = {}, place = root, args = [] } = {}) {
  const program = `
    for (const name of ${JSON.stringify(SIGNS)}) delete process.env[name];
    Object.assign(process.env, ${JSON.stringify(env)});
    const root = ${JSON.stringify(place)};
    const path = require('path');
    const fs = require('fs');
    const before = new Set(process.moduleLoadList);
    const files = () =>
      Object.keys(require.cache)
        .map((file) => path.relative(root, file).replaceAll(path.sep, '/'))
        .filter((file) => file.endsWith('.js'))
        .sort();
    const ofNode = () =>
      process.moduleLoadList
        .filter((name) => !before.has(name))
        .map((name) => name.replace(/^NativeModule /, ''))
        .filter((name) => require('module').builtinModules.includes(name));
    const sdk = require(root);
    const client = new sdk.ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-1:secret');
    const failure = (promise) => promise.then(() => 'none', (error) => error);
    (async () => {${body}})().then(
      (result) => fs.writeSync(1, JSON.stringify(result)),
      (error) => {
        fs.writeSync(2, String(error.stack));
        process.exitCode = 1;
      },
    );`;
  return printedBy(program, { args });
}

describe('in a program', () => {
  test('loading and a first close load what a close needs, and of Node one small module', async () => {
    const { loaded, closed } = await run(`
      const loaded = { files: files(), ofNode: ofNode() };
      await client.usageRecords.close('UR-1', 'INV-7');
      return { loaded, closed: { files: files(), ofNode: ofNode() } };`);
    expect(loaded).toEqual({ files: NEEDED, ofNode: ['diagnostics_channel'] });
    expect(closed).toEqual(loaded);
  });

  test('what else there is, is loaded on first use, once', async () => {
    const { unused, used, isOne, ops } = await run(`
      const unused = Object.getOwnPropertyDescriptor(sdk, 'Directory').value === undefined;
      const first = sdk.Directory;
      const used = Object.getOwnPropertyDescriptor(sdk, 'Directory');
      return {
        unused,
        used: { ...used, value: typeof used.value },
        isOne: first === sdk.Directory && first === require(path.join(root, 'lib/connect/ops')).Directory,
        ops: files().filter((file) => file.startsWith('lib/connect/ops/')),
      };`);
    expect(unused).toBe(true);
    expect(used).toEqual({ value: 'function', writable: true, enumerable: true, configurable: true });
    expect(isOne).toBe(true);
    expect(ops).toHaveLength(6);
  });

  test('a class that is not loaded can be replaced, and all are listed', async () => {
    const { names, replaced } = await run(`
      sdk.Listings = 'replaced';
      return { names: Object.keys(sdk).sort(), replaced: sdk.Listings };`);
    expect(names).toEqual(Object.keys(sdk).sort());
    expect(replaced).toBe('replaced');
  });

  test("Node's http is looked at as soon as the program has loaded it", async () => {
    const result = await run(`
      await client.usageRecords.close('UR-1', 'INV-7');
      const http = require('http');
      let calls = 0;
      http.request = Object.assign(() => { calls += 1; throw new Error('mocked'); }, { isSinonProxy: true });
      await failure(client.usageRecords.close('UR-1', 'INV-7'));
      return calls;`);
    expect(result).toBe(1);
    expect(server.requests).toHaveLength(1);
  });
});

/** Uses everything that is loaded on first use in programs; says of each use what came of it. */
const USES = `
  const uses = {
    close: () => client.usageRecords.close('UR-1', 'INV-7').then((record) => record.status),
    fetch: () => client.fetch('/x').then((response) => response.json()).then(({ id }) => id),
    options: () => client.usageRecords.close('UR-1', 'INV-7', '', { timeout: 9000, headers: { a: 'b' } }).then(({ id }) => id),
    aborted: () => failure(client.usageRecords.get('UR-1', { signal: AbortSignal.abort() })).then(({ name }) => name),
    list: () => failure(client.usageRecords.list().toArray()).then((error) => error instanceof TypeError && error.message),
    closeMany: () => client.usageRecords.closeMany([{ id: 'UR-1', externalBillingId: 'INV-7' }], { dryRun: true }).then(({ notSent }) => notSent),
    waitFor: () => client.usageFiles.waitFor('UF-1', 'closed').then(({ id }) => id, (error) => error.name),
    ops: () => new sdk.Directory(client).searchAssets().then(({ id }) => id),
    readRecords: () => failure(sdk.readRecords(Buffer.from('no table')).describe()).then((error) => error instanceof sdk.TableError),
    writeRecords: () => failure(sdk.writeRecords('', [])).then((error) => error instanceof TypeError),
    upload: () => client.usageFiles.upload('UF-1', Buffer.from('x')).then(() => 'uploaded', (error) => error.message),
    stream: () => client.fetch('/x', { method: 'POST', body: require('stream').Readable.from(['x']) }).then(({ status }) => status),
    node: () => client.fetch('/x', { agent: new (require('http').Agent)() }).then(({ status }) => status),
    customised: () => {
      const other = new sdk.ConnectClient(client._endpoint, 'ApiKey SU-1:secret');
      other.addBeforeRequestHook((url, options) => ({ url, options }));
      return other.usageRecords.close('UR-1', 'INV-7').then(({ id }) => id);
    },
  };
  const results = {};
  for (const [name, use] of Object.entries(uses)) {
    results[name] = await Promise.resolve().then(use).catch((error) => String(error.message));
  }
  return results;`;

const RESULTS = {
  close: 'closed',
  fetch: 'UR-1',
  options: 'UR-1',
  aborted: 'AbortError',
  list: 'list: expected an array from /usage/records',
  closeMany: 1,
  waitFor: 'UR-1',
  ops: 'UR-1',
  readRecords: true,
  writeRecords: true,
  upload: 'uploaded',
  stream: 200,
  node: 200,
  customised: 'UR-1',
};

describe('without the files that it was loaded from, as in a mocked file system', () => {
  /** Copies the package, so that its files can be removed. */
  function copy(name) {
    const place = path.join(folder, name);
    fs.mkdirSync(place);
    for (const file of ['index.js', 'binding.js', 'package.json', 'lib'])
      fs.cpSync(path.join(root, file), path.join(place, file), { recursive: true });
    return { place, env: { NAPI_RS_NATIVE_LIBRARY_PATH: path.join(root, addon) } };
  }

  const REMOVE = 'fs.rmSync(root, { recursive: true });';

  test('a program closes records', async () => {
    const result = await run(`${REMOVE} return client.usageRecords.close('UR-1', 'INV-7');`, copy('program'));
    expect(result).toEqual({ id: 'UR-1', status: 'closed' });
  });

  test('what a program has not used yet is missing, and said to be', async () => {
    const result = await run(
      `${REMOVE} return failure(sdk.writeRecords('x.csv', [])).then(({ code, message }) => [code, message]);`,
      copy('late'),
    );
    expect(result).toEqual([
      'MODULE_NOT_FOUND',
      `cloudblue-connect-native ${version} is loaded, but its files are gone: install it and restart the program`,
    ]);
  });

  test('what a program has not used yet is not loaded from another version, which has replaced its own', async () => {
    const { place, env } = copy('replaced');
    const [message, notSent, after] = await run(
      `const manifest = path.join(root, 'package.json');
      const ours = fs.readFileSync(manifest);
      const closing = () => client.usageRecords.closeMany([{ id: 'UR-1', externalBillingId: 'INV-7' }], { dryRun: true });
      fs.writeFileSync(manifest, JSON.stringify({ ...JSON.parse(ours), version: '99.0.0' }));
      const { message } = await failure(closing());
      fs.writeFileSync(manifest, ours);
      const { notSent } = await closing();
      fs.writeFileSync(manifest, JSON.stringify({ ...JSON.parse(ours), version: '99.0.0' }));
      // What is loaded is not looked for again.
      return [message, notSent, await failure(closing())];`,
      { place, env },
    );
    expect(message).toBe(
      `cloudblue-connect-native ${version} is loaded, but version 99.0.0 is installed now: restart the program. ` +
        'If that does not help, install the package and its addon anew, in one version.',
    );
    expect([notSent, after]).toEqual([1, 'none']);
    expect(server.requests).toEqual([]);
  });

  test('all that the other tests use works with them', async () => {
    expect(await run(USES)).toEqual(RESULTS);
  });

  test.each([
    ['NODE_ENV', 'test'],
    ['NODE_TEST_CONTEXT', 'child-v8'],
    ['VITEST', 'true'],
    ['npm_lifecycle_event', 'test:unit'],
    ['MOCHA_WORKER_ID', '0'],
  ])('a test can use all of the package (%s)', async (name, value) => {
    const { place, env } = copy(name);
    expect(await run(`${REMOVE} ${USES}`, { place, env: { ...env, [name]: value } })).toEqual(RESULTS);
  });

  // Mocha's `--require` loads before there is `describe`; a file that Node runs by itself leaves nothing else.
  test.each([
    ['mocha', '/app/node_modules/.bin/mocha'],
    ['mocha-js', '/app/node_modules/mocha/bin/mocha.js'],
    ['mocha-child', 'C:\\app\\node_modules\\mocha\\lib\\cli\\cli.js'],
    ['tape', '/usr/local/bin/tape'],
    ['file', '/app/src/usage.test.js'],
    ['file-ts', '/app/usage_test.mts'],
    ['folder', '/app/test/usage.js'],
  ])('a test can use all of the package by the name of its program (%s)', async (name, program) => {
    const { place, env } = copy(name);
    expect(await run(`${REMOVE} ${USES}`, { place, env, args: [program] })).toEqual(RESULTS);
  });

  test.each([
    '/app/index.js',
    '/srv/test/app/dist/main.js',
    '/app/latest.js',
    '/app/contest/main.js',
    '/app/mocha/app.js',
  ])('no other program loads what it does not use (%s)', async (program) => {
    const isLoaded = "return Object.getOwnPropertyDescriptor(sdk, 'Directory').value !== undefined;";
    expect(await run(isLoaded, { args: [program] })).toBe(false);
  });

  test('a call that is aborted after it was sent rejects with the reason of its signal', async () => {
    const program = `
      const controller = new AbortController();
      const silent = require('http').createServer(() => {
        ${REMOVE}
        controller.abort();
      });
      await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const other = new sdk.ConnectClient('http://127.0.0.1:' + silent.address().port, 'ApiKey SU-1:secret');
      const { signal } = controller;
      const error = await failure(other.usageRecords.close('UR-1', 'INV-7', '', { signal }));
      silent.close();
      silent.closeAllConnections();
      return [error === signal.reason, error.name];`;
    expect(await run(program, copy('aborted'))).toEqual([true, 'AbortError']);
  });
});

describe('after jest.resetModules()', () => {
  const client = () => new sdk.ConnectClient(server.url, 'ApiKey SU-1:secret');

  beforeEach(() => jest.resetModules());

  test('there is a new copy of the package, whose classes are others', () => {
    expect(require('..').HttpError).not.toBe(sdk.HttpError);
  });

  test('the old copy throws errors of its own', async () => {
    server.answer = { status: 404, body: 'gone' };
    await expect(client().usageRecords.list().toArray()).rejects.toBeInstanceOf(sdk.HttpError);
    await expect(client().usageFiles.waitFor('UF-1', 'closed')).rejects.toBeInstanceOf(sdk.HttpError);
    await expect(new sdk.Directory(client()).searchAssets()).rejects.toBeInstanceOf(sdk.HttpError);
    const customised = client();
    customised.addBeforeRequestHook((url, options) => ({ url, options }));
    await expect(customised.usageRecords.get('UR-1')).rejects.toBeInstanceOf(sdk.HttpError);
    await expect(sdk.readRecords(Buffer.from('no table')).describe()).rejects.toBeInstanceOf(sdk.TableError);
  });

  test('the old copy knows its own lists and tables', async () => {
    const table = sdk.readRecords(Buffer.from('id,external_billing_id\nUR-1,INV-7\n'));
    const { notSent } = await client().usageRecords.closeMany(table, { dryRun: true });
    expect(notSent).toBe(1);
    server.answer = { json: [], headers: { 'Content-Range': 'items 0-0/0' } };
    const list = client().usageRecords.list({ status: 'approved' });
    expect((await client().usageRecords.closeMany(list, { externalBillingId: 'INV-7' })).leftOpen).toBe(0);
  });
});
