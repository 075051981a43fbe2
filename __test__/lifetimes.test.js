'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { startServer } = require('./support/server');

// The engine lives as long as something needs it, and takes nothing down with it: programs of their own, run to their
// end. A program that hangs is ended by its test's time.

const root = path.join(__dirname, '..');

let server;
let answers;
beforeAll(async () => {
  server = await startServer(({ url }) => answers(url));
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.splice(0);
  // Requests to `never` get no answer.
  answers = (url) => (url.includes('never') ? { raw: () => undefined } : { json: { id: 'UR-1' } });
});

const children = new Set();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs a program: `ConnectClient`, `URL`, `client` and `close(id)` are there. */
function run(program, { args = [], folder = root } = {}) {
  const prelude = `
    const { ConnectClient } = require(${JSON.stringify(folder)});
    const URL = ${JSON.stringify(server.url)};
    const client = new ConnectClient(URL, 'ApiKey SU-000-000:topsecret', { maxRetries: 0 });
    const close = (id) => client.usageRecords.close(id, 'INV-7');`;
  const child = spawn(process.execPath, [...args, '-e', `${prelude}\n${program}`], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.add(child);
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
const ended = (stdout = '', code = 0) => ({ code, signal: null, stdout, stderr: '' });

describe('a program ends by itself', () => {
  test.each([
    ['that made a client and sent nothing', 'void client.usageRecords'],
    ['whose connections are kept for the next request', "close('UR-1').then(() => console.log('closed'))"],
    [
      'that used a signal, a deadline and a retry',
      `const { signal } = new AbortController();
       client.usageRecords.get('UR-1', { signal, timeout: 60000 }).then(() => console.log('closed'))`,
    ],
    [
      'that called a request off',
      `const controller = new AbortController();
       setTimeout(() => controller.abort(), 50);
       client.usageRecords.get('never', { signal: controller.signal }).catch(() => console.log('closed'))`,
    ],
    [
      'that left a list',
      `(async () => {
         for await (const item of client.assets.list()) break;
       })().catch(() => console.log('closed'))`,
    ],
    [
      'that subscribed to requests',
      `require('diagnostics_channel').channel('cloudblue-connect:request:end').subscribe(() => console.log('closed'));
       close('UR-1')`,
    ],
  ])('%s', async (what, program) => {
    const result = await run(program);
    expect(result).toEqual(ended(what.includes('sent nothing') ? '' : 'closed\n'));
  });

  test('after a run that closed many', async () => {
    const { startSandbox } = require('../testing');
    const sandbox = await startSandbox({ records: 50 });
    try {
      const ids = JSON.stringify([...sandbox.records.keys()]);
      const result = await run(`
        const sandbox = new ConnectClient(${JSON.stringify(sandbox.url)}, ${JSON.stringify(sandbox.apiKey)});
        const records = ${ids}.map((id) => ({ id, externalBillingId: 'INV-7' }));
        sandbox.usageRecords.closeMany(records, { onProgress: () => undefined }).then(({ closed }) => console.log(closed));`);
      expect(result).toEqual(ended('50\n'));
    } finally {
      await sandbox.close();
    }
  });

  test('whose client is collected while requests are in flight: they are answered all the same', async () => {
    const result = await run(
      `(async () => {
         let dropped = new ConnectClient(URL, 'key');
         const pending = Array.from({ length: 200 }, (_, at) => dropped.usageRecords.close('UR-' + at, 'INV-7'));
         dropped = undefined;
         for (let i = 0; i < 20; i += 1) {
           globalThis.gc();
           await new Promise((resolve) => setImmediate(resolve));
         }
         console.log((await Promise.all(pending)).length);
       })();`,
      { args: ['--expose-gc'] },
    );
    expect(result).toEqual(ended('200\n'));
  });
});

describe('what keeps the process alive while a request is in flight', () => {
  // Making it costs the main thread several microseconds. It has two functions, of which each is counted.
  const count = `
    let made = 0;
    const count = (id, type) => { if (type === 'napi_rs_threadsafe_function') made += 1; };
    require('async_hooks').createHook({ init: count }).enable();`;

  test.each([
    ['once for requests one after the other', 'for (let i = 0; i < 20; i += 1) await close(i);'],
    ['once for requests at once', 'await Promise.all([...Array(20).keys()].map(close));'],
  ])('is made %s', async (_how, program) => {
    const result = await run(`${count} (async () => { ${program} console.log(made); })();`);
    expect(result).toEqual(ended('2\n'));
  });

  test('is given up between requests', async () => {
    const result = await run(`
      ${count}
      (async () => {
        await close('UR-1');
        await new Promise((resolve) => setTimeout(resolve, 50));
        await close('UR-2');
        console.log(made);
      })();`);
    expect(result).toEqual(ended('4\n'));
  });
});

describe('a program is ended', () => {
  test.each([0, 7])('by process.exit(%i) with requests in flight', async (code) => {
    const result = await run(`
      for (let i = 0; i < 100; i += 1) close('never-' + i).catch(() => undefined);
      setTimeout(() => process.exit(${code}), 50);`);
    expect(result).toEqual(ended('', code));
  });

  test('by a rejection that nobody handles, which does not show the key', async () => {
    const { code, signal, stderr } = await run("client._endpoint = 'http://127.0.0.1:1'; close('UR-1');");
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stderr).toContain('ConnectionError: POST /usage/records/UR-1/close failed');
    expect(stderr).not.toContain('topsecret');
  });

  test('by an exception while requests are in flight', async () => {
    const { code, signal, stderr } = await run(`
      for (let i = 0; i < 100; i += 1) close('never-' + i);
      setTimeout(() => { throw new Error('of my own'); }, 50);`);
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stderr).toContain('of my own');
  });
});

