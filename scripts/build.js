#!/usr/bin/env node
'use strict';

/**
 * Builds the addon with cargo and puts it beside the loader. Needs nothing that npm installs, so that a folder or a git
 * dependency can be built wherever there is a Rust tool-chain.
 *
 *   node scripts/build.js            for use: optimised, a few minutes the first time
 *   node scripts/build.js --debug    for work: seconds
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');

/** What npm calls the platforms of the targets that there are packages for. */
const PLATFORMS = {
  'x86_64-unknown-linux-gnu': { name: 'linux-x64-gnu', os: 'linux', cpu: 'x64', libc: 'glibc' },
  'aarch64-unknown-linux-gnu': { name: 'linux-arm64-gnu', os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'x86_64-unknown-linux-musl': { name: 'linux-x64-musl', os: 'linux', cpu: 'x64', libc: 'musl' },
  'aarch64-unknown-linux-musl': { name: 'linux-arm64-musl', os: 'linux', cpu: 'arm64', libc: 'musl' },
  'x86_64-apple-darwin': { name: 'darwin-x64', os: 'darwin', cpu: 'x64' },
  'aarch64-apple-darwin': { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64' },
  'x86_64-pc-windows-msvc': { name: 'win32-x64-msvc', os: 'win32', cpu: 'x64' },
};

/** Runs a command and gives what it printed; throws an error that says which one failed. */
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

/** The target that cargo builds for: CARGO_BUILD_TARGET, else this machine. */
function buildTarget() {
  const target = process.env.CARGO_BUILD_TARGET || /^host: (.+)$/m.exec(run('rustc', ['-vV']))[1];
  if (!Object.hasOwn(PLATFORMS, target)) {
    throw new Error(`there is no addon for ${target}; there are ${Object.keys(PLATFORMS).join(', ')}`);
  }
  return target;
}

/**
 * Builds the library, and gives its path.
 *
 * @param {string[]} command What cargo is to do: `['build', '--release', '--locked']`.
 * @returns {string} Where cargo put it, as cargo says.
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

/** Puts the library beside the loader, under the name that the loader knows. */
function main() {
  const { name } = PLATFORMS[buildTarget()];
  const library = compile(process.argv.includes('--debug') ? ['build'] : ['build', '--release', '--locked']);
  const place = path.join(root, `cloudblue-connect-native.${name}.node`);
  // Another file in its place: a process that has the old one loaded keeps it.
  fs.rmSync(place, { force: true });
  fs.copyFileSync(library, place);
  console.log(path.basename(place));
}

if (require.main === module) main();

module.exports = { PLATFORMS, buildTarget, compile, run };
