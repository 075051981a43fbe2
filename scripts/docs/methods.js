'use strict';

const fs = require('fs');
const path = require('path');

const sources = path.join(__dirname, '../../src/core/resources');

/** The anchor of a heading. */
const anchor = (heading) => heading.toLowerCase();

/** What a method resolves to, in a word. */
const RESPONSES = { json: 'JSON', nothing: 'nothing', bytes: 'a file' };

/** The file that declares a class. */
function fileOf(className) {
  const declares = (file) =>
    new RegExp(`^ +${className}<`, 'm').test(fs.readFileSync(path.join(sources, file), 'utf8'));
  return fs.readdirSync(sources).find((file) => file.endsWith('.rs') && declares(file));
}

function row(base, { name, formOf, ids, arguments: others, verb, path: below, response }) {
  const places = [...ids];
  const filled = `${base}${below}`.replace(/\{\}/g, () => `{${places.shift() || 'id'}}`);
  const parameters = [...ids, ...others].join(', ');
  return `| \`${formOf || name}(${parameters})\` | ${verb} | \`${filled || '/'}\` | ${RESPONSES[response]} |`;
}

function table(base, methods) {
  const shown = methods.filter(({ isInternal, formOf }) => !isInternal || formOf !== '');
  if (shown.length === 0) return [];
  const head = ['| Method | Verb | Path | Resolves to |', '| --- | --- | --- | --- |'];
  return [...head, ...shown.map((method) => row(base, method)), ''];
}

/** The states that `waitFor` knows, and what follows each. */
function stateTable(states) {
  if (states.length === 0) return [];
  const rows = states.map(
    ({ name, next, detail }) =>
      `| \`${name}\` | ${next.map((one) => `\`${one}\``).join(', ') || '-'} | ${detail ? `\`${detail}\`` : '-'} |`,
  );
  return [
    '`waitFor(id, states, options)` knows these states. It ends with a StateError if none of those that it waits for can follow;',
    'what starts over (an upload, `reprocess`, `regenerate`) is not counted as following.',
    '',
    '| State | Followed by | The field with the reason |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ];
}

function section({ class: className, property, path: base, methods, children, states }, places) {
  const place = property ? `\`client.${property}\`` : places.get(className);
  const file = fileOf(className);
  const below = children.map(({ name, class: child }) => `- \`${name}(id)\`: [${child}](#${anchor(child)})`);
  return [
    `## ${className}`,
    '',
    `${place}${base ? `, at \`${base}\`` : ''}. Declared in [${file}](../src/core/resources/${file}).`,
    '',
    ...table(base || '...', methods),
    ...stateTable(states),
    ...(below.length > 0 ? ['Below it:', '', ...below, ''] : []),
  ];
}

/**
 * The index of all methods.
 *
 * @param {object[]} api Every resource, as `describe-api` prints it.
 * @returns {string} The text of docs/methods.md.
 */
function methodsDocument([generic, ...resources]) {
  const places = new Map();
  for (const { property, children } of resources) {
    const above = property ? `client.${property}` : '...';
    for (const { name, class: child } of children) {
      if (!places.has(child)) places.set(child, `\`${above}.${name}(id)\``);
    }
  }
  return [
    '# All methods',
    '',
    '<!-- Written by `npm run docs` from src/core/resources; do not edit. -->',
    '',
    'Every resource has these; `list` pages through `search`, and `fetch` sends a request to any path.',
    '',
    ...table('...', generic.methods),
    'Every method takes the options of a call behind its documented arguments. A method that is listed twice has two forms.',
    '`usageRecords` and `usageChunks` also have `closeMany`; usage files, chunks and reconciliations have `waitFor`.',
    '',
    ...resources.flatMap((resource) => section(resource, places)),
  ].join('\n');
}

module.exports = { methodsDocument };
