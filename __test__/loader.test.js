'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { PLATFORMS, packageOf } = require('../scripts/build');

// How the addon is found, and what is said where it is not: a copy of the loader, in a folder of its own.

const root = path.join(__dirname, '..');
const addon = fs.readdirSync(root).find((name) => name.endsWith('.node'));
const [, triple] = /^cloudblue-connect-native\.(.+)\.node$/.exec(addon);

let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-loader-'));
  fs.copyFileSync(path.join(root, 'binding.js'), path.join(folder, 'binding.js'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Loads it; `as` pretends to be another platform. */
function load({ as = {}, env = {}, flags = [] } = {}) {
  const program = `
    for (const [name, value] of Object.entries(${JSON.stringify(as)})) {
      Object.defineProperty(process, name, { value });
    }
    try {
      console.log(typeof require('./binding.js').ConnectClient);
    } catch (error) {
      console.log(error.code);
      console.log(error.message);
      console.log('cause:', error.cause && error.cause.code);
    }`;
  const { stdout } = spawnSync(process.execPath, [...flags, '-e', program], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NAPI_RS_NATIVE_LIBRARY_PATH: '', ...env },
  });
  return stdout;
}

test('beside the loader, where a build puts it', () => {
  fs.copyFileSync(path.join(root, addon), path.join(folder, addon));
  expect(load()).toBe('function\n');
});

test('in the package of its platform', () => {
  const place = path.join(folder, 'node_modules/@cloudblue-connect-native', triple);
  fs.mkdirSync(place, { recursive: true });
  fs.copyFileSync(path.join(root, addon), path.join(place, addon));
  fs.writeFileSync(path.join(place, 'package.json'), JSON.stringify({ main: addon }));
  expect(load()).toBe('function\n');
});

test('where NAPI_RS_NATIVE_LIBRARY_PATH says', () => {
  expect(load({ env: { NAPI_RS_NATIVE_LIBRARY_PATH: path.join(root, addon) } })).toBe('function\n');
  const wrong = load({ env: { NAPI_RS_NATIVE_LIBRARY_PATH: path.join(folder, 'gone.node') } });
  expect(wrong).toContain(`NAPI_RS_NATIVE_LIBRARY_PATH=${path.join(folder, 'gone.node')}: `);
});

test('nowhere: the platform, what was tried, and what helps', () => {
  const said = load();
  expect(said).toContain('ERR_CONNECT_ADDON\n');
  expect(said).toContain(`cannot load the native addon on ${process.platform} ${process.arch}`);
  expect(said).toContain(`Node ${process.version}.`);
  expect(said).toContain(`./${addon}: not found`);
  expect(said).toContain(`@cloudblue-connect-native/${triple}: not found`);
  expect(said).toMatch(/ {2}1\. The optional package for this platform is not installed.*--omit=optional/);
  expect(said).toMatch(/ {2}2\. node_modules was copied.*npm ci --os=/);
  expect(said).toMatch(/ {2}3\. There is no prebuilt package for this platform/);
  expect(said).toContain('cause: MODULE_NOT_FOUND');
});

test.each([
  ['{}', 'x64, musl, Node', '--libc=musl'],
  ["{ glibcVersionRuntime: '2.17' }", 'x64, glibc 2.17, Node', '--libc=glibc'],
])('where Node reports the C library as %s, all that is said agrees with it', (header, name, flag) => {
  const place = path.join(folder, 'report.js');
  fs.writeFileSync(place, `process.report.getReport = () => ({ header: ${header} });`);
  const said = load({ as: { platform: 'linux', arch: 'x64' }, flags: ['--require', place] });
  expect(said).toContain(` on linux ${name} `);
  expect(said).toContain(`npm ci --os=linux --cpu=x64 ${flag}\``);
});

test('there, but of another machine: that comes first', () => {
  fs.writeFileSync(path.join(folder, addon), 'no addon');
  const said = load();
  expect(said).toMatch(
    new RegExp(`\\./${addon.replaceAll('.', '\\.')}: .*(ELF|file too short|valid|Exec format|Bad EXE)`),
  );
  expect(said).toMatch(/ {2}1\. node_modules was copied/);
  expect(said).toContain('cause: ERR_DLOPEN_FAILED');
});

test.each([
  [
    { platform: 'sunos', arch: 'x64' },
    'nothing',
    '  1. There is no prebuilt package for this platform (prebuilt: linux-x64-gnu',
  ],
  [{ platform: 'linux', arch: 's390x' }, 'nothing', '  1. There is no prebuilt package for this platform'],
  [
    { platform: 'darwin', arch: 'arm64' },
    './cloudblue-connect-native.darwin-arm64.node: not found',
    '  1. The optional package',
  ],
  [
    { platform: 'win32', arch: 'x64' },
    './cloudblue-connect-native.win32-x64-msvc.node: not found',
    '  1. The optional package',
  ],
])('as %p', (as, tried, first) => {
  const said = load({ as });
  expect(said).toContain(`  ${tried}\n`);
  expect(said).toContain(first);
});

