#!/usr/bin/env node
'use strict';

/**
 * Builds the addon with cargo and copies it next to the loader. Needs no npm package, so that a folder or a git
 * dependency can be built with nothing but a Rust toolchain.
 *
 *   node scripts/build.js            optimised: a few minutes the first time
 *   node scripts/build.js --debug    for development: seconds
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');
const manifest = require('../package.json');

/** npm's names of the platforms, by Rust target. */
const PLATFORMS = {
  'x86_64-unknown-linux-gnu': { name: 'linux-x64-gnu', os: 'linux', cpu: 'x64', libc: 'glibc' },
  'aarch64-unknown-linux-gnu': { name: 'linux-arm64-gnu', os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'x86_64-unknown-linux-musl': { name: 'linux-x64-musl', os: 'linux', cpu: 'x64', libc: 'musl' },
  'aarch64-unknown-linux-musl': { name: 'linux-arm64-musl', os: 'linux', cpu: 'arm64', libc: 'musl' },
  'x86_64-apple-darwin': { name: 'darwin-x64', os: 'darwin', cpu: 'x64' },
  'aarch64-apple-darwin': { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64' },
  'x86_64-pc-windows-msvc': { name: 'win32-x64-msvc', os: 'win32', cpu: 'x64' },
};

/**
 * The package of a platform's addon, by npm's name of the platform. They are in a scope of their own: npm takes several
 * new names that resemble one another for spam, unless they are in a scope.
 */
const packageOf = (name) => `@${manifest.name}/${name}`;

/** Runs a command and returns its output; throws an error that names the command if it fails. */
function run(command, args, options) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${result.status}`);
  return result.stdout;
}

/** The target of the build: CARGO_BUILD_TARGET, else this machine. */
function buildTarget() {
  const target = process.env.CARGO_BUILD_TARGET || /^host: (.+)$/m.exec(run('rustc', ['-vV']))[1];
  if (!Object.hasOwn(PLATFORMS, target)) {
    throw new Error(`there is no addon for ${target}; there are ${Object.keys(PLATFORMS).join(', ')}`);
  }
  return target;
}

/**
 * Builds the library.
 *
 * @param {string[]} command The arguments of cargo: `['build', '--release', '--locked']`.
 * @returns {string} The path of the library.
 */
function compile(command) {
  const args = [...command, '--lib', '--message-format', 'json-render-diagnostics'];
  const messages = run('cargo', args, { maxBuffer: 1 << 28 })
    .split('\n')
    .filter(Boolean);
  const files = messages
    .map((line) => JSON.parse(line))
    .filter(
      ({ reason, target }) => reason === 'compiler-artifact' && target.name === 'cloudblue_connect_native',
    )
    .flatMap(({ filenames }) => filenames);
  const library = files.find((file) => /\.(so|dylib|dll)$/.test(file));
  if (library === undefined) throw new Error('cargo built no library');
  return library;
}

/** Builds the library and copies it next to the loader. */
function main() {
  const { name } = PLATFORMS[buildTarget()];
  const library = compile(process.argv.includes('--debug') ? ['build'] : ['build', '--release', '--locked']);
  const place = path.join(root, `cloudblue-connect-native.${name}.node`);
  // Removed, not overwritten: a process may have the old one loaded.
  fs.rmSync(place, { force: true });
  fs.copyFileSync(library, place);
  console.log(path.basename(place));
}

if (require.main === module) main();

module.exports = { PLATFORMS, buildTarget, compile, packageOf, run };
