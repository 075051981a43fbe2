'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { name } = require('../package.json');

const root = path.join(__dirname, '..');

/** The files of a folder that are modules, relative to it. */
const modulesIn = (folder) =>
  fs
    .readdirSync(folder, { recursive: true })
    .map((file) => `${file}`.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.js'));

/** What Node, outside Jest, says of importing each path of the package: a type, or the code of its error. */
function load(paths) {
  const program = `
    const said = {};
    for (const path of ${JSON.stringify(paths)}) {
      try {
        said[path] = typeof require(path);
      } catch ({ code }) {
        said[path] = code;
      }
    }
    console.log(JSON.stringify(said));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' }));
}

test("every deep path of the original can be imported, with and without '.js'", () => {
  const original = modulesIn(path.join(root, 'node_modules/sdk22/lib'));
  expect(original).toContain('connect/api/errors.js');
  const paths = original.flatMap((file) => [file, file.replace(/(\/index)?\.js$/, '')]);
  const loaded = load(paths.map((file) => `${name}/lib/${file}`));
  expect(Object.entries(loaded).filter(([, said]) => !/^(object|function)$/.test(said))).toEqual([]);
});

test('no module of lib/internal can be imported', () => {
  const internal = modulesIn(path.join(root, 'lib/internal')).flatMap((file) => [
    `${name}/lib/internal/${file}`,
    `${name}/lib/internal/${file.slice(0, -'.js'.length)}`,
  ]);
  expect(internal.length).toBeGreaterThan(40);
  expect(new Set(Object.values(load(internal)))).toEqual(new Set(['ERR_PACKAGE_PATH_NOT_EXPORTED']));
});
