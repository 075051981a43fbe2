'use strict';

/** Where ours is behind: looked for in every figure, against everybody, so that nothing is left out. */

const { ratios, summary } = require('../stats');
const { causeOf } = require('./causes');
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

const PEAK = { peakMb: { name: 'peak memory' } };
const PROCESSOR = {
  cpuMicros: FIGURES.cpuMicros,
  mainThreadCpuMicros: { name: 'processor time of the main thread per request' },
};

/** The same with a server that is far away, by the kind of the turn. */
const FAR_FIGURES = {
  warm: { perSecond: FIGURES.perSecond, latencyP50Ms: FIGURES.latencyP50Ms, ...PROCESSOR, ...PEAK },
  cold: {
    coldMs: { name: 'time from the start of the process' },
    coldCpuMs: { name: 'processor time from the start of the process, all threads' },
    coldMainCpuMs: { name: 'processor time from the start of the process, main thread' },
    againMs: { name: 'time on new connections' },
    againCpuMs: { name: 'processor time on new connections' },
    fullHandshakes: { name: 'handshakes in full' },
    ...PEAK,
  },
  month: { wallMs: { name: 'time' }, ...PROCESSOR, ...PEAK },
};

const START_FIGURES = { requireMs: { name: '`require`' }, clientMicros: { name: 'making a client' } };

/** Less than a twentieth is noise. */
const NOISE = 1.05;

/** How many times ours is worse than another; at most 1 where it is not. */
function worse(ours, theirs, more) {
  const times = (more ? ratios(theirs, ours) : ratios(ours, theirs)).median;
  if (Number.isFinite(times)) return times;
  // Against nothing at all there is no ratio.
  return summary(theirs).median === 0 && summary(ours).median > 0 ? Number.POSITIVE_INFINITY : 0;
}

/** By how much. */
const said = (times) => (Number.isFinite(times) ? `${number(times)} times` : 'which has none');

const isOurs = (name) => name.startsWith('ours');

/** One contender of ours at one place: what it is behind in, whom, and why. */
function findingsOf({ name, where, concurrency, all, figures }) {
  const peers = Object.entries(all).filter(([peer]) => !isOurs(peer) && peer !== 'closeMany');
  return Object.entries(figures).flatMap(([figure, { name: what, more }]) => {
    const ahead = peers
      .map(([peer, theirs]) => ({ peer, times: worse(all[name][figure], theirs[figure], more) }))
      .filter(({ times }) => times > NOISE)
      .map(({ peer, times }) => `${peer} (${said(times)})`);
    if (ahead.length === 0) return [];
    const line = `- ${[name, where, what].filter(Boolean).join(', ')}: behind ${ahead.join(', ')}.`;
    return [{ line, cause: causeOf({ name, figure, concurrency }) }];
  });
}

/** The places in the results where contenders are compared. */
function placesOf({ close, search, get, start, far = {}, tls = {} }) {
  const near = Object.entries({ close, search, get }).flatMap(([action, concurrencies]) =>
    Object.entries(concurrencies).map(([concurrency, all]) => ({
      where: `\`${action}\` ${atConcurrency(concurrency)}`,
      concurrency,
      all,
      figures: FIGURES,
    })),
  );
  const away = Object.entries(far).flatMap(([protocol, { warm, cold, month }]) => [
    ...Object.entries(warm).map(([concurrency, all]) => ({
      where: `far away over ${protocol} ${atConcurrency(concurrency)}`,
      concurrency,
      all,
      figures: FAR_FIGURES.warm,
    })),
    { where: `a cold start over ${protocol}`, all: cold, figures: FAR_FIGURES.cold },
    { where: `a month over ${protocol}`, all: month, figures: FAR_FIGURES.month },
  ]);
  const encrypted = Object.entries(tls).map(([action, all]) => ({
    where: `\`${action}\` over TLS ${atConcurrency(16)}`,
    concurrency: 16,
    all,
    figures: FIGURES,
  }));
  return [...near, ...encrypted, ...away, { where: '', all: start, figures: START_FIGURES }];
}

/** Everything that ours is behind in, as lists, each under its cause. */
function behind(results) {
  const findings = placesOf(results).flatMap((place) =>
    Object.keys(place.all)
      .filter(isOurs)
      .flatMap((name) => findingsOf({ ...place, name })),
  );
  if (findings.length === 0) return 'In this run, none.';
  return [...new Set(findings.map(({ cause }) => cause))]
    .map((cause) => {
      const lines = findings.filter((finding) => finding.cause === cause).map(({ line }) => line);
      return `**Cause.** ${cause}\n\n${lines.join('\n')}`;
    })
    .join('\n\n');
}

module.exports = { behind };
