'use strict';

// The order of the layers of the Rust core, as ARCHITECTURE.md describes it. Rust itself allows modules to use each other in
// a circle.

const fs = require('fs');
const path = require('path');

const CORE = path.join(__dirname, '../src/core');

/** Each layer uses those behind it and none before it. */
const LAYERS = [
  'bulk',
  'tables',
  'resources',
  'rql',
  'api',
  'retry',
  'http',
  'error',
  'secret',
  'json',
  'environment',
  'io_code',
  'file_target',
  'percent',
];

/** The module of a path: `http/pool` for `http/pool/slots`, `error` for `error/Failure`. */
function moduleOf([layer, name]) {
  const isModule = ['', '.rs'].some((end) => fs.existsSync(path.join(CORE, layer, `${name}${end}`)));
  return isModule ? `${layer}/${name}` : layer;
}

/** The modules that a source file uses, without those of its unit tests. */
function dependencies(segments, source) {
  const code = source.split(/#\[cfg\(test\)\]\s*mod tests \{/)[0];
  const absolute = [...code.matchAll(/\bcrate::core::([\w:]+)/g)].map(([, used]) => used.split('::'));
  const relative = [...code.matchAll(/\buse ((?:super::)+)(\w+)/g)].map(([, up, name]) => [
    ...segments.slice(0, segments.length - up.split('::').length + 1),
    name,
  ]);
  return [...absolute, ...relative].map(moduleOf);
}

/** Every module of the core with the modules that it uses. */
function readModules() {
  const modules = new Map();
  for (const file of fs.readdirSync(CORE, { recursive: true }).map(String)) {
    if (!file.endsWith('.rs') || /\btests\b/.test(file) || file === 'mod.rs') continue;
    const segments = file.replace(/(\/mod)?\.rs$/, '').split(path.sep);
    const name = moduleOf(segments);
    const used = dependencies(segments, fs.readFileSync(path.join(CORE, file), 'utf8'));
    modules.set(name, new Set([...(modules.get(name) || []), ...used.filter((other) => other !== name)]));
  }
  return modules;
}

test('every layer of the core uses only the layers below it', () => {
  const layer = (module) => LAYERS.indexOf(module.split('/')[0]);
  const modules = readModules();
  expect([...modules.keys()].filter((module) => layer(module) < 0)).toEqual([]);
  const upward = [...modules].flatMap(([module, used]) =>
    [...used].filter((other) => layer(other) < layer(module)).map((other) => `${module} -> ${other}`),
  );
  expect(upward).toEqual([]);
});

test('no modules of the core use each other in a circle', () => {
  const modules = readModules();
  const reaches = (from, to, seen = new Set()) =>
    [...(modules.get(from) || [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    );
  expect([...modules.keys()].filter((module) => reaches(module, module))).toEqual([]);
});
