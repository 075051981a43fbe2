'use strict';

const { execFile, execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { faults } = require('../scripts/check-release');
const { PLATFORMS, buildTarget, packageOf } = require('../scripts/build');
const { startRegistry } = require('./support/registry');

// A release, with a registry on this machine: what is published, in which order, and what becomes of one that fails half-way.

const root = path.join(__dirname, '..');
const TOKEN = 'npm_secretOfThePublisher';
const [A, B] = ['a', 'b'].map(packageOf);
const MAIN = 'cloudblue-connect-native';

let folder;
let dist;
let registry;
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-publish-'));
  dist = path.join(folder, 'dist');
  fs.mkdirSync(dist);
  registry = await startRegistry(TOKEN);
});
afterEach(async () => {
  await registry.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Runs a program with nothing of this machine's npm, and returns its exit code and all that it says. */
async function run(command, args, { cwd = root, ...more } = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_AUTH_TOKEN|ACTIONS_|GITHUB_)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(kept),
    npm_config_registry: registry.url,
    npm_config_userconfig: path.join(folder, 'npmrc'),
    npm_config_cache: path.join(folder, 'cache'),
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
    ...more,
  };
  const options = { cwd, env, maxBuffer: 1 << 26, shell: process.platform === 'win32' };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, options);
    return { code: 0, said: `${stdout}${stderr}` };
  } catch (error) {
    return { code: error.code, said: `${error.stdout}${error.stderr}` };
  }
}

const publish = (options = [], env = { NODE_AUTH_TOKEN: TOKEN }) =>
  run(process.execPath, ['scripts/publish.js', dist, ...options], env);

/** Packs a package that consists of its manifest. The names of the files are in another order than is published. */
function pack(manifest) {
  const place = path.join(folder, 'package');
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, 'package.json'), JSON.stringify(manifest));
  const file = `${manifest.name === MAIN ? '0' : '1'}-${path.basename(manifest.name)}.tgz`;
  execFileSync('tar', ['-czf', path.join('dist', file), 'package'], { cwd: folder });
}

/** Packs two platforms and the main package. */
function packAll(version = '1.2.3') {
  for (const name of [A, B]) pack({ name, version });
  pack({ name: MAIN, version, optionalDependencies: { [A]: version, [B]: version } });
}

const published = () => registry.published.map(({ name, version }) => `${name} ${version}`);

test('the platforms come first, and all is public, and the latest version', async () => {
  packAll();
  const { code, said } = await publish();
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringContaining(`${MAIN} 1.2.3 is published now`),
  });
  expect(said).not.toContain(TOKEN);
  expect(published()).toEqual([`${A} 1.2.3`, `${B} 1.2.3`, `${MAIN} 1.2.3`]);
  expect(registry.published.map(({ tags }) => tags)).toEqual(Array(3).fill({ latest: '1.2.3' }));
  expect(registry.published.map(({ access }) => access)).toEqual(Array(3).fill('public'));
});

test('a release that failed half-way is repeated: what is published is passed over', async () => {
  packAll();
  registry.refused.add(B);
  const first = await publish();
  expect(first.code).toBe(1);
  expect(first.said).toContain(`${B} 1.2.3 was not published`);
  expect(published()).toEqual([`${A} 1.2.3`]);
  registry.refused.clear();
  const second = await publish();
  expect(second.said).toContain(`${A} 1.2.3 is published already`);
  expect(second.code).toBe(0);
  expect(published()).toEqual([`${A} 1.2.3`, `${B} 1.2.3`, `${MAIN} 1.2.3`]);
  expect(await publish()).toEqual({
    code: 0,
    said: [A, B, MAIN].map((name) => `${name} 1.2.3 is published already\n`).join(''),
  });
  expect(registry.published).toHaveLength(3);
});

test('the next version, of packages that are known', async () => {
  packAll();
  await publish();
  packAll('1.3.0');
  expect(await publish()).toMatchObject({ code: 0 });
  expect(published().slice(3)).toEqual([`${A} 1.3.0`, `${B} 1.3.0`, `${MAIN} 1.3.0`]);
});

test('a prerelease is not the latest version', async () => {
  packAll('2.0.0-rc.1');
  expect(await publish()).toMatchObject({ code: 0 });
  expect(registry.published.map(({ tags }) => tags)).toEqual(Array(3).fill({ next: '2.0.0-rc.1' }));
});

test.each([
  ['without a platform', () => fs.rmSync(path.join(dist, '1-a.tgz')), `${A} is missing`],
  ['with another version', () => pack({ name: A, version: '1.2.4' }), `${A} is 1.2.4, not 1.2.3`],
  [
    'with a package too many',
    () => pack({ name: packageOf('c'), version: '1.2.3' }),
    `${packageOf('c')} is no part of ${MAIN}`,
  ],
  [
    'without the main package',
    () => fs.rmSync(path.join(dist, `0-${MAIN}.tgz`)),
    'there are 0 main packages',
  ],
])('%s nothing is published', async (_, change, message) => {
  packAll();
  change();
  const { code, said } = await publish();
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(message) });
  expect(registry.requests).toEqual([]);
});

test('a registry that does not answer is not taken for one that has no such version', async () => {
  packAll();
  registry.isBroken = true;
  const { code, said } = await publish();
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining(`whether ${A} 1.2.3 is published`),
  });
  expect(registry.published).toEqual([]);
});

