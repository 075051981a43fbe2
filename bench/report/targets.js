'use strict';

/** What was aimed at, and what was reached. */

const { ratios, summary } = require('../stats');
const { atConcurrency, fraction, number, spread, table } = require('./format');

const SDK = 'published SDK';
const UNDICI = 'undici.request';

/** Ours against another's in the same rounds. */
function against(results, concurrency, peer, figure) {
  const all = results.close[concurrency];
  return ratios(all.ours[figure], all[peer]?.[figure]);
}

/** So many times as many requests per second. */
function faster(results, concurrency, peer, times) {
  const value = against(results, concurrency, peer, 'perSecond');
  return {
    what: `\`close\` ${atConcurrency(concurrency)}: requests per second, against ${peer}`,
    target: `at least ${times} times`,
    reached: spread(value),
    isMet: value.median >= times,
  };
}

/** At most such a part of the main thread's time. */
function lighter(results, concurrency, peer, part) {
  const value = against(results, concurrency, peer, 'mainThreadMicros');
  const own = against(results, concurrency, peer, 'mainThreadCpuMicros');
  return {
    what: `\`close\` ${atConcurrency(concurrency)}: main-thread time per request, against ${peer}`,
    target: `at most 1/${part}`,
    reached: `${spread(value, fraction)}; of processor time ${fraction(own.median)}`,
    isMet: value.median <= 1 / part,
  };
}

function others(results) {
  const many = summary(results.closeMany.mainThreadMicros);
  const own = summary(results.closeMany.mainThreadCpuMicros);
  const delay = against(results, 128, SDK, 'delayP99Ms');
  const load = ratios(results.start.ours.requireMs, results.start[SDK].requireMs);
  return [
    {
      what: '`closeMany`: main-thread time per record',
      target: 'at most 0.5 µs',
      reached: `${spread(many)} µs; of processor time ${number(own.median)} µs`,
      isMet: many.median <= 0.5,
    },
    {
      what: `\`close\` ${atConcurrency(128)}: event-loop delay, p99, against ${SDK}`,
      target: 'at most 1/10',
      reached: spread(delay, fraction),
      isMet: delay.median <= 1 / 10,
    },
    {
      what: `\`require\`, against ${SDK}`,
      target: 'at most 1/10',
      reached: spread(load, fraction),
      isMet: load.median <= 1 / 10,
    },
  ];
}

/**
 * The targets.
 *
 * @param {object} results What was measured.
 * @returns {object[]} Of each: `what`, `target`, `reached`, `isMet`.
 */
function targets(results) {
  return [
    ...[16, 128].flatMap((concurrency) => [
      faster(results, concurrency, SDK, 10),
      faster(results, concurrency, UNDICI, 3),
      lighter(results, concurrency, SDK, 25),
      lighter(results, concurrency, UNDICI, 6),
    ]),
    faster(results, 1, SDK, 2.2),
    faster(results, 1, UNDICI, 1.6),
    ...others(results),
  ];
}

function targetTable(results) {
  const rows = targets(results).map(({ what, target, reached, isMet }) => [
    what,
    target,
    reached,
    isMet ? 'met' : '**missed**',
  ]);
  return table(['What', 'Target', 'Reached, median [least to most]', 'Result'], rows);
}

module.exports = { SDK, against, targetTable, targets };
