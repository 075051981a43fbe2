'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { PLATFORMS, packageOf } = require('../scripts/build');
const { hasStaticTls } = require('../scripts/elf');
const { napi, version } = require('../package.json');
const {
  CJS,
  ESM,
  THREAD,
  THREADS,
  addonPlace,
  bare,
  dist,
  folder,
  isReady,
  node,
  root,
  run,
  tarballs,
  testPackage,
  tools,
  write,
} = require('./support/installed');

// The published package: what it contains, and that it loads, type-checks and runs.

testPackage('no compiler is there, and only the two packages were installed', async () => {
  expect(fs.readdirSync(path.join(folder, 'node_modules')).filter((file) => !file.startsWith('.'))).toEqual([
    '@cloudblue-connect-native',
    'cloudblue-connect-native',
  ]);
  expect(fs.readdirSync(path.join(folder, 'node_modules/@cloudblue-connect-native'))).toHaveLength(1);
  expect(() => execFileSync('cargo', ['--version'], { env: bare, stdio: 'ignore' })).toThrow();
});

testPackage(
  'the main package has no scripts, no dependencies but the addons, no source, and is small',
  () => {
    const place = path.join(folder, 'node_modules/cloudblue-connect-native');
    const manifest = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(Object.keys(manifest.optionalDependencies)).toEqual(
      napi.targets.map((target) => packageOf(PLATFORMS[target].name)),
    );
    expect(new Set(Object.values(manifest.optionalDependencies))).toEqual(new Set([version]));
    const files = fs.readdirSync(place, { recursive: true }).map(String);
    expect(
      files.filter((file) => /\.(rs|node|toml|lock)$|^(src|__test__|bench|scripts|target)\b/.test(file)),
    ).toEqual([]);
    expect(fs.statSync(tarballs().main).size).toBeLessThan(300_000);
  },
);

testPackage('no addon that takes static thread-local storage is packed, for musl refuses it', async () => {
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

testPackage('the addon is below 7 MiB, and needs no newer glibc than 2.17', () => {
  const place = addonPlace();
  const manifest = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('scripts');
  expect(manifest.os).toEqual([process.platform]);
  expect(manifest.cpu).toEqual([process.arch]);
  const addon = path.join(place, manifest.main);
  expect(fs.statSync(addon).size).toBeLessThan(7 * 1024 * 1024);
  if (process.platform !== 'linux' || manifest.libc[0] !== 'glibc') return;
  const symbols = execFileSync('objdump', ['-T', addon], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const versions = [...symbols.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  expect(versions.length).toBeGreaterThan(0);
  expect(Math.max(...versions)).toBeLessThanOrEqual(17);
});

testPackage('CommonJS', async () => {
  expect(await node(write('use.cjs', CJS))).toBe('closed\n');
});

testPackage('ES modules', async () => {
  expect(await node(write('use.mjs', ESM))).toBe('closed\n');
});

testPackage('deep paths, with and without .js, from both kinds of module', async () => {
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

testPackage('the command', async () => {
  expect(await node('node_modules/cloudblue-connect-native/bin/connect-usage.js', '--help')).toContain(
    'connect-usage',
  );
});

testPackage('worker threads, one after the other', async () => {
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

testPackage('what CI does on each platform', async () => {
  const said = await node(path.join(root, 'scripts/try-package.js'), dist);
  expect(said).toContain(`closed a record on ${process.platform} ${process.arch}`);
  expect(said).toContain('loaded in threads');
});

testPackage('publint and arethetypeswrong have nothing to say', async () => {
  const place = path.join(folder, 'node_modules/cloudblue-connect-native');
  expect(await node(path.join(tools, 'publint/src/cli.js'), place, '--strict', '--pack', 'false')).toContain(
    'All good!',
  );
  const attw = path.join(tools, '@arethetypeswrong/cli/dist/index.js');
  await node(attw, tarballs().main, '--profile', 'node16');
});