describe('worker threads', () => {
  const worker = (body) => `
    const { Worker } = require('worker_threads');
    const start = () => new Worker(${JSON.stringify(`
      const { ConnectClient } = require(${JSON.stringify(root)});
      const { parentPort, workerData } = require('worker_threads');
      const client = new ConnectClient(workerData, 'ApiKey SU-000-000:topsecret');
      ${body}`)}, { eval: true, workerData: URL });`;

  test('are terminated with requests in flight; the main thread goes on', async () => {
    const result = await run(`
      ${worker(`
        for (let i = 0; i < 25; i += 1) client.usageRecords.close('never-' + i, 'INV-7').catch(() => undefined);
        client.usageRecords.get('UR-1').then(() => parentPort.postMessage('ready'));`)}
      (async () => {
        for (let round = 0; round < 10; round += 1) {
          const workers = [start(), start()];
          await Promise.all(workers.map((one) => new Promise((resolve) => one.once('message', resolve))));
          await Promise.all(workers.map((one) => one.terminate()));
        }
        await close('UR-1');
        console.log('closed');
      })();`);
    expect(result).toEqual(ended('closed\n'));
  });

  test('end by themselves, all at once, while the main thread sends too', async () => {
    const result = await run(`
      ${worker(`
        Promise.all(Array.from({ length: 50 }, (_, at) => client.usageRecords.close('UR-' + at, 'INV-7')))
          .then((closed) => parentPort.postMessage(closed.length));`)}
      (async () => {
        const workers = Array.from({ length: 4 }, start);
        const counts = workers.map((one) => new Promise((resolve) => one.once('message', resolve)));
        const codes = workers.map((one) => new Promise((resolve) => one.once('exit', resolve)));
        for (let i = 0; i < 50; i += 1) await close('UR-' + i);
        console.log(...(await Promise.all(counts)), ...(await Promise.all(codes)));
      })();`);
    expect(result).toEqual(ended('50 50 50 50 0 0 0 0\n'));
  });

  test('call requests off by signals and leave runs behind', async () => {
    const result = await run(`
      ${worker(`
        const controller = new AbortController();
        client.usageRecords.get('never', { signal: controller.signal }).catch(() => undefined);
        client.usageRecords.closeMany([{ id: 'never', externalBillingId: 'INV-7' }]).catch(() => undefined);
        client.assets.list({ name: 'never' }).toArray().catch(() => undefined);
        controller.abort();
        client.usageRecords.get('UR-1').then(() => parentPort.postMessage('ready'));`)}
      (async () => {
        for (let round = 0; round < 5; round += 1) {
          const one = start();
          await new Promise((resolve) => one.once('message', resolve));
          await one.terminate();
        }
        console.log('done');
      })();`);
    expect(result).toEqual(ended('done\n'));
  });
});

describe('loaded twice', () => {
  test('from another folder, with an addon of its own', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-twice-'));
    try {
      for (const name of fs.readdirSync(root)) {
        if (/^(lib|index\.js|package\.json|binding\.js)$|\.node$/.test(name)) {
          fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
        }
      }
      const result = await run(`
        const other = require(${JSON.stringify(folder)});
        const second = new other.ConnectClient(URL, 'key');
        Promise.all([close('UR-1'), second.usageRecords.close('UR-2', 'INV-7')]).then((closed) => {
          console.log(closed.length, other.ConnectClient === ConnectClient);
        });`);
      expect(result).toEqual(ended('2 false\n'));
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('from the same folder, after its modules were forgotten', async () => {
    const result = await run(`
      for (const name of Object.keys(require.cache)) delete require.cache[name];
      const again = require(${JSON.stringify(root)});
      const second = new again.ConnectClient(URL, 'key');
      Promise.all([close('UR-1'), second.usageRecords.close('UR-2', 'INV-7')]).then((closed) => console.log(closed.length));`);
    expect(result).toEqual(ended('2\n'));
  });
});

describe('more processes', () => {
  test.each([
    ['child_process.fork', (file) => `require('child_process').fork(${file})`],
    ['cluster', (file) => `(cluster.setupPrimary({ exec: ${file}, execArgv: [] }), cluster.fork().process)`],
  ])('of %s close records after their parent did, and end', async (_how, fork) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-fork-'));
    try {
      const file = path.join(folder, 'child.js');
      fs.writeFileSync(
        file,
        `const { ConnectClient } = require(${JSON.stringify(root)});
         new ConnectClient(${JSON.stringify(server.url)}, 'key').usageRecords.close('UR-2', 'INV-7').then(() => {
           process.disconnect();
         });`,
      );
      const result = await run(`
        const cluster = require('cluster');
        close('UR-1').then(() => {
          const children = [1, 2].map(() => ${fork(JSON.stringify(file))});
          const codes = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
          return Promise.all(codes).then((all) => console.log(...all));
        });`);
      expect(result).toEqual(ended('0 0\n'));
      expect(server.requests).toHaveLength(3);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
