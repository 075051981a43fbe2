#!/usr/bin/env node
'use strict';

/**
 * Whether what is checked out can be released under a tag: `node scripts/check-release.js v0.1.0`. It takes a second, and
 * what it finds would otherwise be found after the packages are built, or never.
 */

const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

/**
 * What is wrong.
 *
 * @param {string} tag The tag: `v` and the version.
 * @param {{ manifest: string, crate: string, changelog: string, locks: Record<string, string> }} texts The texts of
 *   package.json, Cargo.toml, CHANGELOG.md, and of the lock files by their names.
 * @returns {string[]} A sentence for each fault.
 */
function faults(tag, { manifest, crate, changelog, locks }) {
  const { version } = JSON.parse(manifest);
  const [, crateVersion] = /^version = "(.*)"$/m.exec(crate) || [];
  // A prerelease stands under the version that it leads to, which is not released yet.
  const [release, suffix] = version.split('-', 2);
  const heading = changelog.split('\n').find((line) => /^## (\S+)/.exec(line)?.[1] === release);
  return [
    ...(tag === `v${version}` ? [] : [`the tag is ${tag}, and package.json has the version ${version}`]),
    ...(crateVersion === version ? [] : [`Cargo.toml has the version ${crateVersion}, not ${version}`]),
    ...Object.entries(locks)
      .filter(([, text]) => lockedVersion(text) !== version)
      .map(([name, text]) => `${name} has the version ${lockedVersion(text)}, not ${version}`),
    ...(heading === undefined ? [`CHANGELOG.md has no heading for ${release}`] : []),
    ...(suffix === undefined && /unreleased/i.test(heading || '') ? ['CHANGELOG.md says "unreleased"'] : []),
  ];
}

/** Our own version in a lock file of npm (JSON) or of cargo. */
function lockedVersion(text) {
  if (text.startsWith('{')) return JSON.parse(text).packages[''].version;
  return /^name = "cloudblue-connect-native"\nversion = "(.*)"$/m.exec(text)?.[1];
}

/** The lock files that name our own version. */
const LOCKS = ['package-lock.json', 'Cargo.lock', 'fuzz/Cargo.lock'];

module.exports = { LOCKS, faults };

if (require.main === module) {
  const texts = {
    manifest: read('package.json'),
    crate: read('Cargo.toml'),
    changelog: read('CHANGELOG.md'),
    locks: Object.fromEntries(LOCKS.map((name) => [name, read(name)])),
  };
  const found = faults(process.argv[2], texts);
  for (const fault of found) console.error(fault);
  if (found.length > 0) process.exitCode = 1;
}