test.each([
  ['a wrong token', { NODE_AUTH_TOKEN: 'npm_wrongToken' }],
  ['no token', { NODE_AUTH_TOKEN: '' }],
])('with %s the first package fails, and no other is tried', async (_, env) => {
  packAll();
  const { code, said } = await publish([], env);
  expect(code).toBe(1);
  expect(said).toContain(`${A} 1.2.3 was not published`);
  expect(said).not.toMatch(/wrongToken/);
  expect(new Set(registry.requests.map((line) => line.split(' ')[1]))).toEqual(new Set([A]));
});

test('a dry run asks nobody, takes what is there, and fails for what npm would not publish', async () => {
  packAll();
  fs.rmSync(path.join(dist, '1-b.tgz'));
  const { code, said } = await publish(['--dry-run'], {});
  expect(code).toBe(0);
  expect(said).toContain(`+ ${A}@1.2.3`);
  expect(said).toContain(`+ ${MAIN}@1.2.3`);
  const impossible = packageOf('b c');
  pack({ name: impossible, version: '1.2.3' });
  pack({ name: MAIN, version: '1.2.3', optionalDependencies: { [impossible]: '1.2.3', [A]: '1.2.3' } });
  expect(await publish(['--dry-run'], {})).toEqual({
    code: 1,
    said: expect.stringContaining(`${impossible} 1.2.3 was not published`),
  });
  expect(registry.requests).toEqual([]);
});

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
  const file = path.join(folder, 'empty.node');
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
    const place = path.join(folder, `part-${at}`);
    const packed = await run(process.execPath, ['scripts/pack.js', '--to', place, ...args], {
      ...GITHUB,
      ...env,
    });
    expect(packed).toMatchObject({ code: 0 });
    const files = fs.readdirSync(place).filter((file) => file.endsWith('.tgz'));
    expect(files).toHaveLength(1);
    fs.renameSync(path.join(place, files[0]), path.join(dist, files[0]));
  }
  const { code, said } = await publish();
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringContaining(`${MAIN} ${version} is published now`),
  });
  expect(registry.published.map(({ name }) => name).sort()).toEqual(
    [...Object.values(PLATFORMS).map(({ name }) => packageOf(name)), MAIN].sort(),
  );
  for (const { manifest } of registry.published) {
    expect(manifest.repository).toEqual({ type: 'git', url: 'git+https://git.test/somebody/something.git' });
    expect(manifest.license).toBe('Apache-2.0');
  }

  const consumer = path.join(folder, 'consumer');
  fs.mkdirSync(consumer);
  fs.writeFileSync(path.join(consumer, 'package.json'), '{ "name": "consumer", "private": true }');
  expect(await run('npm', ['install', '--no-audit', '--no-fund', MAIN], { cwd: consumer })).toMatchObject({
    code: 0,
  });
  expect(fs.readdirSync(path.join(consumer, 'node_modules/@cloudblue-connect-native'))).toEqual([
    PLATFORMS[here].name,
  ]);
  const program = `console.log(typeof require('${MAIN}').ConnectClient)`;
  expect(await run(process.execPath, ['-e', program], { cwd: consumer })).toEqual({
    code: 0,
    said: 'function\n',
  });
}, 240_000);

test('elsewhere than on GitHub a package names no repository', async () => {
  expect(
    await run(process.execPath, ['scripts/pack.js', '--only', 'main', '--to', path.join(folder, 'part')]),
  ).toMatchObject({ code: 0 });
  const manifest = fs.readFileSync(path.join(folder, 'part/stage/main/package.json'), 'utf8');
  expect(JSON.parse(manifest)).not.toHaveProperty('repository');
});

test('an unknown part is refused, before anything is built or removed', async () => {
  fs.writeFileSync(path.join(dist, 'kept'), '');
  const { code, said } = await run(process.execPath, ['scripts/pack.js', '--only', 'all', '--to', dist]);
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining('--only is `main` or `platform`'),
  });
  expect(fs.readdirSync(dist)).toEqual(['kept']);
});

test('a tag is released only if everything has its version', () => {
  const texts = (version, heading = `## ${version}`) => ({
    manifest: JSON.stringify({ version }),
    crate: `[package]\nversion = "${version}"\n[dependencies]\nx = { version = "9" }\n`,
    changelog: `# Changelog\n\n${heading}\n\n## 0.0.9\n`,
  });
  expect(faults('v0.1.0', texts('0.1.0'))).toEqual([]);
  expect(faults('v0.1.0', texts('0.1.0', '## 0.1.0 (2026-12-01)'))).toEqual([]);
  expect(faults('v0.1.1', texts('0.1.0'))).toEqual([
    'the tag is v0.1.1, and package.json has the version 0.1.0',
  ]);
  expect(faults('v0.1.0', { ...texts('0.1.0'), crate: 'version = "0.2.0"' })).toEqual([
    'Cargo.toml has the version 0.2.0, not 0.1.0',
  ]);
  expect(faults('v0.1.0', texts('0.1.0', '## 0.1.0 (unreleased)'))).toEqual([
    'CHANGELOG.md says "unreleased"',
  ]);
  expect(faults('v0.1.0', texts('0.1.0', '## 0.1'))).toEqual(['CHANGELOG.md has no heading for 0.1.0']);
});
