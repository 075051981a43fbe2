'use strict';

const { spawn } = require('child_process');
const path = require('path');
const { QUICK } = require('./support/bulk');
const { useFolder } = require('./support/folder');
const { TRANSPORTS } = require('./support/transports');
const { json, startUsageServer } = require('./support/usage-server');

// A run and the process that it is in: a process ends where a run has nothing in flight and its source gives nothing
// more, it does not while a run waits by itself, and no promise of ours is rejected without anybody hearing it.

const folder = useFolder();
let server;
afterEach(() => server?.close());

/** Runs a program that has `closeMany(records, options)`, `record(n)` and `never`; what it printed, and how it ended. */
async function runProgram(transport, code) {
  const program = `
    const { TRANSPORTS } = require(${JSON.stringify(require.resolve('./support/transports'))});
    const [url, journal] = process.argv.slice(1);
    const client = TRANSPORTS[${JSON.stringify(transport)}](url);
    const record = (n) => ({ id: 'UR-' + n, externalBillingId: 'INV-7' });
    const never = new Promise(() => undefined);
    const closeMany = (records, options) => client.usageRecords.closeMany(records, { ...${JSON.stringify(QUICK)}, ...options });
    const print = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
    ${code}`;
  const journal = path.join(folder, `${Math.random()}`);
  const child = spawn(process.execPath, ['-e', program, server.url, journal]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  // One that does not end is ended, and has no exit code then.
  const timer = setTimeout(() => child.kill('SIGKILL'), 20000);
  const code_ = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code: code_, stdout, stderr };
}

