'use strict';

/**
 * Loads the native addon: from this folder, where a build puts it, else from the package of the platform, which npm
 * installs with this one. Every `require` is written out, so that bundlers and tracers can follow it.
 */

const fs = require('fs');
const path = require('path');

/** The failed attempts: `[place, error]`. */
const tried = [];

/** Loads the addon, by platform. */
const LOADERS = {
  'linux-x64-gnu': () => {
    try {
      return require('./cloudblue-connect-native.linux-x64-gnu.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.linux-x64-gnu.node', error]);
    }
    try {
      return require('@cloudblue-connect-native/linux-x64-gnu');
    } catch (error) {
      tried.push(['@cloudblue-connect-native/linux-x64-gnu', error]);
    }
    return undefined;
  },
  'linux-arm64-gnu': () => {
    try {
      return require('./cloudblue-connect-native.linux-arm64-gnu.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.linux-arm64-gnu.node', error]);
    }
    try {
      return require('@cloudblue-connect-native/linux-arm64-gnu');
    } catch (error) {
      tried.push(['@cloudblue-connect-native/linux-arm64-gnu', error]);
    }
    return undefined;
  },
  'linux-x64-musl': () => {
    try {
      return require('./cloudblue-connect-native.linux-x64-musl.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.linux-x64-musl.node', error]);
    }
    try {
      return require('@cloudblue-connect-native/linux-x64-musl');
    } catch (error) {
      tried.push(['@cloudblue-connect-native/linux-x64-musl', error]);
    }
    return undefined;
  },
  'linux-arm64-musl': () => {
    try {
      return require('./cloudblue-connect-native.linux-arm64-musl.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.linux-arm64-musl.node', error]);
    }
    try {
      return require('@cloudblue-connect-native/linux-arm64-musl');
    } catch (error) {
      tried.push(['@cloudblue-connect-native/linux-arm64-musl', error]);
    }
    return undefined;
  },
  'darwin-x64': () => {
    try {
      return require('./cloudblue-connect-native.darwin-x64.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.darwin-x64.node', error]);
    }
    try {
      return require('@cloudblue-connect-native/darwin-x64');
    } catch (error) {
      tried.push(['@cloudblue-connect-native/darwin-x64', error]);
    }
    return undefined;
  },
  'darwin-arm64': () => {
    try {
      return require('./cloudblue-connect-native.darwin-arm64.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.darwin-arm64.node', error]);
    }
    try {
      return require('@cloudblue-connect-native/darwin-arm64');
    } catch (error) {
      tried.push(['@cloudblue-connect-native/darwin-arm64', error]);
    }
    return undefined;
  },
  'win32-x64-msvc': () => {
    try {
      return require('./cloudblue-connect-native.win32-x64-msvc.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.win32-x64-msvc.node', error]);
    }
    try {
      return require('@cloudblue-connect-native/win32-x64-msvc');
    } catch (error) {
      tried.push(['@cloudblue-connect-native/win32-x64-msvc', error]);
    }
    return undefined;
  },
};

/**
 * Whether the C library of this system is musl. Read from files, because Node's own report takes milliseconds, and as
 * UTF-8, which Node reads ten times as fast as other encodings. Under
 * Node's permission model they may not be readable; then it is a guess, and both kinds are tried.
 */
function isMusl() {
  try {
    return fs.readFileSync('/usr/bin/ldd', 'utf8').includes('musl');
  } catch {
    try {
      return fs.existsSync('/etc/alpine-release');
    } catch {
      return false;
    }
  }
}

