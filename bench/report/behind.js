'use strict';

/** Where ours is behind: looked for in every figure, against everybody, so that nothing is left out. */

const { ratios, summary } = require('../stats');
const { atConcurrency, number } = require('./format');

/** The figures of a turn; `more` says whether more of it is better. */
const FIGURES = {
  perSecond: { name: 'requests per second', more: true },
  mainThreadMicros: { name: 'main-thread time per request' },
  cpuMicros: { name: 'processor time per request, all threads' },
  latencyP50Ms: { name: 'latency, p50' },
  latencyP99Ms: { name: 'latency, p99' },
  delayP99Ms: { name: 'event-loop delay, p99' },
  rssMb: { name: 'memory' },
};

/** How many times ours is worse than another; at most 1 where it is not. */
function worse(ours, theirs, more) {
  const times = (more ? ratios(theirs, ours) : ratios(ours, theirs)).median;
  if (Number.isFinite(times)) return times;
  // Against nothing at all there is no ratio.
  return summary(theirs).median === 0 && summary(ours).median > 0 ? Number.POSITIVE_INFINITY : 0;
}

/** By how much. */
const said = (times) => (Number.isFinite(times) ? `${number(times)} times` : 'which has none');

/** One contender of ours at one place: what it is behind in, and whom. */
function linesOf(name, where, all) {
  const peers = Object.entries(all).filter(([peer]) => !peer.startsWith('ours'));
  return Object.entries(FIGURES).flatMap(([figure, { name: what, more }]) => {
    const ahead = peers
      .map(([peer, figures]) => ({ peer, times: worse(all[name][figure], figures[figure], more) }))
      // Less than a twentieth is noise.
      .filter(({ times }) => times > 1.05)
      .map(({ peer, times }) => `${peer} (${said(times)})`);
    return ahead.length > 0 ? [`- ${name}, ${where}, ${what}: behind ${ahead.join(', ')}.`] : [];
  });
}

function startLines({ start }) {
  const figures = { requireMs: '`require`', clientMicros: 'making a client' };
  return Object.entries(figures).flatMap(([figure, what]) => {
    const ahead = Object.entries(start)
      .filter(([name, theirs]) => name !== 'ours' && theirs[figure])
      .map(([name, theirs]) => ({ name, times: worse(start.ours[figure], theirs[figure]) }))
      .filter(({ times }) => times > 1.05)
      .map(({ name, times }) => `${name} (${said(times)})`);
    return ahead.length > 0 ? [`- ${what}: behind ${ahead.join(', ')}.`] : [];
  });
}

/** Everything that ours is behind in, as a list. */
function behind(results) {
  const lines = ['close', 'search', 'get'].flatMap((action) =>
    Object.entries(results[action]).flatMap(([concurrency, all]) =>
      Object.keys(all)
        .filter((name) => name.startsWith('ours'))
        .flatMap((name) => linesOf(name, `\`${action}\` ${atConcurrency(concurrency)}`, all)),
    ),
  );
  lines.push(...startLines(results));
  return lines.length > 0 ? lines.join('\n') : 'In this run, none.';
}

module.exports = { behind };
