'use strict';

const fs = require('fs');

/** Kinds of segments, tags of the dynamic section and flags, as `elf.h` has them. */
const LOAD = 1;
const DYNAMIC = 2;
const END = 0n;
const NEEDED = 1n;
const STRING_TABLE = 5n;
const FLAGS = 30n;
const STATIC_TLS = 0x10n;
const VERSIONS_NEEDED = 0x6ffffffen;

/** The bytes of a 64-bit, little-endian library, as all addons for Linux are, and its segments. */
function read(file) {
  const bytes = fs.readFileSync(file);
  if (bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
    throw new Error(`${file} is not a 64-bit ELF file`);
  const [start, size, count] = [
    Number(bytes.readBigUInt64LE(32)),
    bytes.readUInt16LE(54),
    bytes.readUInt16LE(56),
  ];
  const segments = Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    const [offset, address, length] = [8, 16, 32].map((field) => Number(bytes.readBigUInt64LE(at + field)));
    return { type: bytes.readUInt32LE(at), offset, address, length };
  });
  return { bytes, segments };
}

/** The dynamic section, `[tag, value]`, and readers of what it points at. */
function dynamicOf(file) {
  const { bytes, segments } = read(file);
  const section = segments.find(({ type }) => type === DYNAMIC);
  if (section === undefined) throw new Error(`${file} has no dynamic section`);
  const entries = [];
  for (let at = section.offset; at + 16 <= section.offset + section.length; at += 16) {
    const tag = bytes.readBigUInt64LE(at);
    if (tag === END) break;
    entries.push([tag, bytes.readBigUInt64LE(at + 8)]);
  }
  const values = (wanted) => entries.filter(([tag]) => tag === wanted).map(([, value]) => Number(value));
  /** Where in the file an address is. */
  const place = (address) => {
    const holds = ({ type, address: from, length }) =>
      type === LOAD && address >= from && address < from + length;
    const segment = segments.find(holds);
    if (segment === undefined) throw new Error(`${file} has nothing at ${address}`);
    return address - segment.address + segment.offset;
  };
  const [strings] = values(STRING_TABLE).map(place);
  const text = (at) => bytes.toString('latin1', strings + at, bytes.indexOf(0, strings + at));
  return { bytes, values, place, text };
}

/**
 * Whether a library needs static thread-local storage. A process has little of it for libraries that are loaded
 * later; under musl it has none, and the library cannot be loaded.
 *
 * @param {string} file The library's path.
 * @returns {boolean} Whether it has the flag STATIC_TLS; throws an error if it is not a Linux library.
 */
function hasStaticTls(file) {
  return dynamicOf(file)
    .values(FLAGS)
    .some((flags) => (BigInt(flags) & STATIC_TLS) !== 0n);
}

/**
 * The libraries that a library needs.
 *
 * @param {string} file The library's path.
 * @returns {string[]} Their names.
 */
function neededLibraries(file) {
  const { values, text } = dynamicOf(file);
  return values(NEEDED).map(text);
}

/**
 * The versions of symbols that a library needs.
 *
 * @param {string} file The library's path.
 * @returns {string[]} Such as `GLIBC_2.17`; none for musl, which has no versions.
 */
function neededVersions(file) {
  const { bytes, values, place, text } = dynamicOf(file);
  const found = new Set();
  // A list of libraries, each with a list of versions; a link is a distance in bytes, and 0 ends a list.
  for (let library of values(VERSIONS_NEEDED).map(place)) {
    for (let step = -1; step !== 0; library += step) {
      step = bytes.readUInt32LE(library + 12);
      let version = library + bytes.readUInt32LE(library + 8);
      for (let link = -1; link !== 0; version += link) {
        link = bytes.readUInt32LE(version + 12);
        found.add(text(bytes.readUInt32LE(version + 8)));
      }
    }
  }
  return [...found];
}

/** The libraries that every system has which an addon is for. */
const LIBRARIES = {
  gnu: /^(lib(c|m|dl|rt|pthread)\.so\.\d|libgcc_s\.so\.1|ld-linux-\S+)$/,
  musl: /^libc\.so$/,
};

/** The oldest glibc that the addon is for; the README promises it. */
const OLDEST_GLIBC = '2.17';

const minorOf = (glibc) => Number(/^2\.(\d+)(\.\d+)?$/.exec(glibc)?.[1]);

/** Whether the oldest system has a version of symbols. Not every version is a number: some name a feature. */
function isEverywhere(version) {
  if (version.startsWith('GCC_')) return /^GCC_[34]\./.test(version);
  return version.startsWith('GLIBC_') && minorOf(version.slice('GLIBC_'.length)) <= minorOf(OLDEST_GLIBC);
}

/**
 * Checks that an addon can be loaded wherever it should; throws an error if not.
 *
 * @param {string} file The library's path.
 * @param {string} target Rust's name of the platform, one of Linux.
 */
function inspect(file, target) {
  if (hasStaticTls(file)) throw new Error(`${file} has the flag STATIC_TLS: it cannot be loaded under musl`);
  const allowed = LIBRARIES[target.endsWith('musl') ? 'musl' : 'gnu'];
  const more = [
    ...neededLibraries(file).filter((name) => !allowed.test(name)),
    ...neededVersions(file).filter((version) => !isEverywhere(version)),
  ];
  if (more.length > 0) throw new Error(`${file} needs ${more.join(', ')}`);
}

module.exports = { OLDEST_GLIBC, hasStaticTls, inspect, neededLibraries, neededVersions };
