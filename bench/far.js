'use strict';

/**
 * A contender's turn with a server that is far away, over TLS, in a process of its own. Told in JSON: `kind`, `contender`,
 * `port`, `ca` (a file), `http2`, and what the kind needs: `concurrency`, `warmUp`, `seconds`, `records`, `again`.
 */

const { performance } = require('perf_hooks');
const fs = require('fs');
const { callFor, percentile } = require('./client');
const { contenders } = require('./contenders');
const { mainThreadCpu, meter, options, peakMb, say } = require('./meter');

/** How many connections there may be, and how many requests are under way where the kind does not say. */
const CONNECTIONS = 64;

const told = options();
const line = { connections: CONNECTIONS, ca: fs.readFileSync(told.ca, 'utf8'), http2: told.http2 };
// The certificate is for this name.
const endpointAt = (port) => `https://localhost:${port}/public/v1`;
const idOf = (number) => `UR-2021-01-2023-8696-9408-${number}`;
const connect = () => contenders[told.contender].close(endpointAt(told.port), line);

async function closeAtOnce(call, count) {
  const closed = await Promise.all(Array.from({ length: count }, (_, index) => call(idOf(index))));
  if (!closed.every(({ id }) => typeof id === 'string')) throw new Error('not the answer that was expected');
}

/** The processor's time of this process so far, in milliseconds. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const kinds = {
  /** Calls for a fixed time, on connections that are open and with code that is compiled. */
  async warm() {
    const { concurrency, warmUp, seconds } = told;
    const turn = { call: await connect(), action: 'close' };
    await callFor(warmUp, { ...turn, concurrency: CONNECTIONS });
    const latencies = [];
    const stop = meter();
    const figures = stop(await callFor(seconds, { ...turn, concurrency, latencies, every: 1 }));
    latencies.sort((a, b) => a - b);
    return { ...figures, latencyP50Ms: percentile(latencies, 0.5) };
  },

  /** The first calls of a process, all at once, from its start on; then as many on new connections. */
  async cold() {
    const call = await connect();
    await closeAtOnce(call, CONNECTIONS);
    const [first, start] = [cpuMs(), performance.now()];
    const figures = { coldMs: start, coldCpuMs: first, coldMainCpuMs: mainThreadCpu() / 1000 };
    if (!told.again) return figures;
    await closeAtOnce(call, CONNECTIONS);
    return { ...figures, againMs: performance.now() - start, againCpuMs: cpuMs() - first };
  },

  /** A month by a loop, so many at once, from the first call of the process on. */
  async loop() {
    const { records } = told;
    const call = await connect();
    const stop = meter();
    let next = 0;
    const work = async () => {
      while (next < records) {
        next += 1;
        await call(idOf(next));
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    return { wallMs: performance.now() - start, ...stop(records) };
  },

  /** A month by `closeMany`. */
  async many() {
    const { records } = told;
    const { ConnectClient } = require('..');
    const { usageRecords } = new ConnectClient(endpointAt(told.port), 'ApiKey SU-000-000:bench', {
      ca: line.ca,
    });
    const month = Array.from({ length: records }, (_, index) => ({
      id: idOf(index),
      externalBillingId: 'INV-7',
      externalBillingNote: 'January',
    }));
    const stop = meter();
    const start = performance.now();
    const { closed } = await usageRecords.closeMany(month);
    const wallMs = performance.now() - start;
    if (closed !== records) throw new Error(`closed ${closed} of ${records}`);
    return { wallMs, ...stop(records) };
  },
};

async function main() {
  say({ ...(await kinds[told.kind]()), peakMb: peakMb() });
}

main();