describe('under Node’s permission model', () => {
  /** What turns the permission model on; older versions have none. */
  const flag = ['--permission', '--experimental-permission'].find(
    (one) => spawnSync(process.execPath, [one, '-e', '0']).status === 0,
  );
  const read = () => `--allow-fs-read=${fs.realpathSync(folder)}/`;
  const permitted = flag === undefined ? test.skip : test;

  permitted('it loads though nothing but the package may be read', () => {
    fs.copyFileSync(path.join(root, addon), path.join(folder, addon));
    expect(load({ flags: [flag, '--allow-addons', read()] })).toBe('function\n');
  });

  permitted('without the permission to load addons, that is the advice', () => {
    fs.copyFileSync(path.join(root, addon), path.join(folder, addon));
    const said = load({ flags: [flag, read()] });
    expect(said).toContain('cause: ERR_DLOPEN_DISABLED');
    expect(said).toMatch(/most likely first:\n {2}1\. .*--allow-addons/);
    expect(said).not.toContain('npm');
  });

  test('an addon that may not be read is not reported as missing', () => {
    // As Node 22 says it; Node 20 does not ask for addons.
    const place = path.join(folder, 'node_modules/@cloudblue-connect-native', triple);
    fs.mkdirSync(place, { recursive: true });
    const denied = "throw Object.assign(new Error('restricted'), { code: 'ERR_ACCESS_DENIED' });";
    fs.writeFileSync(path.join(place, 'index.js'), denied);
    const said = load();
    expect(said).toMatch(
      /likely first:\n {2}1\. .* --allow-fs-read=\S*[\\/]cloudblue-connect-native\* --allow-fs-read=\S*[\\/]@cloudblue-connect-native\*\.\n/,
    );
    expect(said).not.toContain('npm');
  });

  test('with --no-addons, that flag is the advice', () => {
    fs.copyFileSync(path.join(root, addon), path.join(folder, addon));
    const said = load({ flags: ['--no-addons'] });
    expect(said).toContain('cause: ERR_DLOPEN_DISABLED');
    expect(said).toMatch(/most likely first:\n {2}1\. .*--no-addons/);
    expect(said).not.toContain('npm');
  });
});

test('no package of anybody else is required in words that a bundler follows', () => {
  const { builtinModules } = require('module');
  const files = ['index.js', 'binding.js', 'bin', 'lib', 'testing'].flatMap((place) =>
    fs.statSync(path.join(root, place)).isFile()
      ? [place]
      : fs
          .readdirSync(path.join(root, place), { recursive: true })
          .map((file) => path.join(place, `${file}`)),
  );
  const required = files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...fs.readFileSync(path.join(root, file), 'utf8').matchAll(/\brequire\(\s*['"`]([^.'"`][^'"`]*)/g),
    ])
    .map(([, name]) => name);
  expect(required).toContain('https');
  const foreign = required.filter(
    (name) =>
      !builtinModules.includes(name) &&
      !/^(@cloudblue-connect-native\/|cloudblue-connect-native\/testing$)/.test(name),
  );
  expect(foreign).toEqual([]);
});

test('every target that is built can be loaded, by requires that are written out', () => {
  const text = fs.readFileSync(path.join(root, 'binding.js'), 'utf8');
  const { napi } = require('../package.json');
  const names = {
    'x86_64-unknown-linux-gnu': 'linux-x64-gnu',
    'aarch64-unknown-linux-gnu': 'linux-arm64-gnu',
    'x86_64-unknown-linux-musl': 'linux-x64-musl',
    'aarch64-unknown-linux-musl': 'linux-arm64-musl',
    'x86_64-apple-darwin': 'darwin-x64',
    'aarch64-apple-darwin': 'darwin-arm64',
    'x86_64-pc-windows-msvc': 'win32-x64-msvc',
  };
  expect(Object.keys(names).sort()).toEqual([...napi.targets].sort());
  expect(Object.entries(PLATFORMS).map(([target, { name }]) => [target, name])).toEqual(
    Object.entries(names),
  );
  for (const name of Object.values(names)) {
    expect(text).toContain(`require('./cloudblue-connect-native.${name}.node')`);
    expect(text).toContain(`require('${packageOf(name)}')`);
    expect(packageOf(name)).toBe(`@cloudblue-connect-native/${name}`);
  }
  expect(text.match(/\brequire\((?!'[^']+'\))/g)).toBeNull();
});
