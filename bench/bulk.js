#!/usr/bin/env node
'use strict';

/**
 * Closing a month: `closeMany` against loops of the published SDK, on a sandbox with 50 ms of latency, in turn and in
 * one run; then a million records from an async iterable, for memory and for how long the event loop is held up.
 * Prints ratios. The loops close a sample of the records, for all of them would take them ten minutes a round.
 *
 *   node bench/bulk.js [rounds] [records] [million]
 */

const { fork } = require('child_process');
const { monitorEventLoopDelay, performance } = require('perf_hooks');
const path = require('path');
const { ConnectClient } = require('..');
const { recordId, startSandbox } = require('../testing');
const original = require('sdk22');

const [rounds, count, million] = [
  process.argv[2] || 3,
  process.argv[3] || 10000,
  process.argv[4] || 1000000,
].map(Number);
const LATENCY = 50;
const INVOICE = 'INV-7';

/** A sandbox in a process of its own, that its work is not counted as ours. */
function startElsewhere(options) {
  const child = fork(__filename, ['sandbox', JSON.stringify(options)]);
  return new Promise((resolve) => {
    child.once('message', (sandbox) => resolve({ ...sandbox, close: () => child.kill() }));
  });
}

const record = (index) => ({ id: recordId(index), externalBillingId: INVOICE });

async function closeMany({ url, apiKey }) {
  const client = new ConnectClient(url, apiKey);
  const start = performance.now();
  const report = await client.usageRecords.closeMany(
    Array.from({ length: count }, (_, index) => record(index)),
  );
  if (report.closed !== count) throw new Error(`closed ${report.closed} of ${count}`);
  return count / (performance.now() - start);
}

/** A loop of the published SDK, so many at once, over a sample of the records. */
async function loop({ url, apiKey }, concurrency) {
  const client = new original.ConnectClient(url, apiKey);
  const sample = concurrency * 40;
  let next = 0;
  const start = performance.now();
  const work = async () => {
    while (next < sample) {
      const index = next;
      next += 1;
      const response = await client.fetch(`/usage/records/${recordId(index)}/close`, {
        method: 'POST',
        body: { external_billing_id: INVOICE },
      });
      if (!response.ok) throw new Error(`${response.status}`);
      await response.json();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return sample / (performance.now() - start);
}

async function compare() {
  const rates = { many: [], one: [], sixteen: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, close] of [
      ['many', closeMany],
      ['one', (sandbox) => loop(sandbox, 1)],
      ['sixteen', (sandbox) => loop(sandbox, 16)],
    ]) {
      const sandbox = await startElsewhere({ records: count, latencyMs: LATENCY, keepRequests: 0 });
      rates[name].push(await close(sandbox));
      sandbox.close();
    }
  }
  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const [many, one, sixteen] = ['many', 'one', 'sixteen'].map((name) => median(rates[name]) * 1000);
  console.log(
    `records a second: closeMany ${many.toFixed(0)}, one by one ${one.toFixed(1)}, 16 at once ${sixteen.toFixed(0)}`,
  );
  console.log(
    `closeMany is ${(many / one).toFixed(0)} times as fast as one by one, ${(many / sixteen).toFixed(1)} times as 16 at once`,
  );
}

async function measureMillion() {
  const sandbox = await startElsewhere({ records: million, keepRequests: 0 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  await client.usageRecords.closeMany([record(0)]);
  global.gc?.();
  const before = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  async function* records() {
    for (let index = 0; index < million; index += 1) yield record(index);
  }
  const report = await client.usageRecords.closeMany(records());
  clearInterval(watch);
  delay.disable();
  sandbox.close();
  const mb = (bytes) => `${(bytes / (1 << 20)).toFixed(1)} MB`;
  console.log(
    `${report.closed + report.alreadyClosed} of ${million} records in ${(report.elapsedMs / 1000).toFixed(1)} s`,
  );
  console.log(`memory: ${mb(before)} before, at most ${mb(most - before)} more`);
  // What the histogram counts includes its own resolution of 1 ms.
  console.log(
    `event loop delay: p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, most ${(delay.max / 1e6).toFixed(1)} ms`,
  );
}

async function serve() {
  const { url, apiKey } = await startSandbox(JSON.parse(process.argv[3]));
  process.send({ url, apiKey });
}

async function main() {
  console.log(`${path.basename(__filename)}: ${rounds} rounds, ${count} records, ${LATENCY} ms latency`);
  if (rounds > 0) await compare();
  if (million > 0) await measureMillion();
}

if (process.argv[2] === 'sandbox') serve();
else main();
