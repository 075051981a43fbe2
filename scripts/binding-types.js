#!/usr/bin/env node
'use strict';

/**
 * Writes binding.d.ts, the types of the addon, from what napi-derive writes of each `#[napi]` item while cargo checks
 * the crate: `npm run types`. With `--check` it writes nothing, and fails if the file is not what it would write.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { format } = require('./format');

const root = path.join(__dirname, '..');
const folder = path.join(root, 'target/binding-types');
const target = path.join(root, 'binding.d.ts');

/** The hand-written types of the objects that cross the border, which Rust's signatures name. */
const border = path.join(root, 'lib/internal/binding-objects.d.ts');

/** Lets the macros write their definitions, and returns them. */
function definitions() {
  const file = path.join(folder, 'cloudblue-connect-native');
  fs.mkdirSync(folder, { recursive: true });
  // The macros write only when the crate is compiled: without the file, cargo may not call what it has up to date.
  if (!fs.existsSync(file)) fs.utimesSync(path.join(root, 'src/lib.rs'), new Date(), new Date());
  // The feature is empty: it keeps this compilation apart from others, which would write no definitions.
  const { status } = spawnSync(
    'cargo',
    ['check', '--quiet', '--locked', '--lib', '--features', 'binding-types'],
    {
      cwd: root,
      env: { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: folder },
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) throw new Error(`cargo check ended with ${status}`);
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

const indent = (text) => text.replace(/^(?=.)/gm, '  ');

/** One item as TypeScript declares it. */
function declaration({ kind, name, js_doc: doc, def }, members) {
  if (kind === 'struct') return `${doc}export class ${name} {\n${indent(members)}\n}`;
  if (kind === 'interface') return `${doc}export interface ${name} {\n${indent(def)}\n}`;
  return `${doc}${def.replace(/^(?!export )/, 'export ')}`;
}

/** The text of binding.d.ts. */
function main() {
  const items = definitions();
  const members = (name) =>
    items
      .filter((item) => item.kind === 'impl' && item.name === name)
      .map(({ def }) => def)
      .join('\n');
  const body = items
    .filter(({ kind }) => kind !== 'impl')
    .map((item) => declaration(item, members(item.name)))
    .join('\n\n');
  const names = [...fs.readFileSync(border, 'utf8').matchAll(/^export (?:interface|type) (\w+)/gm)]
    .map(([, name]) => name)
    .filter((name) => new RegExp(`\\b${name}\\b`).test(body))
    .sort();
  return [
    '// Written by `npm run types` from the `#[napi]` items in src/binding; do not edit.',
    '',
    `import type { ${names.join(', ')} } from './lib/internal/binding-objects';`,
    '',
    body,
    '',
  ].join('\n');
}

if (require.main === module) {
  const text = format('binding.d.ts', main());
  if (!process.argv.includes('--check')) fs.writeFileSync(target, text);
  else if (fs.readFileSync(target, 'utf8') !== text) {
    console.error('binding.d.ts is not what Rust declares: run `npm run types` and commit it.');
    process.exitCode = 1;
  }
}
