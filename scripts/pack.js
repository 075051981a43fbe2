#!/usr/bin/env node
'use strict';

/**
 * Packs the tarballs as they are published: the main package, and the package of this machine's platform.
 *
 *   npm run pack:local                    builds the addon and packs both
 *   npm run pack:local -- --addon F       packs the addon F instead of building one
 *   npm run pack:local -- --only main     packs one of the two: `main`, which needs no Rust, or `platform`
 *   npm run pack:local -- --to FOLDER     puts them there, not in `dist`; what was in the folder is removed
 *
 * On Linux, with cargo-zigbuild (`pip install ziglang cargo-zigbuild`), the addon runs with glibc 2.17 and newer;
 * without it, it needs this machine's glibc or a newer one. For musl it is necessary: few machines have a C compiler and
 * a linker for musl.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { parseArgs } = require('util');
const { PLATFORMS, buildTarget, compile, packageOf, run } = require('./build');
const { OLDEST_GLIBC, hasStaticTls, inspect } = require('./elf');

const root = path.join(__dirname, '..');
const manifest = require('../package.json');

/** Whether cargo-zigbuild is here; throws an error if it is and does not run, as the addon would need a newer glibc. */
function hasZig() {
  if (process.platform !== 'linux') return false;
  const { error, status } = spawnSync('cargo-zigbuild', ['--version']);
  if (error?.code === 'ENOENT') return false;
  if (status !== 0)
    throw new Error(`cargo-zigbuild does not run: ${error?.message ?? `it ended with ${status}`}`);
  return true;
}

/** Builds an addon that runs on every Linux, and makes sure that it does. */
function buildWithZig(options, target, suffix = '') {
  const library = compile(['zigbuild', ...options, `${target}${suffix}`]);
  inspect(library, target);
  return library;
}

/** Builds the addon for publishing, and returns the path of the library. */
function build(target) {
  const options = ['--release', '--locked', '--target'];
  if (target.endsWith('-linux-musl')) {
    if (!hasZig()) throw new Error(`an addon for ${target} is built with cargo-zigbuild, which is not here`);
    // The C library must stay a shared one: an addon is loaded into a process that has it already.
    process.env.RUSTFLAGS = `${process.env.RUSTFLAGS || ''} -C target-feature=-crt-static`.trim();
    return buildWithZig(options, target);
  }
  if (target.endsWith('-linux-gnu')) {
    if (hasZig()) return buildWithZig(options, target, `.${OLDEST_GLIBC}`);
    console.log("without cargo-zigbuild: the addon needs this machine's glibc, or a newer one");
  }
  return compile(['build', ...options, target]);
}

/** Packs a staged folder. */
function pack(dist, folder) {
  const said = run('npm', ['pack', '--json', '--pack-destination', dist], { cwd: folder });
  // A list up to npm 11, and from npm 12 on an object by the names of the packages.
  const [{ filename, size }] = Object.values(JSON.parse(said));
  console.log(`${path.relative(root, path.join(dist, filename))}: ${(size / 1000).toFixed(0)} kB`);
}

function write(folder, name, value) {
  fs.writeFileSync(path.join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * The field `repository`, without which npm publishes nothing with provenance, as it must be the repository whose workflow
 * publishes. GitHub tells every workflow its address; elsewhere there is none, and none is made up.
 */
function repository() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return server && name ? { repository: { type: 'git', url: `git+${server}/${name}.git` } } : {};
}

/** Writes the package of a platform: the addon, and a manifest from which npm knows the platform. */
function stagePlatform(dist, target, addon) {
  const { name, os, cpu, libc } = PLATFORMS[target];
  const folder = path.join(dist, 'stage', name);
  const main = `${manifest.name}.${name}.node`;
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(addon, path.join(folder, main));
  const { version, license, engines } = manifest;
  write(folder, 'package.json', {
    name: packageOf(name),
    version,
    description: `The addon of ${manifest.name} for ${name}`,
    license,
    ...repository(),
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
function stageMain(dist) {
  const folder = path.join(dist, 'stage', 'main');
  const files = manifest.files.filter((name) => name !== '*.node');
  for (const name of [...files, 'README.md', 'LICENSE']) {
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  const { scripts, devDependencies, napi, ...kept } = manifest;
  const names = napi.targets.map((target) => packageOf(PLATFORMS[target].name));
  write(folder, 'package.json', {
    ...kept,
    ...repository(),
    files,
    optionalDependencies: Object.fromEntries(names.map((name) => [name, manifest.version])),
  });
  return folder;
}

/** The addon of this machine's platform: the one that was given, or a new one. */
function addonFor(target, given) {
  const addon = given === undefined ? build(target) : path.resolve(given);
  if (target.includes('-linux-') && hasStaticTls(addon)) {
    throw new Error(
      `${addon} has the flag STATIC_TLS: it cannot be loaded under musl, and not always under glibc`,
    );
  }
  return addon;
}

function main() {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { addon: text, only: text, to: { ...text, default: 'dist' } } });
  if (![undefined, 'main', 'platform'].includes(values.only)) {
    throw new Error(`--only is \`main\` or \`platform\`, not \`${values.only}\``);
  }
  const target = values.only === 'main' ? undefined : buildTarget();
  // First the addon: if there is none, the tarballs stay as they are.
  const addon = target && addonFor(target, values.addon);
  const dist = path.resolve(root, values.to);
  fs.rmSync(dist, { recursive: true, force: true });
  fs.mkdirSync(dist, { recursive: true });
  if (target) pack(dist, stagePlatform(dist, target, addon));
  if (values.only !== 'platform') pack(dist, stageMain(dist));
}

main();