/** The names of this platform, the likelier first: the C library is a guess. */
function platforms() {
  const { arch, platform } = process;
  if (platform === 'linux') {
    const names = [`linux-${arch}-gnu`, `linux-${arch}-musl`];
    return isMusl() ? names.reverse() : names;
  }
  return [platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`];
}

/** Loads an addon from the path that the environment names; not by `require`, which a bundler could not follow. */
function fromEnvironment() {
  const path = process.env.NAPI_RS_NATIVE_LIBRARY_PATH;
  if (!path) return undefined;
  const found = { exports: {} };
  try {
    process.dlopen(found, path);
    return found.exports;
  } catch (error) {
    tried.push([`NAPI_RS_NATIVE_LIBRARY_PATH=${path}`, error]);
    return undefined;
  }
}

/** The C library as Node itself reports it: slow, and only for the error message. */
function libc() {
  try {
    const { glibcVersionRuntime } = /** @type {*} */ (process.report.getReport()).header;
    return glibcVersionRuntime ? `glibc ${glibcVersionRuntime}` : 'musl';
  } catch {
    return isMusl() ? 'musl' : 'glibc';
  }
}

/** Why an attempt failed: there is no file, or the first line of the loader's message. */
function reason(error) {
  return error.code === 'MODULE_NOT_FOUND' ? 'not found' : `${error.message}`.split('\n')[0];
}

/** The error of an addon that exists and cannot be loaded. */
function loadError() {
  return tried.map(([, error]) => error).find((error) => error.code !== 'MODULE_NOT_FOUND');
}

/** The fix if Node itself does not permit to load addons, or to read their files. */
function permissionFix() {
  const codes = tried.map(([, error]) => error.code);
  if (codes.includes('ERR_DLOPEN_DISABLED')) {
    return process.permission === undefined
      ? 'Node runs with --no-addons, and this package needs a native addon. Remove the flag from the command line, ' +
          "NODE_OPTIONS or the worker's execArgv."
      : "Node's permission model denies loading native addons. Start Node with --allow-addons.";
  }
  if (!codes.includes('ERR_ACCESS_DENIED')) return undefined;
  const flags = ['cloudblue-connect-native', '@cloudblue-connect-native']
    .map((name) => `--allow-fs-read=${path.join(path.dirname(__dirname), `${name}*`)}`)
    .join(' ');
  return `Node's permission model denies reading the addon. Start Node with ${flags}.`;
}

/** The possible fixes, the likeliest first. */
function fixesFor(names) {
  const { arch, platform } = process;
  const permission = permissionFix();
  if (permission !== undefined) return [permission];
  const fixes = [
    'The optional package for this platform is not installed: the lock file was written on another platform, or npm ' +
      'omitted optional packages. Remove node_modules and the lock file, then run `npm install` here, without ' +
      '--omit=optional.',
    'node_modules was copied from another platform. Install on the platform where it runs, or for that platform: ' +
      `\`npm ci --os=${platform} --cpu=${arch}${platform === 'linux' ? ` --libc=${libc().split(' ')[0]}` : ''}\`.`,
    `There is no prebuilt package for this platform (prebuilt: ${Object.keys(LOADERS).join(', ')}). Install from git or ` +
      'from a clone, which builds the addon with the local Rust toolchain.',
  ];
  if (!names.some((name) => Object.hasOwn(LOADERS, name))) return [fixes[2], fixes[0], fixes[1]];
  return loadError() ? [fixes[1], fixes[2], fixes[0]] : fixes;
}

function addonError(names) {
  const { arch, platform, version } = process;
  const lines = [
    `cloudblue-connect-native: cannot load the native addon on ${platform} ${arch}${platform === 'linux' ? `, ${libc()}` : ''}, Node ${version}.`,
    'Tried:',
    ...tried.map(([place, error]) => `  ${place}: ${reason(error)}`),
    ...(tried.length === 0 ? ['  nothing'] : []),
    'Possible fixes, most likely first:',
    ...fixesFor(names).map((fix, at) => `  ${at + 1}. ${fix}`),
  ];
  const error = Object.assign(new Error(lines.join('\n')), { code: 'ERR_CONNECT_ADDON' });
  if (tried.length > 0) error.cause = loadError() || tried[0][1];
  return error;
}

function load() {
  const named = fromEnvironment();
  if (named !== undefined) return named;
  const names = platforms();
  for (const name of names) {
    const addon = Object.hasOwn(LOADERS, name) ? LOADERS[name]() : undefined;
    if (addon !== undefined) return addon;
  }
  throw addonError(names);
}

module.exports = load();
