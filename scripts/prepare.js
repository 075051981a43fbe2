#!/usr/bin/env node
'use strict';

/**
 * Builds the addon after `npm install` in a clone, a folder or a git dependency. Packages from the registry have no
 * such script.
 */

const { spawnSync } = require('child_process');
const path = require('path');

const root = path.join(__dirname, '..');

/** The lowest supported versions, as in `package.json` (engines) and `Cargo.toml` (rust-version). */
const NODE = [18, 17];
const RUST = [1, 89];

function versionOf(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const found = status === 0 ? /(\d+)\.(\d+)/.exec(stdout) : null;
  return found && [Number(found[1]), Number(found[2])];
}

function isOlder(version, wanted) {
  return version[0] < wanted[0] || (version[0] === wanted[0] && version[1] < wanted[1]);
}

/** A message about what is missing and how to install it; undefined if nothing is. */
function missing() {
  if (isOlder(process.versions.node.split('.').map(Number), NODE)) {
    return `Node ${NODE.join('.')} or newer is needed; this is ${process.version}. Install it with your version manager or from your system's packages.`;
  }
  const cargo = versionOf('cargo', ['--version']);
  if (cargo === null) {
    return `A Rust tool-chain is needed to build the addon, and there is no \`cargo\` on the PATH. Install the stable one with rustup (https://rustup.rs).`;
  }
  if (isOlder(cargo, RUST)) {
    return `Rust ${RUST.join('.')} or newer is needed; this is ${cargo.join('.')}. Run \`rustup update stable\`.`;
  }
  // The TLS library (ring) contains C and assembler; cargo reports a missing compiler only after minutes.
  if (process.platform !== 'win32' && !process.env.CC && versionOf('cc', ['--version']) === null) {
    return 'A C compiler is needed to build the addon, and there is no `cc` on the PATH. Install gcc or clang (Debian: `apt-get install build-essential`).';
  }
  return undefined;
}

function isBuilt() {
  try {
    require('../binding.js');
    return true;
  } catch {
    return false;
  }
}

function main() {
  if (isBuilt()) return 0;
  const problem = missing();
  if (problem) {
    console.error(`cloudblue-connect-native: ${problem}`);
    return 1;
  }
  console.log('cloudblue-connect-native: building the addon; the first time this takes a few minutes.');
  const { status } = spawnSync(process.execPath, [path.join(__dirname, 'build.js')], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === null ? 1 : status;
}

process.exitCode = main();
