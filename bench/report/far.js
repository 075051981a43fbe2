'use strict';

/** The tables of the part with a server that is far away. */

const { ratios, summary } = require('../stats');
const { median, number, spread, table } = require('./format');

/** Calls on connections that are open: a row for each contender at each concurrency. */
function warmTable(warm) {
  const head = [
    'concurrent',
    '',
    'requests/s',
    'latency p50, ms',
    'processor, all threads, µs [least to most]',
    'ours ÷ this',
    'processor, main thread, µs',
    'peak memory, MB',
  ];
  const rows = Object.entries(warm).flatMap(([concurrency, all]) =>
    Object.entries(all).map(([name, figures]) => [
      concurrency,
      name,
      median(figures.perSecond),
      median(figures.latencyP50Ms),
      spread(summary(figures.cpuMicros)),
      name === 'ours' ? '' : spread(ratios(all.ours.cpuMicros, figures.cpuMicros)),
      median(figures.mainThreadCpuMicros),
      median(figures.peakMb),
    ]),
  );
  return table(head, rows);
}

/** The first 64 calls of a process, and 64 more on new connections. */
function coldTable(cold) {
  const head = [
    '',
    'from the start, ms [least to most]',
    'processor, all threads, ms',
    'main thread, ms',
    'again, ms',
    'again, processor, ms',
    'handshakes in full',
    'resumed',
    'peak memory, MB',
  ];
  const rows = Object.entries(cold).map(([name, figures]) => [
    name,
    spread(summary(figures.coldMs)),
    median(figures.coldCpuMs),
    median(figures.coldMainCpuMs),
    figures.againMs ? median(figures.againMs) : '',
    figures.againMs ? median(figures.againCpuMs) : '',
    median(figures.fullHandshakes),
    median(figures.resumedHandshakes),
    median(figures.peakMb),
  ]);
  return table(head, rows);
}

const MONTH_HEAD = [
  '',
  'time, s [least to most]',
  'processor for a record, all threads, µs',
  'main thread, µs',
  'peak memory, MB',
];

/** The cells of a month. */
const monthCells = ({ wallMs = [], cpuMicros, mainThreadCpuMicros, peakMb }) => [
  spread(summary(wallMs.map((ms) => ms / 1000))),
  median(cpuMicros),
  median(mainThreadCpuMicros),
  median(peakMb),
];

function monthTable(month) {
  const nameOf = (name) => (name === 'closeMany' ? '`closeMany`' : `${name}, a loop of 64`);
  const rows = Object.entries(month).map(([name, figures]) => [nameOf(name), ...monthCells(figures)]);
  return table(MONTH_HEAD, rows);
}

/** What was negotiated, over all turns. */
function negotiated(far) {
  const names = Object.values(far).flatMap(({ warm, cold, month }) =>
    [...Object.values(warm), cold, month].flatMap((all) =>
      Object.values(all).flatMap((figures) => Object.keys(figures.negotiated ?? {})),
    ),
  );
  return [...new Set(names)].sort().map((name) => `\`${name}\``);
}

/** Calls over TLS on this machine, beside the same calls in plain HTTP. */
function tlsTable({ tls, close, search }) {
  const head = [''];
  const plain = { close: close[16], search: search[16] };
  for (const action of Object.keys(tls))
    head.push(`\`${action}\` in plain HTTP, µs`, 'over TLS, µs', 'of which main thread, µs');
  const rows = Object.keys(tls.close).map((name) => [
    name,
    ...Object.entries(tls).flatMap(([action, all]) => [
      median(plain[action][name].cpuMicros),
      spread(summary(all[name].cpuMicros)),
      median(all[name].mainThreadCpuMicros),
    ]),
  ]);
  return table(head, rows);
}

/** This part of the page. */
function farSections(results) {
  const { far, method } = results;
  if (!far) return ['This part has not been measured.'];
  const about = method.far;
  const intro = `A server ${about.roundTripMs} ms away, over TLS 1.3 (rounds: ${about.rounds}; ${about.date}). All contenders negotiated, as the server says: ${negotiated(far).join(', ')}.
node-fetch, which the published SDK uses, has no HTTP/2, and offers no protocol by ALPN.`;
  const each = Object.entries(far).flatMap(([protocol, { warm, cold, month }]) => [
    `### Warm, over ${protocol}`,
    warmTable(warm),
    `### Cold, over ${protocol}`,
    coldTable(cold),
    `### A month of ${number(about.records)} records, over ${protocol}`,
    monthTable(month),
  ]);
  return [
    intro,
    ...each,
    '### What TLS costs',
    `Processor time of all threads for a request, 16 concurrent, on connections that are open, to the server on the same machine; a page has
90 kB. Ours encrypts with rustls and ring on the engine's thread, and passes on what it has decrypted; Node has OpenSSL write into a
stream, on the main thread. Handshakes are in the tables of the cold start.`,
    tlsTable(results),
  ];
}

/** The rows of the README's table: what its readers know, and what it calls them. */
const README_ROWS = {
  closeMany: 'this package, `closeMany`',
  ours: 'this package, a request for each record',
  'ours, one hook': 'the same with a hook',
  'published SDK': 'the original SDK',
  'undici.request': '`undici.request`',
};

/** The generated part of the README. */
function readmeSection({ far, machine, method }) {
  if (!far) return 'No figures yet: `npm run bench` writes them here.';
  const { month } = far['HTTP/1.1'];
  const { records, rounds, roundTripMs, date } = method.far;
  const rows = Object.entries(README_ROWS).map(([name, called]) => [called, ...monthCells(month[name])]);
  return [
    `Closing ${number(records)} records on a server ${roundTripMs} ms away, over TLS 1.3 and HTTP/1.1; with a request for each record, 64 at once
(medians; rounds: ${rounds}; ${date}; ${machine.cores} cores). The original SDK is version ${machine.sdk22}, with an agent that keeps connections.`,
    table(MONTH_HEAD, rows),
  ].join('\n\n');
}

module.exports = { farSections, readmeSection };
