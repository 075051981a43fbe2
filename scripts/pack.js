#!/usr/bin/env node
'use strict';

/**
 * Packs the tarballs as they are published: the main package, and the package of this machine's platform.
 *
 *   npm run pack:local                builds the addon and packs both
 *   npm run pack:local -- --addon F   packs the addon F instead of building one
 *
 * On Linux, with cargo-zigbuild (`pip install ziglang cargo-zigbuild`), the addon runs with glibc 2.17 and newer;
 * without it, it needs this machine's glibc or a newer one.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { PLATFORMS, buildTarget, compile, run } = require('./build');
const { hasStaticTls } = require('./elf');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');
const manifest = require('../package.json');

const GLIBC = '2.17';

function hasZig() {
  return process.platform === 'linux' && spawnSync('cargo-zigbuild', ['--version']).status === 0;
}

/** Builds the addon for publishing, and returns the path of the library. */
function build(target) {
  const isGnu = target.endsWith('-linux-gnu');
  if (isGnu && hasZig())
    return compile(['zigbuild', '--release', '--locked', '--target', `${target}.${GLIBC}`]);
  if (isGnu) console.log("without cargo-zigbuild: the addon needs this machine's glibc, or a newer one");
  return compile(['build', '--release', '--locked', '--target', target]);
}

/** Packs a folder, and returns the path of the tarball. */
function pack(folder) {
  const [{ filename, size }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', dist], { cwd: folder }),
  );
  console.log(`${path.relative(root, path.join(dist, filename))}: ${(size / 1000).toFixed(0)} kB`);
  return path.join(dist, filename);
}

function write(folder, name, value) {
  fs.writeFileSync(path.join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes the package of a platform: the addon, and a manifest from which npm knows the platform. */
function stagePlatform(target, addon) {
  const { name, os, cpu, libc } = PLATFORMS[target];
  const folder = path.join(dist, 'stage', name);
  const main = `${manifest.name}.${name}.node`;
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(addon, path.join(folder, main));
  const { version, license, engines } = manifest;
  write(folder, 'package.json', {
    name: `${manifest.name}-${name}`,
    version,
    description: `The addon of ${manifest.name} for ${name}`,
    license,
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    main,
    files: [main],
  });
  fs.writeFileSync(
    path.join(folder, 'README.md'),
    `The addon of the package ${manifest.name} for ${name}. Install that one.\n`,
  );
  fs.copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  return folder;
}

/** Writes the main package: no addon, no scripts, and the packages of all platforms as optional dependencies. */
function stageMain() {
  const folder = path.join(dist, 'stage', 'main');
  const files = manifest.files.filter((name) => name !== '*.node');
  for (const name of [...files, 'README.md', 'LICENSE']) {
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  const { scripts, devDependencies, napi, ...kept } = manifest;
  const names = napi.targets.map((target) => `${manifest.name}-${PLATFORMS[target].name}`);
  write(folder, 'package.json', {
    ...kept,
    files,
    optionalDependencies: Object.fromEntries(names.map((name) => [name, manifest.version])),
  });
  return folder;
}

function main() {
  const option = process.argv.indexOf('--addon');
  const target = buildTarget();
  const addon = option < 0 ? build(target) : path.resolve(process.argv[option + 1]);
  if (target.includes('-linux-') && hasStaticTls(addon)) {
    throw new Error(
      `${addon} has the flag STATIC_TLS: it cannot be loaded under musl, and not always under glibc`,
    );
  }
  fs.rmSync(dist, { recursive: true, force: true });
  fs.mkdirSync(dist);
  pack(stagePlatform(target, addon));
  pack(stageMain());
}

main();
