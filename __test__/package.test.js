'use strict';

const { execFile, execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { hasStaticTls } = require('../scripts/elf');

// The tarballs are the product: installed where no compiler is, without scripts, without a network, and used in each
// way that people use a package. `npm run pack:local` makes them; CONNECT_CONSUMERS says that what consumers bring is
// there too (`npm install` in `__test__/consumers`).

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');
const tools = path.join(__dirname, 'consumers/node_modules');
const { version, napi } = require('../package.json');

const isReady = Boolean(process.env.CONNECT_CONSUMERS);
const name = isReady ? (given, run) => test(given, run) : () => undefined;
if (!isReady) test.skip('the tarballs: CONNECT_CONSUMERS is not set (see .ci/run)', () => undefined);

const tarballs = () => {
  const all = fs.readdirSync(dist).filter((file) => file.endsWith('.tgz'));
  const main = `cloudblue-connect-native-${version}.tgz`;
  return {
    main: path.join(dist, main),
    platform: path.join(
      dist,
      all.find((file) => file !== main),
    ),
  };
};

/** What an environment without a compiler has: Node and npm, and nothing of this project's. */
const bare = { ...process.env, PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, CARGO: '', CC: '' };

let folder;
const run = async (command, args, options) => {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env: bare, ...options });
    return stdout;
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
  }
};
const node = (...args) => run(process.execPath, args);
const write = (file, text) => {
  const place = path.join(folder, file);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, text);
  return place;
};
/** Makes a tool's package resolvable from the project. */
const lend = (tool, from = tools) => {
  const place = path.join(folder, 'node_modules', tool);
  if (!fs.existsSync(place)) fs.symlinkSync(path.join(from, tool), place, 'dir');
};
/** Where the package with the addon is. */
const addonPlace = () => {
  const modules = path.join(folder, 'node_modules');
  const found = fs.readdirSync(modules).find((file) => file.startsWith('cloudblue-connect-native-'));
  return path.join(modules, found);
};

const BODY = `
  const sandbox = await startSandbox({ records: 2 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  const [id] = [...sandbox.records.keys()];
  const { status } = await client.usageRecords.close(id, 'INV-7', 'January');
  await sandbox.close();`;
const CJS = `
const { ConnectClient } = require('cloudblue-connect-native');
const { startSandbox } = require('cloudblue-connect-native/testing');
(async () => {${BODY}
  console.log(status);
})();`;
const ESM = `
import { ConnectClient } from 'cloudblue-connect-native';
import { startSandbox } from 'cloudblue-connect-native/testing';
${BODY}
console.log(status);`;

/** Threads that come one after the other, and load the package where nobody else has it; they close a record each. */
const THREADS = `
const { Worker } = require('worker_threads');
(async () => {
  const said = [];
  for (let i = 0; i < 4; i += 1) {
    const worker = new Worker('./worker.cjs');
    worker.on('message', (status) => said.push(status));
    await new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve));
  }
  console.log(said.join(' '));
})();`;
const THREAD = CJS.replace('console.log(status)', "require('worker_threads').parentPort.postMessage(status)");

