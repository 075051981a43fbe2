'use strict';

const { execFileSync, spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { LOCKS, faults } = require('../scripts/check-release');
const { packageOf } = require('../scripts/build');
const { TOKEN, rehearse } = require('./support/release');

// A release, with a registry on this machine: what is published, in which order, and what becomes of one that fails half-way.

const [A, B] = ['a', 'b'].map(packageOf);
const MAIN = 'cloudblue-connect-native';

const release = rehearse();
const { publish } = release;

/** Packs a package that consists of its manifest. The names of the files are in another order than is published. */
function pack(manifest) {
  const place = path.join(release.folder, 'package');
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, 'package.json'), JSON.stringify(manifest));
  const file = `${manifest.name === MAIN ? '0' : '1'}-${path.basename(manifest.name)}.tgz`;
  execFileSync('tar', ['-czf', path.join('dist', file), 'package'], { cwd: release.folder });
}

/** Packs two platforms and the main package. */
function packAll(version = '1.2.3') {
  for (const name of [A, B]) pack({ name, version });
  pack({ name: MAIN, version, optionalDependencies: { [A]: version, [B]: version } });
}

const published = () => release.registry.published.map(({ name, version }) => `${name} ${version}`);

test('the platforms come first, and all is public, and the latest version', async () => {
  packAll();
  const { code, said } = await publish();
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringContaining(`${MAIN} 1.2.3 is published now`),
  });
  expect(said).not.toContain(TOKEN);
  expect(published()).toEqual([`${A} 1.2.3`, `${B} 1.2.3`, `${MAIN} 1.2.3`]);
  expect(release.registry.published.map(({ tags }) => tags)).toEqual(Array(3).fill({ latest: '1.2.3' }));
  expect(release.registry.published.map(({ access }) => access)).toEqual(Array(3).fill('public'));
  packAll('1.3.0');
  expect(await publish()).toMatchObject({ code: 0 });
  expect(published().slice(3)).toEqual([`${A} 1.3.0`, `${B} 1.3.0`, `${MAIN} 1.3.0`]);
});

test('a release that failed half-way is repeated: what is published is passed over', async () => {
  packAll();
  release.registry.refused.add(B);
  const first = await publish();
  expect(first.code).toBe(1);
  expect(first.said).toContain(`${B} 1.2.3 was not published`);
  expect(published()).toEqual([`${A} 1.2.3`]);
  release.registry.refused.clear();
  const second = await publish();
  expect(second.said).toContain(`${A} 1.2.3 is published already`);
  expect(second.code).toBe(0);
  expect(published()).toEqual([`${A} 1.2.3`, `${B} 1.2.3`, `${MAIN} 1.2.3`]);
  expect(await publish()).toEqual({
    code: 0,
    said: [A, B, MAIN].map((name) => `${name} 1.2.3 is published already\n`).join(''),
  });
  expect(release.registry.published).toHaveLength(3);
});

test('a prerelease is not the latest version; the tarballs may be in folders, as those of a run are', async () => {
  packAll('2.0.0-rc.1');
  for (const [at, file] of fs.readdirSync(release.dist).entries()) {
    fs.mkdirSync(path.join(release.dist, `package-${at}`));
    fs.renameSync(path.join(release.dist, file), path.join(release.dist, `package-${at}`, file));
  }
  expect(await publish()).toMatchObject({ code: 0 });
  expect(published()).toEqual([`${A} 2.0.0-rc.1`, `${B} 2.0.0-rc.1`, `${MAIN} 2.0.0-rc.1`]);
  expect(release.registry.published.map(({ tags }) => tags)).toEqual(Array(3).fill({ next: '2.0.0-rc.1' }));
});

test.each([
  ['without a platform', () => fs.rmSync(path.join(release.dist, '1-a.tgz')), `${A} is missing`],
  ['with another version', () => pack({ name: A, version: '1.2.4' }), `${A} is 1.2.4, not 1.2.3`],
  [
    'with a package too many',
    () => pack({ name: packageOf('c'), version: '1.2.3' }),
    `${packageOf('c')} is no part of ${MAIN}`,
  ],
  [
    'with two tarballs of one platform',
    () => {
      fs.mkdirSync(path.join(release.dist, 'package-of-a-run'));
      fs.copyFileSync(path.join(release.dist, '1-a.tgz'), path.join(release.dist, 'package-of-a-run/a.tgz'));
    },
    `${A} is there twice, also as ${path.join('package-of-a-run', 'a.tgz')}`,
  ],
  [
    'without the main package',
    () => fs.rmSync(path.join(release.dist, `0-${MAIN}.tgz`)),
    'there are 0 main packages',
  ],
])('%s nothing is published', async (_, change, message) => {
  packAll();
  change();
  const { code, said } = await publish();
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(message) });
  expect(release.registry.requests).toEqual([]);
});

