'use strict';

/**
 * Many calls to a server that fails now and then: memory stays flat, and nothing is left open.
 *
 *   node --expose-gc __test__/soak/calls.js [calls=1000000]
 *
 * Prints `{ calls, failed, rssGrowthBytes, descriptorsLeft, listenersLeft, seconds }`; ends with 1 if memory grew by
 * more than 10 MB after the first tenth (ten thousand calls at least), or a descriptor or a listener is left.
 */

const { fork } = require('child_process');
const { getEventListeners } = require('events');
const fs = require('fs');
const path = require('path');
const { ConnectClient } = require('../..');

const CALLS = Number(process.argv[2] || 1_000_000);
const AT_ONCE = 64;
/** The calls before memory is looked at: V8 sizes its heap by what it has seen, which takes some ten thousand. */
const WARM = Math.max(CALLS / 10, Math.min(CALLS / 2, 10_000));
/** 10 MB; in a short run chance weighs more. */
const MAX_GROWTH = CALLS >= 500_000 ? 10 << 20 : 32 << 20;

/** The server has a process of its own, so that its memory is not ours. */
function startServer() {
  const child = fork(path.join(__dirname, 'server.js'));
  return new Promise((resolve) => child.once('message', (url) => resolve({ url, stop: () => child.kill() })));
}

const descriptors = () =>
  fs.existsSync('/proc/self/fd') ? fs.readdirSync('/proc/self/fd').length : undefined;

/** Memory once the garbage is out; the smallest of several readings, for the collector takes its time. */
async function memory() {
  let least = Infinity;
  for (let i = 0; i < 10; i += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    least = Math.min(least, process.memoryUsage().rss);
  }
  return least;
}

/** One call of each kind in turn; every fiftieth is called off half-way. */
function call(client, number, signal) {
  const id = `UR-${number}`;
  if (number % 50 === 0) {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    return client.usageRecords.get(id, { signal: controller.signal });
  }
  if (number % 3 === 0) return client.usageRecords.close(id, 'INV-7', 'January', { signal });
  if (number % 3 === 1) return client.usageRecords.get(id, { timeout: 60_000 });
  return client.usageRecords.search({ status: 'approved', limit: 10 }, { signal });
}

async function main() {
  const { url, stop } = await startServer();
  // The failures are what is looked at: sent once.
  const client = new ConnectClient(url, 'ApiKey SU-000-000:secret', { maxRetries: 0 });
  const { signal } = new AbortController();
  const begun = Date.now();
  let next = 0;
  let failed = 0;

  const callUpTo = async (last) => {
    while (next < last) {
      next += 1;
      await call(client, next, signal).catch(() => {
        failed += 1;
      });
    }
  };
  const all = (last) => Promise.all(Array.from({ length: AT_ONCE }, () => callUpTo(last)));

  const atRest = descriptors();
  await all(WARM);
  const before = await memory();
  await all(CALLS);
  const after = await memory();
  stop();
  // The connections that were kept are closed by the server's end; that takes a moment to arrive.
  for (let i = 0; i < 100 && descriptors() > atRest + 8; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const result = {
    calls: CALLS,
    failed,
    rssGrowthBytes: after - before,
    descriptorsLeft: atRest === undefined ? null : descriptors() - atRest,
    listenersLeft: getEventListeners(signal, 'abort').length,
    seconds: (Date.now() - begun) / 1000,
  };
  console.log(JSON.stringify(result));
  // The engine's own, opened with its first request: its event loop and what wakes it.
  const areOpen = result.descriptorsLeft !== null && result.descriptorsLeft > 8;
  process.exitCode = result.rssGrowthBytes > MAX_GROWTH || areOpen || result.listenersLeft > 0 ? 1 : 0;
}

main();
