'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { PLATFORMS, buildTarget, packageOf } = require('../scripts/build');
const { rehearse } = require('./support/release');

// The real packages: packed as the workflow does it, published to a registry on this machine, and installed from there.

const root = path.join(__dirname, '..');
const MAIN = 'cloudblue-connect-native';
const release = rehearse();

/** A library of Linux in which there is nothing: what the addon of another platform is here. */
function emptyLibrary() {
  const bytes = Buffer.alloc(136);
  bytes.write('\x7fELF\x02\x01', 'latin1');
  bytes.writeBigUInt64LE(64n, 32); // where the program headers are, their size and number
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(2, 64); // PT_DYNAMIC: its place and size
  bytes.writeBigUInt64LE(120n, 72);
  bytes.writeBigUInt64LE(16n, 96);
  const file = path.join(release.folder, 'empty.node');
  fs.writeFileSync(file, bytes);
  return file;
}

test('the real packages, packed as the workflow does it, are published and installed', async () => {
  const { version } = require('../package.json');
  const GITHUB = { GITHUB_SERVER_URL: 'https://git.test', GITHUB_REPOSITORY: 'somebody/something' };
  const here = buildTarget();
  const mine = path.join(root, `${MAIN}.${PLATFORMS[here].name}.node`);
  const empty = emptyLibrary();
  const parts = [
    { args: ['--only', 'main'] },
    ...Object.keys(PLATFORMS).map((target) => ({
      args: ['--only', 'platform', '--addon', target === here ? mine : empty],
      CARGO_BUILD_TARGET: target,
    })),
  ];
  for (const [at, { args, ...env }] of parts.entries()) {
    const place = path.join(release.folder, `part-${at}`);
    const packed = await release.run(process.execPath, ['scripts/pack.js', '--to', place, ...args], {
      ...GITHUB,
      ...env,
    });
    expect(packed).toMatchObject({ code: 0 });
    const files = fs.readdirSync(place).filter((file) => file.endsWith('.tgz'));
    expect(files).toHaveLength(1);
    fs.renameSync(path.join(place, files[0]), path.join(release.dist, files[0]));
  }
  const { code, said } = await release.publish();
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringContaining(`${MAIN} ${version} is published now`),
  });
  expect(release.registry.published.map(({ name }) => name).sort()).toEqual(
    [...Object.values(PLATFORMS).map(({ name }) => packageOf(name)), MAIN].sort(),
  );
  for (const { manifest } of release.registry.published) {
    expect(manifest.repository).toEqual({ type: 'git', url: 'git+https://git.test/somebody/something.git' });
    expect(manifest.license).toBe('Apache-2.0');
  }

  const consumer = path.join(release.folder, 'consumer');
  fs.mkdirSync(consumer);
  fs.writeFileSync(path.join(consumer, 'package.json'), '{ "name": "consumer", "private": true }');
  expect(
    await release.run('npm', ['install', '--no-audit', '--no-fund', MAIN], { cwd: consumer }),
  ).toMatchObject({
    code: 0,
  });
  expect(fs.readdirSync(path.join(consumer, 'node_modules/@cloudblue-connect-native'))).toEqual([
    PLATFORMS[here].name,
  ]);
  const program = `console.log(typeof require('${MAIN}').ConnectClient)`;
  expect(await release.run(process.execPath, ['-e', program], { cwd: consumer })).toEqual({
    code: 0,
    said: 'function\n',
  });
}, 240_000);

test('elsewhere than on GitHub a package names no repository', async () => {
  expect(
    await release.run(process.execPath, [
      'scripts/pack.js',
      '--only',
      'main',
      '--to',
      path.join(release.folder, 'part'),
    ]),
  ).toMatchObject({ code: 0 });
  const manifest = fs.readFileSync(path.join(release.folder, 'part/stage/main/package.json'), 'utf8');
  expect(JSON.parse(manifest)).not.toHaveProperty('repository');
});

test('an unknown part is refused, before anything is built or removed', async () => {
  fs.writeFileSync(path.join(release.dist, 'kept'), '');
  const { code, said } = await release.run(process.execPath, [
    'scripts/pack.js',
    '--only',
    'all',
    '--to',
    release.dist,
  ]);
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining('--only is `main` or `platform`'),
  });
  expect(fs.readdirSync(release.dist)).toEqual(['kept']);
});

