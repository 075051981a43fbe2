#!/usr/bin/env node
'use strict';

/**
 * Publishes the packed tarballs of a folder: the packages of the platforms, and last the main one, which depends on them.
 * A version that is published already is passed over, so a release that failed half-way can be repeated.
 *
 *   node scripts/publish.js dist [options of npm publish]
 *   node scripts/publish.js dist --dry-run    what npm would publish of what is there; needs no network and no account
 *
 * npm logs in as it always does: in the workflow by trusted publishing, elsewhere with what `npm login` has left.
 */

const { execFileSync, spawnSync } = require('child_process');
const fs = require('fs');

/** The tag of a prerelease: nobody gets it who does not ask for it. */
const PRERELEASE_TAG = 'next';

const isWindows = process.platform === 'win32';

/** The tarballs in a folder and below, each with its manifest: a file's name does not tell what is in it. */
function readPackages(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.tgz'))
    .sort()
    .map((file) => {
      const text = execFileSync('tar', ['-xzOf', file, 'package/package.json'], { cwd: folder });
      return { file, manifest: JSON.parse(`${text}`) };
    });
}

/** Which tarballs are missing, too many, there twice (one of them may be untested), or of another version than is wanted. */
function complaints(addons, { manifest }) {
  const found = new Map(addons.map((addon) => [addon.manifest.name, addon.manifest.version]));
  const wanted = new Map(Object.entries(manifest.optionalDependencies));
  const foreign = [...found.keys()].filter((name) => !wanted.has(name));
  const missing = [...wanted.keys()].filter((name) => !found.has(name));
  const twice = addons.filter(({ manifest: { name } }, at) =>
    addons.some((one, before) => before < at && one.manifest.name === name),
  );
  const other = [...found].filter(([name, version]) => wanted.has(name) && wanted.get(name) !== version);
  return {
    missing: missing.map((name) => `${name} is missing`),
    wrong: [
      ...twice.map(({ file, manifest: { name } }) => `${name} is there twice, also as ${file}`),
      ...foreign.map((name) => `${name} is no part of ${manifest.name}`),
      ...other.map(([name, version]) => `${name} is ${version}, not ${wanted.get(name)}`),
    ],
  };
}

/**
 * The packages in the order in which they are published.
 *
 * @param {boolean} isPartial Whether platforms may be missing.
 */
function inOrder(packages, isPartial) {
  const isMain = ({ manifest }) => manifest.optionalDependencies !== undefined;
  const mains = packages.filter(isMain);
  if (mains.length !== 1) throw new Error(`there are ${mains.length} main packages, not one`);
  const addons = packages.filter((one) => !isMain(one));
  const { missing, wrong } = complaints(addons, mains[0]);
  const found = isPartial ? wrong : [...missing, ...wrong];
  if (found.length > 0) throw new Error(`nothing was published: ${found.join('; ')}`);
  return [...addons, ...mains];
}

/** Whether the registry has a version. Only its word counts: no answer is not a no. */
function isPublished(folder, { name, version }) {
  const args = ['view', `${name}@${version}`, 'version', '--json'];
  const options = { cwd: folder, encoding: 'utf8', shell: isWindows };
  const { status, stdout, stderr } = spawnSync('npm', args, options);
  if (status === 0) return stdout.trim() !== '';
  let code;
  try {
    ({ code } = JSON.parse(stdout).error);
  } catch {}
  if (code === 'E404') return false;
  throw new Error(`npm cannot tell whether ${name} ${version} is published\n${stderr}`);
}

/** Publishes one tarball. npm may ask for a second factor, so it gets the terminal. */
function publish(folder, { file, manifest }, options) {
  const { name, version } = manifest;
  // npm would take `dist/file.tgz` for a repository on GitHub; with `./` it is a file. Without a tag npm makes a version the
  // latest one, and refuses if there is a higher one.
  const tag = /^\d+\.\d+\.\d+-/.test(version) ? ['--tag', PRERELEASE_TAG] : [];
  const args = ['publish', `./${file}`, '--access', 'public', '--ignore-scripts', ...tag, ...options];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: isWindows });
  if (status !== 0) throw new Error(`${name} ${version} was not published: npm ended with ${status}`);
}

function main([folder, ...options]) {
  if (folder === undefined || folder.startsWith('-')) throw new Error('which folder has the tarballs?');
  const isDryRun = options.includes('--dry-run');
  for (const one of inOrder(readPackages(folder), isDryRun)) {
    const { name, version } = one.manifest;
    if (isDryRun) {
      // By force: it does not ask the registry, so this passes after the release, too.
      publish(folder, one, [...options, '--force']);
    } else if (isPublished(folder, one.manifest)) {
      console.log(`${name} ${version} is published already`);
    } else {
      publish(folder, one, options);
      console.log(`${name} ${version} is published now`);
    }
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`publish: ${error.message}`);
  process.exitCode = 1;
}
