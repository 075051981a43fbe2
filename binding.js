'use strict';

/**
 * Finds the addon: beside this file, where a build puts it, else in the package of its platform, which npm installs
 * along with this one. Every `require` is written out, so that bundlers and tracers can follow.
 */

const fs = require('fs');
const path = require('path');

/** Why the places that were tried did not do: `[place, error]`. */
const tried = [];

/** What loads the addon of each platform that there is a package for. */
const LOADERS = {
  'linux-x64-gnu': () => {
    try {
      return require('./cloudblue-connect-native.linux-x64-gnu.node');
    } catch (error) {
      tried.push(['./cloudblue-connect-native.linux-x64-gnu.node', error]);
    }
    try {
      return require('cloudblue-connect-native-linux-x64-gnu');
    } catch (error) {
      tried.push(['cloudblue-connect-native-linux-x64-gnu', error]);
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
      return require('cloudblue-connect-native-linux-arm64-gnu');
    } catch (error) {
      tried.push(['cloudblue-connect-native-linux-arm64-gnu', error]);
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
      return require('cloudblue-connect-native-linux-x64-musl');
    } catch (error) {
      tried.push(['cloudblue-connect-native-linux-x64-musl', error]);
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
      return require('cloudblue-connect-native-linux-arm64-musl');
    } catch (error) {
      tried.push(['cloudblue-connect-native-linux-arm64-musl', error]);
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
      return require('cloudblue-connect-native-darwin-x64');
    } catch (error) {
      tried.push(['cloudblue-connect-native-darwin-x64', error]);
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
      return require('cloudblue-connect-native-darwin-arm64');
    } catch (error) {
      tried.push(['cloudblue-connect-native-darwin-arm64', error]);
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
      return require('cloudblue-connect-native-win32-x64-msvc');
    } catch (error) {
      tried.push(['cloudblue-connect-native-win32-x64-msvc', error]);
    }
    return undefined;
  },
};

/**
 * Whether this system's C library is musl; asked of a file, for Node's own report takes milliseconds to write. Under Node's
 * permission model neither file may be looked at: then it is not known, and both kinds are tried.
 */
function isMusl() {
  try {
    return fs.readFileSync('/usr/bin/ldd', 'latin1').includes('musl');
  } catch {
    try {
      return fs.existsSync('/etc/alpine-release');
    } catch {
      return false;
    }
  }
}

/** The names of the platform, the likelier first: which C library it is can be mistaken, and both can be tried. */
function platforms() {
  const { arch, platform } = process;
  if (platform === 'linux') {
    const names = [`linux-${arch}-gnu`, `linux-${arch}-musl`];
    return isMusl() ? names.reverse() : names;
  }
  return [platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`];
}

/** An addon that somebody built elsewhere; not a `require`, for nobody can know its path beforehand. */
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

/** The C library as Node itself reports it: slow, and only for whoever has to be told. */
function libc() {
  if (process.platform !== 'linux') return '';
  try {
    const { glibcVersionRuntime } = process.report.getReport().header;
    return glibcVersionRuntime ? `, glibc ${glibcVersionRuntime}` : ', musl';
  } catch {
    return isMusl() ? ', musl' : '';
  }
}

/** The sentence for an error: that a file is not there, or what the system's loader says. */
function reason(error) {
  return error.code === 'MODULE_NOT_FOUND' ? 'not there' : `${error.message}`.split('\n')[0];
}

/** What the system said of an addon that is there and cannot be loaded. */
function broken() {
  return tried.map(([, error]) => error).find((error) => error.code !== 'MODULE_NOT_FOUND');
}

/** What helps where Node itself keeps addons, or their files, from being loaded; undefined where it does not. */
function permission() {
  const codes = tried.map(([, error]) => error.code);
  if (codes.includes('ERR_DLOPEN_DISABLED')) {
    return process.permission === undefined
      ? 'Node was told to load no addons. Take --no-addons from its command line, from NODE_OPTIONS, or from the execArgv of ' +
          'the worker thread: the engine of this package is an addon.'
      : "Node's permission model is on, and forbids addons. Start it with --allow-addons: the engine of this package is one.";
  }
  if (!codes.includes('ERR_ACCESS_DENIED')) return undefined;
  const packages = path.join(path.dirname(__dirname), 'cloudblue-connect-native*');
  return `Node's permission model is on, and forbids to read the addon. Start it with --allow-fs-read=${packages}.`;
}

/** What helps, the likeliest first. */
function advice(names) {
  const { arch, platform } = process;
  const permitted = permission();
  if (permitted !== undefined) return [permitted];
  const fixes = [
    'The package of this platform is optional, and was left out: the lock file was written on another platform, or npm ' +
      'was told to omit optional packages. Remove node_modules and the lock file and run `npm install` here, without ' +
      '--omit=optional.',
    'node_modules was copied from another machine, or into an image of another kind. Install where it runs, or for it: ' +
      `\`npm ci --os=${platform} --cpu=${arch}${platform === 'linux' ? ` --libc=${isMusl() ? 'musl' : 'glibc'}` : ''}\`.`,
    `There is no package for this platform (there are ${Object.keys(LOADERS).join(', ')}). Install from a clone or from ` +
      'git, which builds the addon with the Rust tool-chain that is there.',
  ];
  if (!names.some((name) => Object.hasOwn(LOADERS, name))) return [fixes[2], fixes[0], fixes[1]];
  return broken() ? [fixes[1], fixes[2], fixes[0]] : fixes;
}

function failure(names) {
  const { arch, platform, version } = process;
  const lines = [
    `cloudblue-connect-native: its addon cannot be loaded on ${platform} ${arch}${libc()}, Node ${version}.`,
    'Tried:',
    ...tried.map(([place, error]) => `  ${place}: ${reason(error)}`),
    ...(tried.length === 0 ? ['  nothing'] : []),
    'What helps, the likeliest first:',
    ...advice(names).map((fix, at) => `  ${at + 1}. ${fix}`),
  ];
  const error = new Error(lines.join('\n'));
  error.code = 'ERR_CONNECT_ADDON';
  if (tried.length > 0) error.cause = broken() || tried[0][1];
  return error;
}

function load() {
  const given = fromEnvironment();
  if (given !== undefined) return given;
  const names = platforms();
  for (const name of names) {
    const addon = Object.hasOwn(LOADERS, name) ? LOADERS[name]() : undefined;
    if (addon !== undefined) return addon;
  }
  throw failure(names);
}

module.exports = load();