describe.each(Object.keys(TRANSPORTS))('over %s', (transport) => {
  test.each([
    ['nothing, ever', 'closeMany({ [Symbol.asyncIterator]: () => ({ next: () => never }) });', 0],
    ['nothing, ever, as a generator', 'closeMany((async function* () { await never; })());', 0],
    [
      'some records, and then nothing',
      'closeMany((async function* () { yield record(0); yield record(1); await never; })());',
      2,
    ],
    [
      'nothing, with a journal',
      'closeMany((async function* () { yield record(0); await never; })(), { journal });',
      1,
    ],
    [
      'nothing, with onProgress and a signal',
      'closeMany((async function* () { yield record(0); await never; })(), { onProgress: () => undefined, signal: new AbortController().signal });',
      1,
    ],
    [
      'more than fits, and then nothing',
      'closeMany((async function* () { for (let i = 0; i < 700; i += 1) yield record(i); await never; })(), { batchSize: 50 });',
      700,
    ],
  ])('a source that gives %s does not keep a process alive', async (_what, code, closed) => {
    server = await startUsageServer({ records: 700 });
    const ended = await runProgram(transport, `${code.slice(0, -1)}.then(print);`);
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(server.closedIds).toHaveLength(closed);
  });

  const later = 'new Promise((resolve) => setTimeout(resolve, 300))';
  test('a source that waits for something of its own is waited for', async () => {
    server = await startUsageServer({ records: 3 });
    const code = `closeMany((async function* () { for (let i = 0; i < 3; i += 1) { await ${later}; yield record(i); } })()).then(print);`;
    const { code: exit, stdout } = await runProgram(transport, code);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ closed: 3 });
  });

  const lost = { reset: true, processed: true };
  test.each([
    [
      'for its window',
      () => ({ onBulk: (_i, n) => (n === 1 ? { reset: true } : undefined) }),
      '{ window: 600 }',
    ],
    [
      'to read on',
      () => ({ onBulk: () => lost, lags: (_id, n) => n < 7, isSilent: true }),
      '{ readBackTimeout: 2000 }',
    ],
    [
      'for its back-off',
      () => ({ onBulk: (_i, n) => (n < 4 ? json(429, {}) : undefined) }),
      '{ backOff: 150 }',
    ],
    [
      'as the server asked for',
      () => ({
        onBulk: (_i, n) => (n === 1 ? { ...json(429, {}), headers: { 'Retry-After': '1' } } : undefined),
      }),
      '{}',
    ],
    [
      'for reads that are throttled',
      () => ({
        onBulk: (_i, n) => (n === 1 ? lost : undefined),
        onRead: (_id, n) => (n < 5 ? json(503, {}) : undefined),
      }),
      '{ backOff: 60 }',
    ],
  ])('a run that waits %s keeps its process alive', async (_what, script, options) => {
    server = await startUsageServer({ records: 1, ...script() });
    const { code, stdout } = await runProgram(transport, `closeMany([record(0)], ${options}).then(print);`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ closed: 1, unknown: [] });
    await server.close();
    // It does where its source gives nothing more, and ends the process once it has nothing left to do.
    server = await startUsageServer({ records: 1, ...script() });
    const stream = '(async function* () { yield record(0); await never; })()';
    expect(await runProgram(transport, `closeMany(${stream}, ${options}).then(print);`)).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(server.closedIds).toEqual(['UR-0']);
  });

  test('a run whose onProgress never settles gives its report all the same', async () => {
    server = await startUsageServer({ records: 1 });
    const code = 'closeMany([record(0)], { onProgress: () => never }).then(print);';
    const { code: exit, stdout } = await runProgram(transport, code);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ closed: 1, unknown: [] });
  });

  const hook = (what) => `client.addBeforeRequestHook(() => { throw ${what}; });`;
  const after = (what) => `client.addAfterResponseHook(() => { throw ${what}; });`;
  test.each([
    ['a hook that throws', `${hook('new Error("mine")')} all = closeMany(list);`],
    ['a hook that throws a symbol', `${hook('Symbol("mine")')} all = closeMany(list);`],
    ['a hook that throws nothing', `${hook('undefined')} all = closeMany(list);`],
    ['an after-hook that throws', `${after('new Error("mine")')} all = closeMany(list, { batchSize: 1 });`],
    [
      'onProgress that rejects',
      'all = closeMany(list, { onProgress: async () => { throw new Error("mine"); } });',
    ],
    ['onProgress that throws', 'all = closeMany(list, { onProgress: () => { throw new Error("mine"); } });'],
    [
      'onProgress that rejects late',
      `all = closeMany(list, { onProgress: () => ${later}.then(() => { throw 1; }) });`,
    ],
    [
      'a source that throws',
      'all = closeMany((function* () { yield record(0); throw new Error("mine"); })());',
    ],
    [
      'a source that rejects',
      'all = closeMany((async function* () { yield record(0); throw new Error("mine"); })());',
    ],
    [
      'an abort',
      'const c = new AbortController(); all = closeMany(list, { signal: c.signal, batchSize: 1 }); setTimeout(() => c.abort(), 10);',
    ],
    ['an abort before', 'all = closeMany(list, { signal: AbortSignal.abort() });'],
    [
      'an abort, of a source that throws then',
      `const c = new AbortController(); all = closeMany((async function* () { yield record(0); await ${later}; throw new Error("mine"); })(), { signal: c.signal }); setTimeout(() => c.abort(), 10);`,
    ],
    ['no server', 'client._endpoint = "http://127.0.0.1:1"; all = closeMany(list);'],
    [
      'no server, and a source that throws',
      `client._endpoint = "http://127.0.0.1:1"; all = closeMany((async function* () { yield record(0); await ${later}; throw new Error("mine"); })());`,
    ],
    [
      'no server, and onProgress that rejects',
      'client._endpoint = "http://127.0.0.1:1"; all = closeMany(list, { onProgress: async () => { throw 1; } });',
    ],
  ])('%s rejects one promise, and no other', async (_what, code) => {
    server = await startUsageServer({ records: 300 });
    const program = `
      process.on('unhandledRejection', (reason) => print({ unhandled: String(reason) }));
      process.on('uncaughtException', (error) => print({ uncaught: String(error) }));
      const list = Array.from({ length: 300 }, (_, i) => record(i));
      let all;
      ${code}
      all.then(() => print('resolved'), () => print('rejected'));`;
    expect(await runProgram(transport, program)).toEqual({ code: 0, stdout: '"rejected"\n', stderr: '' });
  });
});