test('a registry that does not answer is not taken for one that has no such version', async () => {
  packAll();
  release.registry.isBroken = true;
  const { code, said } = await publish();
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining(`whether ${A} 1.2.3 is published`),
  });
  expect(release.registry.published).toEqual([]);
});

test.each(['npm_wrongToken', ''])(
  'with the token %p the first package fails, and no other is tried',
  async (token) => {
    packAll();
    release.login(token);
    const { code, said } = await publish();
    expect(code).toBe(1);
    expect(said).toContain(`${A} 1.2.3 was not published`);
    expect(said).not.toMatch(/wrongToken/);
    expect(new Set(release.registry.requests.map((line) => line.split(' ')[1]))).toEqual(new Set([A]));
  },
);

test('a dry run asks nobody, takes what is there, and fails for what npm would not publish', async () => {
  packAll();
  fs.rmSync(path.join(release.dist, '1-b.tgz'));
  const { code, said } = await publish('--dry-run');
  expect(code).toBe(0);
  expect(said).toContain(`+ ${A}@1.2.3`);
  expect(said).toContain(`+ ${MAIN}@1.2.3`);
  const impossible = packageOf('b c');
  pack({ name: impossible, version: '1.2.3' });
  pack({ name: MAIN, version: '1.2.3', optionalDependencies: { [impossible]: '1.2.3', [A]: '1.2.3' } });
  expect(await publish('--dry-run')).toEqual({
    code: 1,
    said: expect.stringContaining(`${impossible} 1.2.3 was not published`),
  });
  expect(release.registry.requests).toEqual([]);
});

const npmLock = (version) =>
  JSON.stringify({ packages: { '': { version }, 'node_modules/x': { version: '9' } } });
const cargoLock = (version, name = MAIN) =>
  `version = 4\n\n[[package]]\nname = "a"\nversion = "9"\n\n[[package]]\nname = "${name}"\nversion = "${version}"\n`;

test('a tag is released only if everything has its version', () => {
  const texts = (version, heading = `## ${version}`) => ({
    manifest: JSON.stringify({ version }),
    crate: `[package]\nversion = "${version}"\n[dependencies]\nx = { version = "9" }\n`,
    changelog: `# Changelog\n\n${heading}\n\n## 0.0.9\n`,
    locks: { 'package-lock.json': npmLock(version), 'Cargo.lock': cargoLock(version) },
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
  expect(faults('v0.1.0', texts('0.1.0', '## 0.1.0 - Unreleased'))).toHaveLength(1);
  expect(faults('v0.1.0-rc.1', texts('0.1.0-rc.1', '## 0.1.0 (unreleased)'))).toEqual([]);
  expect(faults('v0.1.0', texts('0.1.0', '## 0.1'))).toEqual(['CHANGELOG.md has no heading for 0.1.0']);
  const stale = { 'package-lock.json': npmLock('0.0.9'), 'Cargo.lock': cargoLock('0.0.8') };
  expect(faults('v0.1.0', { ...texts('0.1.0'), locks: stale })).toEqual([
    'package-lock.json has the version 0.0.9, not 0.1.0',
    'Cargo.lock has the version 0.0.8, not 0.1.0',
  ]);
  expect(faults('v0.1.0', { ...texts('0.1.0'), locks: { 'Cargo.lock': cargoLock('0.1.0', 'x') } })).toEqual([
    'Cargo.lock has the version undefined, not 0.1.0',
  ]);
});

test('every lock file that is committed and names us is compared', () => {
  const root = path.join(__dirname, '..');
  const files = execFileSync('git', ['ls-files', '*.lock', '*package-lock.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const naming = files
    .split('\n')
    .filter((file) => file && fs.readFileSync(path.join(root, file), 'utf8').includes(`"${MAIN}"\nversion`));
  expect(LOCKS).toEqual(expect.arrayContaining(naming));
  expect(naming.length).toBeGreaterThan(1);
  const { status, stderr } = spawnSync(process.execPath, ['scripts/check-release.js', 'v0'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('the tag is v0, and package.json has the version');
  expect(stderr).not.toContain('lock');
});
