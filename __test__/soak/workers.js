'use strict';

/**
 * Worker threads that are ended with requests in flight, again and again: memory stays flat, nothing is left open.
 *
 *   node --expose-gc __test__/soak/workers.js [rounds=200]
 *
 * Prints `{ rounds, rssGrowthBytes, descriptorsLeft, seconds }`; ends with 1 if memory grew by more than 8 MB and 100 kB
 * a round after the first quarter, or a descriptor is left.
 */

const { fork } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Worker } = require('worker_threads');
const { ConnectClient } = require('../..');

const ROUNDS = Number(process.argv[2] || 200);
/** What Node itself keeps of a thread that has ended, and what its memory varies by anyway. */
const MAX_GROWTH = ROUNDS * 100_000 + (8 << 20);

const program = `
  const { ConnectClient } = require(${JSON.stringify(path.join(__dirname, '../..'))});
  const { parentPort, workerData } = require('worker_threads');
  const client = new ConnectClient(workerData, 'ApiKey SU-000-000:secret');
  for (let i = 0; i < 50; i += 1) client.usageRecords.get('UR-' + i).catch(() => undefined);
  parentPort.postMessage('under way');
  const more = () => client.usageRecords.close('UR-1', 'INV-7').then(more, more);
  more();`;

const descriptors = () =>
  fs.existsSync('/proc/self/fd') ? fs.readdirSync('/proc/self/fd').length : undefined;

async function round(url) {
  const worker = new Worker(program, { eval: true, workerData: url });
  await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
}

function settle() {
  globalThis.gc();
  return new Promise((resolve) => setTimeout(resolve, 100));
}

async function main() {
  const server = fork(path.join(__dirname, 'server.js'));
  const url = await new Promise((resolve) => server.once('message', resolve));
  const begun = Date.now();
  // The main thread's client keeps the engine at work from the beginning to the end.
  const client = new ConnectClient(url, 'ApiKey SU-000-000:secret');
  await client.usageRecords.get('UR-1').catch(() => undefined);
  const atRest = descriptors();
  const warm = Math.ceil(ROUNDS / 4);
  for (let i = 0; i < warm; i += 1) await round(url);
  await settle();
  const before = process.memoryUsage().rss;
  for (let i = warm; i < ROUNDS; i += 1) await round(url);
  await settle();
  const growth = process.memoryUsage().rss - before;
  server.kill();
  for (let i = 0; i < 100 && descriptors() > atRest; i += 1) await settle();
  const descriptorsLeft = atRest === undefined ? null : descriptors() - atRest;
  const seconds = (Date.now() - begun) / 1000;
  console.log(JSON.stringify({ rounds: ROUNDS, rssGrowthBytes: growth, descriptorsLeft, seconds }));
  process.exitCode = growth > MAX_GROWTH || descriptorsLeft > 0 ? 1 : 0;
}

main();
