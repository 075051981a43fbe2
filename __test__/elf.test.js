'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');
const { hasStaticTls, inspect, neededLibraries, neededVersions } = require('../scripts/elf');

// What is read in a library before it is published, by libraries that a compiler makes here.

const folder = useFolder();
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a library for Linux', () => {
  const compile = (name, code, ...flags) => {
    const file = path.join(folder, name);
    const input = path.join(folder, `${name}.c`);
    fs.writeFileSync(input, code);
    execFileSync('cc', ['-shared', '-fPIC', '-o', file, input, ...flags]);
    return file;
  };
  const TLS = '__thread int value = 1; int get(void) { return value; }';

  test('that needs static thread-local storage is refused', () => {
    const file = compile('static.so', TLS, '-ftls-model=initial-exec');
    expect(hasStaticTls(file)).toBe(true);
    expect(() => inspect(file, 'x86_64-unknown-linux-gnu')).toThrow('STATIC_TLS');
  });

  test('that needs nothing but an old libc is not', () => {
    const file = compile('plain.so', 'int one(void) { return 1; }');
    expect(hasStaticTls(file)).toBe(false);
    expect(() => inspect(file, 'x86_64-unknown-linux-gnu')).not.toThrow();
  });

  test('that needs another library, or the other C library, is refused', () => {
    const other = compile('libother.so', 'int other(void) { return 1; }', '-Wl,-soname,libother.so.1');
    const file = compile('needing.so', 'int other(void); int two(void) { return other(); }', other);
    expect(neededLibraries(file)).toContain('libother.so.1');
    expect(() => inspect(file, 'x86_64-unknown-linux-gnu')).toThrow('needing.so needs libother.so.1');
    const ours = compile('puts.so', '#include <stdio.h>\nvoid say(void) { puts(""); }');
    expect(neededVersions(ours)).toContainEqual(expect.stringMatching(/^GLIBC_2\./));
    expect(() => inspect(ours, 'x86_64-unknown-linux-musl')).toThrow(/needs lib\S*\.so/);
  });

  test('that needs a newer glibc is refused', () => {
    // glibc 2.25 brought this function.
    const code = '#include <sys/random.h>\nint fill(char *at) { return getrandom(at, 8, 0); }';
    const file = compile('random.so', code);
    expect(neededVersions(file)).toContain('GLIBC_2.25');
    expect(() => inspect(file, 'x86_64-unknown-linux-gnu')).toThrow('needs GLIBC_2.25');
  });

  test('that needs a feature of a newer glibc, whose version is no number, is refused', () => {
    // glibc 2.36 brought relative relocations in short.
    const code = 'int one(void) { return 1; }\nvoid *table[] = { one, one, one };\n#include <stdio.h>\n';
    const flags = ['-Wl,-z,pack-relative-relocs'];
    const file = compile('relative.so', `${code}void say(void) { puts(""); }`, ...flags);
    expect(neededVersions(file)).toContain('GLIBC_ABI_DT_RELR');
    expect(() => inspect(file, 'x86_64-unknown-linux-gnu')).toThrow('needs GLIBC_ABI_DT_RELR');
  });
});

test('what is no library is an error', () => {
  expect(() => hasStaticTls(__filename)).toThrow('is not a 64-bit ELF file');
});
