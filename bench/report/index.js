'use strict';

/** What is published of the results. All of it is a function of them alone, which a test relies on. */

const fs = require('fs');
const path = require('path');
const { summary } = require('../stats');
const { bars } = require('./bars');
const { behind } = require('./behind');
const { atOnce, number, table } = require('./format');
const { decade, lines } = require('./lines');
const { actionTable, flatTable, layerTable, manyTable, median, startTable } = require('./tables');
const { targetTable, targets } = require('./targets');
const words = require('./text');

const root = path.join(__dirname, '../..');
const START = '<!-- npm run bench: from here -->';
const END = '<!-- npm run bench: to here -->';

function actionSections(results) {
  const names = { close: 'Closing a record', search: 'A page of 100 records', get: 'Reading a record' };
  return Object.entries(names).flatMap(([action, name]) => [
    `## ${name}`,
    ...Object.entries(results[action]).flatMap(([concurrency, all]) => [
      `### \`${action}\`, ${atOnce(concurrency)}`,
      actionTable(all),
    ]),
  ]);
}

/** The generated part of docs/benchmark.md. */
function page(results) {
  const { flat, addonBytes } = results;
  return [
    words.machine(results),
    '![Requests a second and time of the main thread](benchmark.svg)',
    '## Targets',
    targetTable(results),
    '## Where ours is behind',
    'Every figure of ours that is worse than another contender’s by more than a twentieth, in the median of the rounds.',
    behind(results),
    ...actionSections(results),
    '## Closing a month',
    words.many(results),
    manyTable(results),
    '## After many requests, and among many',
    '![What a request costs by the number of calls, and by how many are under way](benchmark-flat.svg)',
    'One process, 16 at once, without a warm-up: what a request costs in each decade of calls.',
    flatTable(flat.calls, decade),
    'By how many are under way at once; ours has 64 connections, what is more waits in its queue.',
    flatTable(flat.concurrency, number),
    '## Loading',
    `The addon is a file of ${number(addonBytes / 1e6)} MB.`,
    startTable(results),
    '## Without Node',
    'The same request, sent from Rust on one thread ([load.rs](../bench/load.rs)): what the machine can do at most, and what each layer costs.',
    layerTable(results),
    '## How it is measured',
    words.how(results),
    '## What it does not say',
    words.not(results),
  ].join('\n\n');
}

/** The generated part of the README. */
function section(results) {
  const { close, closeMany, method } = results;
  const rows = Object.keys(close[16]).map((name) => [
    name,
    ...[1, 16, 128].map((concurrency) => median(close[concurrency][name].perSecond)),
    median(close[16][name].mainThreadMicros),
  ]);
  const all = targets(results);
  const met = all.filter(({ isMet }) => isMet).length;
  return [
    `Records closed a second, one request each, against a server on the same machine; medians of ${method.rounds} rounds.`,
    table(['', 'one at a time', '16 at once', '128 at once', 'main thread a request, 16 at once, µs'], rows),
    `\`closeMany\`: ${number(summary(closeMany.perSecond).median)} records a second, ${number(summary(closeMany.mainThreadMicros).median)} µs of the main thread each. Of the ${all.length} targets that were set, ${met} are met.
[docs/benchmark.md](docs/benchmark.md) has every figure with its spread, how it is measured, and where ours is behind;
\`npm run bench\` measures it anew.`,
    '![Requests a second and time of the main thread](docs/benchmark.svg)',
  ].join('\n\n');
}

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
const printed = (results) => [section(results), targetTable(results), behind(results)].join('\n\n');

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
