'use strict';

const fs = require('fs');
const path = require('path');
const binding = require('../../binding.js');
const { mayBeTest } = require('./transport/detectMocks.js');

/**
 * Modules that closing a record does not need, which are more than half of the package: they are loaded on first use.
 *
 * In a test they are loaded at once. It may reset its runner's registry of modules, after which `require` would load a
 * second copy of the package, with classes of its own; or mock the file system, in which there is no module at all.
 */

const isEager = mayBeTest();

/** The version of the package's files as they are now; undefined in a bundle, which has them within. */
function installedVersion() {
  try {
    const { name, version } = JSON.parse(fs.readFileSync(path.join(__dirname, '../../package.json'), 'utf8'));
    return name === 'cloudblue-connect-native' ? version : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Throws if the package has been replaced by another version since the program loaded it: what was loaded and what would be
 * loaded now need not fit together.
 */
function checkVersion() {
  const installed = installedVersion();
  if (installed === undefined || installed === binding.VERSION) return;
  throw new Error(
    `cloudblue-connect-native ${binding.VERSION} is loaded, but version ${installed} is installed now: restart the program. ` +
      'If that does not help, install the package and its addon anew, in one version.',
  );
}

/** Loads a module; if the package's files are gone, the error says what to do, with Node's own as its cause. */
function loadInstalled(load) {
  checkVersion();
  try {
    return load();
  } catch (cause) {
    if (cause?.code !== 'MODULE_NOT_FOUND' || fs.existsSync(__filename)) throw cause;
    const message = `cloudblue-connect-native ${binding.VERSION} is loaded, but its files are gone: install it and restart the program`;
    throw Object.assign(new Error(message), { code: cause.code, cause });
  }
}

/**
 * Loads a module on first use.
 *
 * @template T
 * @param {() => T} load Loads it: `() => require('./module.js')`, which bundlers can follow.
 * @returns {() => T} Returns the module.
 */
function onDemand(load) {
  /** @type {{ exports: T } | undefined} */
  let module = isEager ? { exports: load() } : undefined;
  return () => {
    if (module === undefined) module = { exports: loadInstalled(load) };
    return module.exports;
  };
}

/**
 * Exports names of a module that is loaded when one of them is read. Each becomes an ordinary property then; in a test all
 * are from the start, so that they can be mocked.
 *
 * @param {object} exported What they become properties of.
 * @param {string[]} names The names.
 * @param {() => object} module What `onDemand` returned.
 */
function exportOnDemand(exported, names, module) {
  for (const name of names) {
    const ordinary = { enumerable: true, configurable: true };
    const set = (value) => Object.defineProperty(exported, name, { value, writable: true, ...ordinary });
    const get = () => {
      set(module()[name]);
      return exported[name];
    };
    if (isEager) get();
    else Object.defineProperty(exported, name, { get, set, ...ordinary });
  }
}

module.exports = { exportOnDemand, onDemand };
