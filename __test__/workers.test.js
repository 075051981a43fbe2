'use strict';

const { execFile } = require('child_process');
const path = require('path');
const { startSandbox } = require('../testing');

// Worker threads that load the addon where nobody else holds it: the first thread that has used it may end before the
// second one comes, and the engine may stop and start again. Programs of their own, for what fails here takes the whole
// process down.

const root = path.join(__dirname, '..');
const WORKERS = 20;

let sandbox;
let ids;
beforeEach(async () => {
  sandbox = await startSandbox({ records: 2 * WORKERS });
  ids = [...sandbox.records.keys()];
});
afterEach(() => sandbox.close());

/** What a worker does: `close(id)` is there. */
const worker = (body) => `
  const { ConnectClient } = require(${JSON.stringify(root)});
  const { parentPort, workerData } = require('worker_threads');
  const client = new ConnectClient(workerData.url, workerData.apiKey, { maxRetries: 0 });
  const close = (id) => client.usageRecords.close(id, 'INV-7');
  ${body}`;

/**
 * Runs a program whose main thread does not load the package by itself: `start(id)` starts a worker and resolves to how it
 * ended; `load()` gives the main thread `close` as well.
 *
 * @param {string} body What each worker does, with `workerData.id`.
 * @param {string} program What the main thread does.
 */
function run(body, program) {
  const { url, apiKey } = sandbox;
  const whole = `
    const { Worker } = require('worker_threads');
    const given = ${JSON.stringify({ url, apiKey })};
    const ids = ${JSON.stringify(ids)};
    const begin = (id) => new Worker(${JSON.stringify(worker(body))}, { eval: true, workerData: { ...given, id } });
    const end = (one) => new Promise((resolve, reject) => one.once('error', reject).once('exit', resolve));
    const start = (id) => end(begin(id));
    const load = () => {
      const { ConnectClient } = require(${JSON.stringify(root)});
      const client = new ConnectClient(given.url, given.apiKey, { maxRetries: 0 });
      return { close: (id) => client.usageRecords.close(id, 'INV-7') };
    };
    (async () => {
      ${program}
      console.log('done');
    })();`;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['-e', whole], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
  });
}

const DONE = { code: 0, signal: null, stdout: 'done\n', stderr: '' };
const closed = () => [...sandbox.records.values()].filter(({ status }) => status === 'closed').length;

const IN_TURN = `for (const id of ids.splice(0, ${WORKERS})) await start(id);`;
const AT_ONCE = `await Promise.all(ids.splice(0, ${WORKERS}).map(start));`;

describe.each([
  ['one after the other', WORKERS, IN_TURN],
  ['at once', WORKERS, AT_ONCE],
  ['one after the other, then as many at once', 2 * WORKERS, `${IN_TURN} ${AT_ONCE}`],
])(`${WORKERS} workers %s, without the main thread,`, (_how, count, program) => {
  test('load the package', async () => {
    expect(await run('', program)).toEqual(DONE);
  });

  test('close a record each', async () => {
    expect(await run('close(workerData.id);', program)).toEqual(DONE);
    expect(closed()).toBe(count);
  });
});

describe('the main thread loads the package', () => {
  test.each([
    ['when the first worker has gone', 'await start();'],
    ['when twenty workers have gone', AT_ONCE],
    ['while workers come and go', 'const gone = Promise.all([start(), start()]);'],
  ])('%s, and closes a record', async (_when, before) => {
    const result = await run(
      '',
      `${before}
       const { close } = load();
       await close(ids[0]);
       await start();
       await close(ids[1]);`,
    );
    expect(result).toEqual(DONE);
    expect(closed()).toBe(2);
  });

  test('when workers have sent, and meets none of the connections that went with their engine', async () => {
    const result = await run(
      'close(workerData.id);',
      `await start(ids[0]);
       await start(ids[1]);
       const { close } = load();
       await close(ids[2]);
       await start(ids[3]);
       await close(ids[4]);`,
    );
    expect(result).toEqual(DONE);
    expect(closed()).toBe(5);
    expect(sandbox.requests).toHaveLength(5);
  });
});

describe('workers that are terminated, without the main thread,', () => {
  const terminate = `
    for (const id of ids) {
      const one = begin(id);
      const gone = end(one);
      await new Promise((resolve) => one.once('message', resolve));
      await one.terminate();
      await gone;
    }`;

  test.each([
    ['at rest', ''],
    [
      'with requests in flight',
      'for (let i = 0; i < 25; i += 1) close(workerData.id).catch(() => undefined);',
    ],
    [
      'within a run, and a list',
      `client.usageRecords.closeMany([{ id: workerData.id, externalBillingId: 'INV-7' }]).catch(() => undefined);
       client.usageRecords.list().toArray().catch(() => undefined);`,
    ],
  ])('%s', async (_when, body) => {
    const result = await run(
      `${body} parentPort.postMessage('under way'); setInterval(() => 0, 1000);`,
      terminate,
    );
    expect(result).toEqual(DONE);
  });
});
