'use strict';

/**
 * One contender's turn, in a process of its own: so many calls under way at once, each followed by the next, for a fixed
 * time. First to warm up, then measured, then, in a part of its own, the delay of the event loop: the timer that watches it
 * is work, which must not count as the contender's.
 *
 * Told in JSON: contender, action, port, concurrency, warmUp, seconds; over TLS also ca, a file.
 */

const fs = require('fs');
const { monitorEventLoopDelay, performance } = require('perf_hooks');
const { contenders } = require('./contenders');
const { meter, say, options } = require('./meter');

/** A latency is noted of every so many calls only, for noting costs. */
const EVERY = 4;

/** What the histogram counts as delay although it is its own resolution, in ms. */
const OWN = 1;

const isRecord = ({ id }) => typeof id === 'string';
const isAnswer = { close: isRecord, get: isRecord, search: (page) => page.length === 100 };

/** Calls until the time is up; resolves to how many calls there were. */
async function callFor(seconds, { call, action, concurrency, latencies, every = EVERY }) {
  const end = performance.now() + seconds * 1000;
  const isRight = isAnswer[action];
  let calls = 0;
  const work = async () => {
    for (let start = performance.now(); start < end; ) {
      calls += 1;
      const isNoted = calls % every === 0;
      if (!isRight(await call(`UR-2021-01-2023-8696-9408-${calls}`)))
        throw new Error('not the answer that was expected');
      const now = performance.now();
      if (isNoted) latencies?.push(now - start);
      start = now;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return calls;
}

function percentile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? null;
}

async function main() {
  const { contender, action, port, concurrency, warmUp, seconds, ca } = options();
  const line = { connections: concurrency, ca: ca && fs.readFileSync(ca, 'utf8') };
  // The certificate is for this name.
  const origin = ca ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  const call = await contenders[contender][action](`${origin}/public/v1`, line);
  const turn = { call, action, concurrency };
  await callFor(warmUp, turn);

  const latencies = [];
  const stop = meter();
  const figures = stop(await callFor(seconds, { ...turn, latencies }));
  latencies.sort((a, b) => a - b);

  const delay = monitorEventLoopDelay({ resolution: OWN });
  delay.enable();
  await callFor(seconds / 3, turn);
  delay.disable();
  say({
    ...figures,
    latencyP50Ms: percentile(latencies, 0.5),
    latencyP99Ms: percentile(latencies, 0.99),
    delayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - OWN),
    rssMb: process.memoryUsage().rss / (1 << 20),
  });
}

if (require.main === module) main();

module.exports = { callFor, percentile };
