#!/usr/bin/env node
'use strict';

/**
 * Makes the tarballs as they are published: the main package, and the package of this machine's platform.
 *
 *   npm run pack:local                builds the addon, for the oldest glibc that can be reached, and packs both
 *   npm run pack:local -- --addon F   packs the addon F instead of building one
 *
 * On Linux the addon is linked by zig, where cargo-zigbuild is installed (`pip install ziglang cargo-zigbuild`), and then
 * runs with glibc 2.17 and newer; otherwise with this machine's.
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

/** Builds the addon that is published, and gives the path of the library. */
function build(target) {
  const isGnu = target.endsWith('-linux-gnu');
  if (isGnu && hasZig())
    return compile(['zigbuild', '--release', '--locked', '--target', `${target}.${GLIBC}`]);
  if (isGnu) console.log("without cargo-zigbuild: the addon needs this machine's glibc, or a newer one");
  return compile(['build', '--release', '--locked', '--target', target]);
}

/** Packs a folder and gives the tarball's path. */
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

/** The package of a platform: the addon, and what npm reads to know whom it is for. */
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

/** The main package: without an addon, without scripts, with the packages of all platforms as optional ones. */
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
  const given = process.argv.indexOf('--addon');
  const target = buildTarget();
  const addon = given < 0 ? build(target) : path.resolve(process.argv[given + 1]);
  if (target.includes('-linux-') && hasStaticTls(addon)) {
    throw new Error(
      `${addon} has the flag STATIC_TLS: musl refuses to load it, and glibc has little room for it`,
    );
  }
  fs.rmSync(dist, { recursive: true, force: true });
  fs.mkdirSync(dist);
  pack(stagePlatform(target, addon));
  pack(stageMain());
}

main();
