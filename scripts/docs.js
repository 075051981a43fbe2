#!/usr/bin/env node
'use strict';

/**
 * Writes docs/methods.md, the index of all methods, from what Rust declares: `npm run docs`. A test fails while the file
 * is not what this would write.
 */

const fs = require('fs');
const path = require('path');
const binding = require('../binding.js');

const root = path.join(__dirname, '..');
const sources = path.join(root, 'src/core/resources');

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const kebab = (name) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** The file that declares a class. */
function fileOf(className) {
  if (className === 'GenericResource') return 'generic.rs';
  const holds = (file) =>
    new RegExp(`\\b${className}\\b[^;]*\\{`).test(fs.readFileSync(path.join(sources, file), 'utf8'));
  return fs.readdirSync(sources).find((file) => !['macros.rs', 'mod.rs'].includes(file) && holds(file));
}

/** What a method resolves to, in a word. */
const ANSWERS = { json: 'JSON', nothing: 'nothing', bytes: 'a file', page: 'a page' };

function row(base, { name, parameters, verb, path: below, answer }) {
  const ids = [...parameters];
  // The places of a path are filled by the first arguments, in order.
  const filled = `${base}${below}`.replace(/\{\}/g, () => `{${camel(ids.shift() || 'id')}}`);
  return `| \`${name}(${parameters.map(camel).join(', ')})\` | ${verb} | \`${filled || '/'}\` | ${ANSWERS[answer]} |`;
}

function table(base, methods) {
  const seen = methods.filter(({ isInternal }) => !isInternal);
  if (seen.length === 0) return [];
  return [
    '| Method | Verb | Path | Resolves to |',
    '| --- | --- | --- | --- |',
    ...seen.map((method) => row(base, method)),
    '',
  ];
}

function section({ className, property, path: base, methods, children }, names) {
  const where = property ? `\`client.${property}\`` : names.get(className);
  return [
    `## ${className}`,
    '',
    `${where}${base ? `, at \`${base}\`` : ''}. Declared in [${fileOf(className)}](../src/core/resources/${fileOf(className)}).`,
    '',
    ...table(base || '...', methods),
    ...(children.length > 0 ? ['Below it:', ''] : []),
    ...children.map(({ name, className: child }) => `- \`${name}(id)\`: [${child}](#${kebab(child)})`),
    ...(children.length > 0 ? [''] : []),
  ];
}

function main() {
  const [generic, ...resources] = binding.surface();
  const names = new Map();
  for (const { property, children } of resources) {
    const above = property ? `client.${property}` : '...';
    for (const { name, className } of children) {
      if (!names.has(className)) names.set(className, `\`${above}.${name}(id)\``);
    }
  }
  return [
    '# All methods',
    '',
    '<!-- Written by `npm run docs` from what Rust declares; do not edit. -->',
    '',
    'Every resource has these; `list` pages through `search`, and `fetch` sends to any path.',
    '',
    ...table('...', generic.methods),
    'Every method takes the options of a call behind its documented arguments. `usageRecords` has `closeMany` besides, and a',
    'form of `closeRecords` that takes a list (POST `/usage/records/close-records`).',
    '',
    ...resources.flatMap((resource) => section(resource, names)),
  ].join('\n');
}

module.exports = { main };

if (require.main === module) fs.writeFileSync(path.join(root, 'docs/methods.md'), main());
