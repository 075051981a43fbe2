#!/usr/bin/env node
'use strict';

/**
 * `npm run bench`: closes records with ours and with the published SDK, in turns, against one server, and
 * prints medians and their ratios. Ratios of one run are what to read: absolute figures are the machine's mood.
 *
 * Usage: node bench/run.js [rounds, default 7] [calls per turn, default 10000]
 */

const { execFileSync, spawn } = require('child_process');
const os = require('os');
const path = require('path');

const root = path.join(__dirname, '..');
const [rounds = 7, calls = 10000] = process.argv.slice(2).map(Number);
const contenders = ['ours', 'ours, one hook', 'published SDK'];
const figures = ['perSecond', 'mainThreadMicros', 'loopActiveMicros', 'cpuMicros'];

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function startServer() {
  execFileSync('cargo', ['build', '--release', '--locked', '--example', 'bench-server'], {
    cwd: root,
    stdio: 'inherit',
  });
  const server = spawn(path.join(root, 'target/release/examples/bench-server'), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.stdout.once('data', (data) => resolve(Number(data)));
  });
  return { port, stop: () => server.stdin.end() };
}

/** One turn of each contender per round, so that whatever else the machine does hits all alike. */
function measure(port, concurrency) {
  const results = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const args = [path.join(__dirname, 'client.js'), contender, port, concurrency, calls].map(String);
      results
        .get(contender)
        .push(JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })));
    }
  }
  return results;
}

function report(concurrency, results) {
  console.log(`\n${concurrency} at a time; median of ${rounds} rounds of ${calls} calls [least to most]`);
  const base = results.get('published SDK');
  for (const [contender, turns] of results) {
    const parts = figures.map((figure) => {
      const values = turns.map((turn) => turn[figure]);
      const ratio = median(values) / median(base.map((turn) => turn[figure]));
      const spread = `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
      return `${figure} ${median(values).toFixed(0)} [${spread}] x${ratio.toFixed(3)}`;
    });
    console.log(`  ${contender.padEnd(16)} ${parts.join('   ')}`);
  }
}

async function main() {
  const server = await startServer();
  try {
    console.log(
      `${os.cpus()[0].model}, ${os.cpus().length} cores, Node ${process.version}; x = against the published SDK`,
    );
    for (const concurrency of [1, 16, 128]) report(concurrency, measure(server.port, concurrency));
  } finally {
    server.stop();
  }
}

main();
