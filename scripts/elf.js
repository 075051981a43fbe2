'use strict';

const fs = require('fs');

/** PT_DYNAMIC, DT_NULL, DT_FLAGS and DF_STATIC_TLS of `elf.h`. */
const DYNAMIC_SEGMENT = 2;
const END = 0n;
const FLAGS = 30n;
const STATIC_TLS = 0x10n;

/** The dynamic section of a 64-bit, little-endian library, as all addons for Linux are. */
function dynamicOf(file) {
  const bytes = fs.readFileSync(file);
  if (bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
    throw new Error(`${file} is not a 64-bit ELF file`);
  const [start, size, count] = [
    Number(bytes.readBigUInt64LE(32)),
    bytes.readUInt16LE(54),
    bytes.readUInt16LE(56),
  ];
  for (let i = 0; i < count; i += 1) {
    const at = start + i * size;
    if (bytes.readUInt32LE(at) === DYNAMIC_SEGMENT) {
      const from = Number(bytes.readBigUInt64LE(at + 8));
      return bytes.subarray(from, from + Number(bytes.readBigUInt64LE(at + 32)));
    }
  }
  throw new Error(`${file} has no dynamic section`);
}

/**
 * Whether a library needs static thread-local storage. A process has little of it for libraries that are loaded
 * later; under musl it has none, and the library cannot be loaded.
 *
 * @param {string} file The library's path.
 * @returns {boolean} Whether it has the flag STATIC_TLS; throws an error if it is not a Linux library.
 */
function hasStaticTls(file) {
  const dynamic = dynamicOf(file);
  for (let at = 0; at + 16 <= dynamic.length; at += 16) {
    const tag = dynamic.readBigUInt64LE(at);
    if (tag === END) return false;
    if (tag === FLAGS) return (dynamic.readBigUInt64LE(at + 8) & STATIC_TLS) !== 0n;
  }
  return false;
}

module.exports = { hasStaticTls };
