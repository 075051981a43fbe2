'use strict';

/** What is published of the results. All of it is a function of them alone, which a test relies on. */

const fs = require('fs');
const path = require('path');
const { bars } = require('./bars');
const { behind } = require('./behind');
const { farSections, readmeSection } = require('./far');
const { atConcurrency, number } = require('./format');
const { decade, lines } = require('./lines');
const { actionTable, flatTable, layerTable, manyTable, startTable } = require('./tables');
const words = require('./text');

const root = path.join(__dirname, '../..');
const START = '<!-- npm run bench: from here -->';
const END = '<!-- npm run bench: to here -->';

function actionSections(results) {
  const names = { close: 'Closing a record', search: 'A page of 100 records', get: 'Reading a record' };
  return Object.entries(names).flatMap(([action, name]) => [
    `### ${name}`,
    ...Object.entries(results[action]).flatMap(([concurrency, all]) => [
      `#### \`${action}\`, ${atConcurrency(concurrency)}`,
      actionTable(all),
    ]),
  ]);
}

/** The generated part of docs/benchmark.md. */
function page(results) {
  const { flat, addonBytes } = results;
  return [
    words.machine(results),
    '## Where ours is behind',
    'Every figure in which ours is more than 5 % worse than another contender, in the median of the rounds.',
    behind(results),
    '## A server far away',
    ...farSections(results),
    '## A server on the same machine',
    words.near(),
    '![Requests per second and main-thread time](benchmark.svg)',
    ...actionSections(results),
    '### Closing a month',
    words.many(results),
    manyTable(results),
    '### By the number of calls and of concurrent requests',
    '![The cost of a request by the number of calls and of concurrent requests](benchmark-flat.svg)',
    'The cost of a request in each decade of calls: one process, 16 concurrent requests, no warm-up.',
    flatTable(flat.calls, decade),
    'The cost of a request by the number of concurrent requests. Ours has 64 connections; further requests wait in its queue.',
    flatTable(flat.concurrency, number),
    '### Loading',
    `The addon has ${number(addonBytes / 1e6)} MB.`,
    startTable(results),
    '### Without Node',
    'The same request, sent from Rust on one thread ([load.rs](../bench/load.rs)). It shows the limit of the machine and the cost of each layer.',
    layerTable(results),
    '## How it is measured',
    words.how(results),
    '## What it does not measure',
    words.not(results),
  ].join('\n\n');
}

/** The generated part of the README. */
const section = (results) =>
  [
    readmeSection(results),
    '[docs/benchmark.md](docs/benchmark.md) has all figures, the method, and first of all the cases in which this package is behind.',
  ].join('\n\n');

/**
 * Everything that is published of results.
 *
 * @param {object} results What was measured.
 * @returns {object} The charts, and the generated parts of the page and of the README, by the name of their file.
 */
function render(results) {
  return {
    'benchmark.svg': bars(results),
    'benchmark-flat.svg': lines(results),
    'benchmark.md': page(results),
    'README.md': section(results),
  };
}

/** A document with its generated part, between the two marks, made new; what stands around it is left alone. */
function spliced(document, part) {
  const [from, to] = [document.indexOf(START), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the marks ${START} and ${END} are missing`);
  return `${document.slice(0, from + START.length)}\n\n${part}\n\n${document.slice(to)}`;
}

/** What is printed at the end of a run. */
const printed = (results) => [section(results), behind(results)].join('\n\n');

/** Writes everything into a directory. */
function write(results, directory) {
  for (const [name, text] of Object.entries(render(results)))
    fs.writeFileSync(path.join(directory, name), text);
}

/** The files of the repository that are published, as they are to be. */
function published(results) {
  const parts = render(results);
  const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
  return {
    'docs/benchmark.svg': parts['benchmark.svg'],
    'docs/benchmark-flat.svg': parts['benchmark-flat.svg'],
    'docs/benchmark.md': spliced(read('docs/benchmark.md'), parts['benchmark.md']),
    'README.md': spliced(read('README.md'), parts['README.md']),
  };
}

/** Writes them. */
function publish(results) {
  for (const [file, text] of Object.entries(published(results)))
    fs.writeFileSync(path.join(root, file), text);
}

module.exports = { printed, publish, published, render, write };