if (isReady) {
  jest.setTimeout(300_000);
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-package-'));
    write('package.json', '{ "name": "consumer", "private": true }');
    const { main, platform } = tarballs();
    const npm = path.join(path.dirname(process.execPath), 'npm');
    await run(npm, ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', main, platform]);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
}

name('no compiler is there, and only the two packages were installed', async () => {
  expect(fs.readdirSync(path.join(folder, 'node_modules')).filter((file) => !file.startsWith('.'))).toEqual([
    'cloudblue-connect-native',
    expect.stringMatching(/^cloudblue-connect-native-\w+-\w+/),
  ]);
  expect(() => execFileSync('cargo', ['--version'], { env: bare, stdio: 'ignore' })).toThrow();
});

name('the main package has no scripts, no dependencies but the addons, no source, and is small', () => {
  const place = path.join(folder, 'node_modules/cloudblue-connect-native');
  const manifest = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('scripts');
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('devDependencies');
  expect(Object.keys(manifest.optionalDependencies)).toHaveLength(napi.targets.length);
  expect(new Set(Object.values(manifest.optionalDependencies))).toEqual(new Set([version]));
  const files = fs.readdirSync(place, { recursive: true }).map(String);
  expect(
    files.filter((file) => /\.(rs|node|toml|lock)$|^(src|__test__|bench|scripts|target)\b/.test(file)),
  ).toEqual([]);
  expect(fs.statSync(tarballs().main).size).toBeLessThan(300_000);
});

name('no addon that takes static thread-local storage is packed, for musl refuses it', async () => {
  if (process.platform !== 'linux') return;
  const packed = fs.readdirSync(addonPlace()).filter((file) => file.endsWith('.node'));
  expect(packed.map((file) => hasStaticTls(path.join(addonPlace(), file)))).toEqual([false]);
  // What the compiler makes of the model that allocators like.
  const source = write('static-tls.c', '__thread int x; int *of_this_thread(void) { return &x; }');
  const library = path.join(folder, 'static-tls.node');
  execFileSync('cc', ['-shared', '-fPIC', '-ftls-model=initial-exec', '-o', library, source]);
  expect(hasStaticTls(library)).toBe(true);
  const before = fs.readdirSync(dist);
  const packing = run(process.execPath, [path.join(root, 'scripts/pack.js'), '--addon', library], {
    env: process.env,
  });
  await expect(packing).rejects.toThrow('STATIC_TLS');
  expect(fs.readdirSync(dist)).toEqual(before);
});

name('the addon is below 6 MB, and needs no newer glibc than 2.17', () => {
  const place = addonPlace();
  const manifest = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('scripts');
  expect(manifest.os).toEqual([process.platform]);
  expect(manifest.cpu).toEqual([process.arch]);
  const addon = path.join(place, manifest.main);
  expect(fs.statSync(addon).size).toBeLessThan(6_000_000);
  if (process.platform !== 'linux' || manifest.libc[0] !== 'glibc') return;
  const symbols = execFileSync('objdump', ['-T', addon], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const versions = [...symbols.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  expect(versions.length).toBeGreaterThan(0);
  expect(Math.max(...versions)).toBeLessThanOrEqual(17);
});

name('CommonJS', async () => {
  expect(await node(write('use.cjs', CJS))).toBe('closed\n');
});

name('ES modules', async () => {
  expect(await node(write('use.mjs', ESM))).toBe('closed\n');
});

name('deep paths, with and without .js, from both kinds of module', async () => {
  const deep = 'cloudblue-connect-native/lib/connect';
  const cjs = `
    const same = [
      [require('${deep}/api/usageRecords'), require('${deep}/api/usageRecords.js')],
      [require('${deep}/client'), require('cloudblue-connect-native').ConnectClient],
      [require('${deep}').ConnectClient, require('${deep}/index.js').ConnectClient],
    ];
    console.log(same.every(([one, other]) => one === other && typeof one === 'function'));`;
  expect(await node(write('deep.cjs', cjs))).toBe('true\n');
  const esm = `
    import Records from '${deep}/api/usageRecords';
    import { UsageRecordResource } from 'cloudblue-connect-native';
    console.log(Records === UsageRecordResource);`;
  expect(await node(write('deep.mjs', esm))).toBe('true\n');
});

name('the command', async () => {
  expect(await node('node_modules/cloudblue-connect-native/bin/connect-usage.js', '--help')).toContain(
    'connect-usage',
  );
});

name('worker threads, one after the other', async () => {
  write('worker.cjs', THREAD);
  expect(await node(write('threads.cjs', THREADS))).toBe('closed closed closed closed\n');
});

if (isReady) {
  const TS = `${ESM.replace('console.log(status);', '')}
import { UsageRecordResource, type CloseReport, APIError } from 'cloudblue-connect-native';
import { AccountResource } from 'cloudblue-connect-native/lib/connect/api';
import { buildUrl } from 'cloudblue-connect-native/lib/connect/api/utils';
const records: UsageRecordResource = client.usageRecords;
const report = (given: CloseReport): number => given.closed;
const accounts: AccountResource = client.accounts;
export { records, report, accounts, buildUrl, APIError };
// @ts-expect-error a number is no billing id
client.usageRecords.close(id!, 7);
`;
  test.each(['typescript', 'typescript7'].flatMap((tsc) => ['node16', 'bundler'].map((how) => [tsc, how])))(
    '%s --strict, moduleResolution %s',
    async (tsc, how) => {
      const file = write(`${tsc}-${how}/use.mts`, TS);
      const bin = path.join(root, 'node_modules', tsc, 'bin/tsc');
      const module = how === 'node16' ? 'node16' : 'esnext';
      const args = [
        '--strict',
        '--noEmit',
        '--target',
        'es2022',
        '--module',
        module,
        '--moduleResolution',
        how,
      ];
      // The consumer's own types are checked, and the package's.
      expect(await node(bin, ...args, '--skipLibCheck', 'false', file)).toBe('');
    },
  );

  test("the README's TypeScript", async () => {
    const [, code] = /^```ts\n([\s\S]*?)^```$/m.exec(fs.readFileSync(path.join(root, 'README.md'), 'utf8'));
    const file = write('readme/use.mts', code);
    const bin = path.join(root, 'node_modules/typescript/bin/tsc');
    const args = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'node16'];
    expect(await node(bin, ...args, file)).toBe('');
  });

  test('TypeScript in CommonJS, and the old resolution by folders', async () => {
    const file = write(
      'old/use.ts',
      `import { ConnectClient } from 'cloudblue-connect-native';
import UsageRecordResource = require('cloudblue-connect-native/lib/connect/api/usageRecords');
import { startSandbox } from 'cloudblue-connect-native/testing/index';
export const records: UsageRecordResource = new UsageRecordResource(new ConnectClient('https://api.test', 'key'));
export { startSandbox };
`,
    );
    const bin = path.join(root, 'node_modules/typescript/bin/tsc');
    const args = [
      '--strict',
      '--noEmit',
      '--target',
      'es2022',
      '--module',
      'commonjs',
      '--moduleResolution',
      'node10',
    ];
    expect(await node(bin, ...args, file)).toBe('');
  });
}

/** The example tests, as somebody's own project has them. */
const examples = () => {
  const place = path.join(folder, 'examples');
  fs.cpSync(path.join(root, 'examples/testing'), place, { recursive: true });
  return place;
};

name('the example for OpenTelemetry', async () => {
  for (const part of ['api', 'sdk-trace-base', 'context-async-hooks', 'core']) {
    fs.mkdirSync(path.join(folder, 'node_modules/@opentelemetry'), { recursive: true });
    lend(`@opentelemetry/${part}`);
  }
  fs.copyFileSync(path.join(root, 'examples/opentelemetry.js'), path.join(folder, 'opentelemetry.js'));
  const program = `
    const { context, propagation, trace } = require('@opentelemetry/api');
    const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
    const { W3CTraceContextPropagator } = require('@opentelemetry/core');
    const sdk = require('@opentelemetry/sdk-trace-base');
    const { ConnectClient } = require('cloudblue-connect-native');
    const { startSandbox } = require('cloudblue-connect-native/testing');
    const { instrument } = require('./opentelemetry');
    const exporter = new sdk.InMemorySpanExporter();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    const processor = new sdk.SimpleSpanProcessor(exporter);
    trace.setGlobalTracerProvider(new sdk.BasicTracerProvider({ spanProcessors: [processor] }));
    const stop = instrument();
    (async () => {
      const sandbox = await startSandbox({ records: 2, faults: [{ kind: 'status', status: 503, times: 1 }] });
      const client = new ConnectClient(sandbox.url, sandbox.apiKey, { backOff: 1 });
      const [id] = sandbox.records.keys();
      await trace.getTracer('mine').startActiveSpan('month', async (month) => {
        await client.usageRecords.get(id);
        await client.usageRecords.close('UR-NONE', 'INV-7').catch(() => undefined);
        month.end();
      });
      stop();
      await client.usageRecords.get(id);
      const spans = exporter.getFinishedSpans();
      const [get, close, month] = spans;
      console.log(JSON.stringify({
        names: spans.map(({ name }) => name),
        isOneTrace: new Set(spans.map((span) => span.spanContext().traceId)).size === 1,
        parents: [get, close].map((span) => span.parentSpanContext.spanId === month.spanContext().spanId),
        statuses: [get, close].map(({ attributes }) => attributes['http.response.status_code']),
        resent: get.attributes['http.request.resend_count'],
        events: get.events.map(({ name }) => name),
        sent: sandbox.requests.map(({ headers }) => (headers.traceparent || '').split('-')[2] || null)
          .map((spanId) => spans.findIndex((span) => span.spanContext().spanId === spanId)),
      }));
      await sandbox.close();
    })();`;
  expect(JSON.parse(await node(write('trace.cjs', program)))).toEqual({
    names: ['GET', 'POST', 'month'],
    isOneTrace: true,
    parents: [true, true],
    statuses: [200, 404],
    resent: 1,
    events: ['retry'],
    // Both attempts of the first call carry its span; what is sent once tracing has stopped carries none.
    sent: [0, 0, 1, -1],
  });
});

name('the example for Jest', async () => {
  const bin = path.join(root, 'node_modules/jest/bin/jest.js');
  await node(bin, '--rootDir', examples(), '--testMatch', '**/jest.test.js', '--watchman=false');
});

name('the example for Vitest', async () => {
  lend('vitest');
  const args = ['run', '--root', examples(), '--dir', examples(), 'vitest.test.mjs'];
  expect(await node(path.join(tools, 'vitest/vitest.mjs'), ...args)).toMatch(/1 passed/);
});

name("Vitest's thread pool", async () => {
  lend('vitest');
  const text = fs
    .readFileSync(path.join(examples(), 'vitest.test.mjs'), 'utf8')
    .replace('./', '../examples/');
  for (const file of ['one', 'two', 'three', 'four']) write(`pool/${file}.test.mjs`, text);
  // A file at a time: the thread that was the first to load the package has ended when the next one does.
  const args = ['run', '--pool=threads', '--maxWorkers=1', '--root', path.join(folder, 'pool')];
  const vitest = path.join(tools, 'vitest/vitest.mjs');
  const said = await run(process.execPath, [vitest, ...args], {
    env: { ...bare, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  expect(said).toMatch(/Tests +4 passed/);
});

/** What a run gives, looked at where each test file has a realm of its own. */
const REALM = `
import { expect, test } from 'vitest';
import { ConnectClient } from 'cloudblue-connect-native';
import { startSandbox } from 'cloudblue-connect-native/testing';

test('what a run gives is of this realm', async () => {
  const sandbox = await startSandbox({ records: 2 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  const [id] = sandbox.records.keys();
  const told = [];
  const report = await client.usageRecords.closeMany(
    [
      { id, externalBillingId: 'INV-7' },
      { id: 'UR-NONE', externalBillingId: 'INV-7' },
    ],
    { onProgress: (progress) => told.push(progress) },
  );
  expect(report.conflicts).toStrictEqual([]);
  expect(report.unknown).toStrictEqual([]);
  expect(report.failed).toBeInstanceOf(Array);
  expect(report.failed[0]).toBeInstanceOf(Object);
  expect(told[0]).toBeInstanceOf(Object);
  const approved = await client.usageRecords.list({ status: 'approved' }).toArray();
  expect(approved).toBeInstanceOf(Array);
  const response = await client.fetch('/usage/records');
  expect(await response.clone().buffer()).toBeInstanceOf(Buffer);
  expect(await response.clone().bytes()).toBeInstanceOf(Uint8Array);
  await sandbox.close();
});
`;

name("Vitest's vm pools, in which the report of a run is of the test's own realm", async () => {
  lend('vitest');
  write('realms/realm.test.mjs', REALM);
  for (const pool of ['vmThreads', 'vmForks']) {
    const args = ['run', `--pool=${pool}`, '--root', path.join(folder, 'realms')];
    const said = await run(process.execPath, [path.join(tools, 'vitest/vitest.mjs'), ...args], {
      env: { ...bare, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    expect(said).toMatch(/Tests +1 passed/);
  }
});

name('piscina, whose threads end when they have nothing to do', async () => {
  lend('piscina');
  const task = `
    const { ConnectClient } = require('cloudblue-connect-native');
    const { startSandbox } = require('cloudblue-connect-native/testing');
    const { threadId } = require('worker_threads');
    module.exports = async () => {${BODY}
      return { status, threadId };
    };`;
  write('task.cjs', task);
  const program = `
    const { Piscina } = require('piscina');
    const pool = new Piscina({ filename: require.resolve('./task.cjs'), minThreads: 0, maxThreads: 2, idleTimeout: 1 });
    (async () => {
      const done = [];
      for (let round = 0; round < 4; round += 1) {
        done.push(...(await Promise.all([pool.run(), pool.run()])));
        while (pool.threads.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const threads = new Set(done.map(({ threadId }) => threadId));
      console.log(...new Set(done.map(({ status }) => status)), done.length, threads.size >= 4);
      await pool.destroy();
    })();`;
  expect(await node(write('pool.cjs', program))).toBe('closed 8 true\n');
});

name('the example for node:test', async () => {
  expect(await node('--test', path.join(examples(), 'node.test.mjs'))).toMatch(/pass 1\n/);
});

name('esbuild, with the package left outside', async () => {
  const bundle = path.join(folder, 'bundled/esbuild.cjs');
  const entry = write('bundle.js', CJS);
  const { buildSync } = require(path.join(tools, 'esbuild'));
  buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    outfile: bundle,
    external: ['cloudblue-connect-native', 'cloudblue-connect-native/*'],
  });
  expect(await node(bundle)).toBe('closed\n');
});

name('esbuild, minified, with the addon copied beside the bundle', async () => {
  const bundle = path.join(folder, 'whole/esbuild.cjs');
  lend('node-fetch', path.join(root, 'node_modules'));
  const { build } = require(path.join(tools, 'esbuild'));
  const { errors, metafile } = await build({
    entryPoints: [write('bundle.js', CJS)],
    bundle: true,
    platform: 'node',
    outfile: bundle,
    loader: { '.node': 'copy' },
    // Classes lose their names by it.
    minify: true,
    metafile: true,
    logLevel: 'silent',
  });
  expect(errors).toEqual([]);
  // It is there for whoever wants it, and no dependency of ours.
  expect(Object.keys(metafile.inputs).filter((file) => file.includes('node-fetch'))).toEqual([]);
  expect(await node(bundle)).toBe('closed\n');
});

name(
  '@vercel/nft, which serverless platforms pack with, takes the addon along and nothing of others',
  async () => {
    lend('node-fetch', path.join(root, 'node_modules'));
    const { nodeFileTrace } = require(path.join(tools, '@vercel/nft'));
    const { fileList } = await nodeFileTrace([write('bundle.js', CJS)], { base: '/' });
    const files = [...fileList];
    expect(files.filter((file) => file.endsWith('.node'))).toHaveLength(1);
    expect(files.filter((file) => file.includes('node-fetch'))).toEqual([]);
  },
);

name('webpack, with the package left outside', async () => {
  const webpack = require(path.join(tools, 'webpack'));
  const stats = await promisify(webpack)({
    mode: 'production',
    target: 'node',
    context: folder,
    entry: write('bundle.js', CJS),
    output: { path: path.join(folder, 'bundled'), filename: 'webpack.cjs' },
    externals: [/^cloudblue-connect-native/],
    externalsType: 'commonjs',
  });
  expect(stats.compilation.errors).toEqual([]);
  expect(await node(path.join(folder, 'bundled/webpack.cjs'))).toBe('closed\n');
});

if (isReady && process.platform === 'linux' && process.arch === 'x64') {
  test.each([18, 20, 22, 24, 26])('Node %i', async (major) => {
    const bin = path.join(tools, `node${major}/bin/node`);
    expect(await run(bin, ['--version'])).toMatch(`v${major}.`);
    expect(await run(bin, [write('use.cjs', CJS)])).toBe('closed\n');
    expect(await run(bin, [write('use.mjs', ESM)])).toBe('closed\n');
    write('worker.cjs', THREAD);
    expect(await run(bin, [write('threads.cjs', THREADS)])).toBe('closed closed closed closed\n');
  });

  test.each([22, 24, 26])(
    'Node %i with permission for nothing but the two packages and addons',
    async (major) => {
      const file = write(
        'load.cjs',
        "console.log(typeof require('cloudblue-connect-native').ConnectClient);",
      );
      const packages = path.join(fs.realpathSync(folder), 'node_modules/cloudblue-connect-native*');
      const flags = [
        '--permission',
        '--allow-addons',
        `--allow-fs-read=${packages}`,
        `--allow-fs-read=${file}`,
      ];
      expect(await run(path.join(tools, `node${major}/bin/node`), [...flags, file])).toBe('function\n');
    },
  );

  test('Bun', async () => {
    expect(await run(path.join(tools, '@oven/bun-linux-x64/bin/bun'), [write('use.mjs', ESM)])).toBe(
      'closed\n',
    );
  });

  test('Deno', async () => {
    const bin = path.join(tools, '@deno/linux-x64-glibc/deno');
    const args = ['run', '--allow-all', '--node-modules-dir=manual', write('use.mjs', ESM)];
    expect(await run(bin, args)).toBe('closed\n');
  });
}

name('what CI does on each platform', async () => {
  const said = await node(path.join(root, 'scripts/try-package.js'), dist);
  expect(said).toContain(`closed a record on ${process.platform} ${process.arch}`);
  expect(said).toContain('loaded in threads');
});

name('publint and arethetypeswrong have nothing to say', async () => {
  const place = path.join(folder, 'node_modules/cloudblue-connect-native');
  expect(await node(path.join(tools, 'publint/src/cli.js'), place, '--strict', '--pack', 'false')).toContain(
    'All good!',
  );
  const attw = path.join(tools, '@arethetypeswrong/cli/dist/index.js');
  await node(attw, tarballs().main, '--profile', 'node16');
});
