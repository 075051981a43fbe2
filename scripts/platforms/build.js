'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Unavailable, base, obtain, once, perform, root, run, tail } = require('./run');
const debian = require('./debian');

/** Builds the addon for any target: the standard library is built with it, from its source, and zig links. */

const ZIG = ['ziglang==0.17.1', 'cargo-zigbuild==0.24.0'];

const toolchain = path.join(base, 'toolchain');
const zig = path.join(base, 'zig');
const built = path.join(base, 'cargo');
const stubs = path.join(base, 'stubs');

/** Apple's frameworks that the addon names. */
const FRAMEWORKS = ['CoreFoundation', 'Security', 'SystemConfiguration'];

const capture = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: 'utf8' }).trim();

/** A copy of the installed tool-chain, with the source of its own standard library beside it. */
async function prepareToolchain() {
  const sysroot = capture('rustc', '--print', 'sysroot');
  const version = capture('rustc', '-V');
  if (sysroot.startsWith('/usr'))
    throw new Unavailable(`${version} has no folder of its own, but ${sysroot}`);
  await once(toolchain, { sysroot, version }, async () => {
    const number = version.split(' ')[1];
    const source = path.join(base, 'rust-src');
    const library = `usr/src/rustc-${number}/library`;
    fs.mkdirSync(source, { recursive: true });
    await debian.unpack([`rust-src=${number}`], source, [`./${library}`]);
    const parts = ['bin', 'lib', 'libexec']
      .map((name) => path.join(sysroot, name))
      .filter((part) => fs.existsSync(part));
    // Links cost nothing; another file system has none.
    const copy = 'cp -al "$@" 2>/dev/null || cp -a "$@"';
    await perform('toolchain', ['sh', '-c', copy, 'sh', ...parts, toolchain]);
    const place = path.join(toolchain, 'lib/rustlib/src/rust');
    fs.mkdirSync(place, { recursive: true });
    fs.renameSync(path.join(source, library), path.join(place, 'library'));
    fs.rmSync(source, { recursive: true });
  });
}

async function prepareZig() {
  await once(zig, ZIG, async () => {
    const pip = ['python3', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await obtain('zig', [...pip, '--root-user-action=ignore', '--no-deps', '--target', zig, ...ZIG]);
  });
}

/** What the linker looks for, and takes nothing from: Windows' Node, and Apple's frameworks. */
function writeStubs() {
  fs.mkdirSync(stubs, { recursive: true });
  fs.writeFileSync(path.join(stubs, 'libnode.dll'), '');
  fs.writeFileSync(path.join(stubs, 'libnode.a'), '!<arch>\n');
  for (const name of FRAMEWORKS) {
    const folder = path.join(stubs, `${name}.framework`);
    fs.mkdirSync(folder, { recursive: true });
    const text = [
      '--- !tapi-tbd',
      'tbd-version: 4',
      'targets: [x86_64-macos, arm64-macos]',
      `install-name: /System/Library/Frameworks/${name}.framework/Versions/A/${name}`,
      '...',
    ];
    fs.writeFileSync(path.join(folder, `${name}.tbd`), `${text.join('\n')}\n`);
  }
}

async function prepare() {
  const { arch, platform } = process;
  if (`${platform} ${arch}` !== 'linux x64')
    throw new Unavailable(`this is ${platform} ${arch}, not linux x64`);
  await prepareToolchain();
  await prepareZig();
  writeStubs();
}

/** What cargo's environment is for a target. */
function environment({ target, rustflags = [] }) {
  const bin = path.join(toolchain, 'bin');
  return {
    ...process.env,
    PATH: [bin, path.join(zig, 'bin'), process.env.PATH].join(':'),
    PYTHONPATH: zig,
    RUSTC: path.join(bin, 'rustc'),
    // `-Z build-std` is not stable; nothing else of the kind is used.
    RUSTC_BOOTSTRAP: '1',
    RUSTFLAGS: rustflags.map((flag) => flag.replace('STUBS', stubs)).join(' '),
    CARGO_TARGET_DIR: built,
    ...(target.includes('windows') && {
      LIBNODE_PATH: stubs,
      // zig exports every function, and a DLL has room for 65,535: without optimising there are more.
      CARGO_PROFILE_PLATFORMS_OPT_LEVEL: '1',
      // zig makes errors of warnings about dates, which C code may have.
      [`CFLAGS_${target.replaceAll('-', '_')}`]: '-Wno-error=date-time',
    }),
  };
}

const FILES = { linux: 'libcloudblue_connect_native.so', apple: 'libcloudblue_connect_native.dylib' };

/**
 * Builds the addon.
 *
 * @param {{ target: string, rustflags?: string[] }} cargo What cargo is given (targets.js).
 * @returns {Promise<string>} The library's path; throws an error with the end of cargo's output if it cannot be built.
 */
async function build(cargo) {
  const log = `build-${cargo.target}`;
  const args = ['cargo', 'zigbuild', '-Zbuild-std=std,panic_unwind', '--lib', '--locked'];
  const command = [...args, '--profile', 'platforms', '--target', cargo.target];
  // Without the version of glibc, which is zig's.
  const [target] = cargo.target.split('.');
  const [, system] = /-(linux|apple)-/.exec(target) ?? [];
  const name = FILES[system] ?? 'cloudblue_connect_native.dll';
  const library = path.join(built, target, 'platforms', name);
  // cargo can succeed without a library; then an older one must not be taken for it.
  fs.rmSync(library, { force: true });
  const result = await run(log, command, { env: environment(cargo), minutes: 40 });
  if (result !== 0) throw new Error(`cargo: ${result}\n${tail(log)}`);
  if (!fs.existsSync(library)) throw new Error(`cargo built no ${name}\n${tail(log)}`);
  return library;
}

module.exports = { ZIG, build, prepare };