/** Puts a cargo on the PATH that builds nothing: it writes its arguments to a file, and says that `library` is what it built. */
function fakeCargo(library) {
  const bin = path.join(release.folder, 'bin');
  fs.mkdirSync(bin);
  const calls = path.join(bin, 'calls');
  const built = JSON.stringify({
    reason: 'compiler-artifact',
    target: { name: 'cloudblue_connect_native' },
    filenames: [library],
  });
  const program = `#!/bin/sh\necho "$RUSTFLAGS: $@" >>'${calls}'\necho '${built}'\n`;
  for (const name of ['cargo', 'cargo-zigbuild'])
    fs.writeFileSync(path.join(bin, name), program, { mode: 0o755 });
  return { bin, calls: () => fs.readFileSync(calls, 'utf8') };
}

/** The arguments with which everything is built. */
const ASKED = '--release --locked --target';

// zig links for Linux, on Linux.
const testZig = process.platform === 'linux' ? test : test.skip;

testZig.each([
  [
    'x86_64-unknown-linux-musl',
    `-C target-feature=-crt-static: zigbuild ${ASKED} x86_64-unknown-linux-musl --lib`,
  ],
  [
    'aarch64-unknown-linux-musl',
    `-C target-feature=-crt-static: zigbuild ${ASKED} aarch64-unknown-linux-musl --lib`,
  ],
  ['aarch64-unknown-linux-gnu', `: zigbuild ${ASKED} aarch64-unknown-linux-gnu.2.17 --lib`],
  ['x86_64-apple-darwin', `: build ${ASKED} x86_64-apple-darwin --lib`],
])('how the addon for %s is built', async (target, call) => {
  const empty = emptyLibrary();
  const library = empty.replace(/node$/, 'so');
  fs.renameSync(empty, library);
  const { bin, calls } = fakeCargo(library);
  const env = { CARGO_BUILD_TARGET: target, PATH: `${bin}:${process.env.PATH}`, RUSTFLAGS: '' };
  const args = ['scripts/pack.js', '--only', 'platform', '--to', release.dist];
  expect(await release.run(process.execPath, args, env)).toMatchObject({ code: 0 });
  expect(calls()).toContain(`${call} `);
  expect(fs.readdirSync(release.dist).filter((file) => file.endsWith('.tgz'))).toHaveLength(1);
});

testZig('an addon that not every Linux can load is not packed', async () => {
  const source = path.join(release.folder, 'other.c');
  fs.writeFileSync(source, 'int one(void) { return 1; }');
  const [other, library] = ['libother.so', 'library.so'].map((name) => path.join(release.folder, name));
  for (const [file, ...more] of [[other], [library, '-Wl,--no-as-needed', other]])
    execFileSync('cc', ['-shared', '-fPIC', '-o', file, source, ...more]);
  const { bin } = fakeCargo(library);
  const env = { CARGO_BUILD_TARGET: 'x86_64-unknown-linux-gnu', PATH: `${bin}:${process.env.PATH}` };
  const args = ['scripts/pack.js', '--only', 'platform', '--to', release.dist];
  const { code, said } = await release.run(process.execPath, args, env);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/needs \S*libother\.so/) });
  expect(fs.readdirSync(release.dist)).toEqual([]);
});

testZig('a zig that does not run is an error: without it the addon would need a newer glibc', async () => {
  const { bin } = fakeCargo(emptyLibrary());
  fs.writeFileSync(path.join(bin, 'cargo-zigbuild'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const env = { CARGO_BUILD_TARGET: 'aarch64-unknown-linux-gnu', PATH: `${bin}:${process.env.PATH}` };
  const args = ['scripts/pack.js', '--only', 'platform', '--to', release.dist];
  const { code, said } = await release.run(process.execPath, args, env);
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining('cargo-zigbuild does not run: it ended with 3'),
  });
});

testZig('without zig there is no addon for musl', async () => {
  const { bin } = fakeCargo('none');
  fs.rmSync(path.join(bin, 'cargo-zigbuild'));
  const env = { CARGO_BUILD_TARGET: 'x86_64-unknown-linux-musl', PATH: bin };
  const { code, said } = await release.run(process.execPath, ['scripts/pack.js', '--to', release.dist], env);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('is built with cargo-zigbuild') });
});
