'use strict';

/** The tables of docs/benchmark.md. */

const { ratios, summary } = require('../stats');
const { atConcurrency, median, spread, table } = require('./format');

/** An action at a concurrency: a row for each contender. */
function actionTable(all) {
  const head = [
    '',
    'requests/s [least to most]',
    'ours ÷ this',
    'main thread, µs',
    'of which processor, µs',
    'all threads, µs',
    'latency p50, ms',
    'p99, ms',
    'loop delay p99, ms',
    'memory, MB',
  ];
  const rows = Object.entries(all).map(([name, figures]) => [
    name,
    spread(summary(figures.perSecond)),
    name === 'ours' ? '' : spread(ratios(all.ours.perSecond, figures.perSecond)),
    median(figures.mainThreadMicros),
    median(figures.mainThreadCpuMicros),
    median(figures.cpuMicros),
    median(figures.latencyP50Ms),
    median(figures.latencyP99Ms),
    median(figures.delayP99Ms),
    median(figures.rssMb),
  ]);
  return table(head, rows);
}

/** The layers beneath us, without Node, and above them ours with it. */
function layerTable(results) {
  const concurrencies = Object.keys(results.layers);
  const names = {
    raw: 'bare sockets, a request made once',
    hyper: 'hyper, a connection each',
    reqwest: 'reqwest',
    core: 'our core, without Node',
  };
  const cells = (figuresOf) =>
    concurrencies.flatMap((concurrency) => {
      const { perSecond, cpuMicros } = figuresOf(concurrency);
      return [median(perSecond), median(cpuMicros)];
    });
  const rows = Object.entries(names).map(([layer, name]) => [
    name,
    ...cells((concurrency) => results.layers[concurrency][layer]),
  ]);
  rows.push(['ours, in Node', ...cells((concurrency) => results.close[concurrency].ours)]);
  const head = concurrencies.flatMap((concurrency) => [
    `${atConcurrency(concurrency)}, requests/s`,
    'processor, µs',
  ]);
  return table(['', ...head], rows);
}

/** `closeMany` against loops over each contender. */
function manyTable(results) {
  const many = results.closeMany;
  const rows = [
    [
      '`closeMany`',
      spread(summary(many.perSecond)),
      '',
      median(many.mainThreadMicros),
      median(many.cpuMicros),
    ],
  ];
  for (const concurrency of [16, 128]) {
    for (const [name, figures] of Object.entries(results.close[concurrency])) {
      rows.push([
        `${name}, a loop of ${concurrency}`,
        spread(summary(figures.perSecond)),
        spread(ratios(many.perSecond, figures.perSecond)),
        median(figures.mainThreadMicros),
        median(figures.cpuMicros),
      ]);
    }
  }
  return table(
    ['', 'records/s [least to most]', '`closeMany` ÷ this', 'main thread, µs', 'all threads, µs'],
    rows,
  );
}

function startTable({ start }) {
  const rows = Object.entries(start).map(([name, { requireMs, clientMicros }]) => [
    name,
    spread(summary(requireMs)),
    name === 'ours' ? '' : spread(ratios(start.ours.requireMs, requireMs)),
    clientMicros ? spread(summary(clientMicros)) : 'has none',
  ]);
  return table(['', '`require`, ms', 'ours ÷ this', 'making a client, µs'], rows);
}

function flatTable(all, label) {
  const rows = Object.entries(all).map(([key, figures]) => [
    label(Number(key)),
    median(figures.perSecond),
    spread(summary(figures.cpuMicros)),
    spread(summary(figures.mainThreadMicros)),
    median(figures.rssMb),
  ]);
  return table(['', 'requests/s', 'all threads, µs', 'main thread, µs', 'memory, MB'], rows);
}

module.exports = { actionTable, flatTable, layerTable, manyTable, median, startTable };
