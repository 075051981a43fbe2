#!/usr/bin/env node
'use strict';

/**
 * What it costs to load the package, and to make a client: ours and the published SDK's in turn, each in a process of
 * its own, because a module is loaded once. Prints medians, and the ratio.
 *
 *   node bench/load.js [rounds]
 */

const { execFileSync } = require('child_process');
const path = require('path');

const root = path.join(__dirname, '..');
const rounds = Number(process.argv[2] || 15);

const PROGRAM = `
  const { performance } = require('perf_hooks');
  const start = performance.now();
  const { ConnectClient } = require(process.argv[1]);
  const load = performance.now() - start;
  const make = (count) => {
    const start = performance.now();
    for (let i = 0; i < count; i += 1) new ConnectClient('https://api.test', 'ApiKey SU-000-000:secret');
    return ((performance.now() - start) / count) * 1000;
  };
  make(10000);
  console.log(JSON.stringify({ load, client: make(30000) }));`;

function measure(name) {
  return JSON.parse(execFileSync(process.execPath, ['-e', PROGRAM, name], { cwd: root, encoding: 'utf8' }));
}

function median(list, key) {
  const sorted = list.map((one) => one[key]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const ours = [];
const theirs = [];
for (let i = 0; i < rounds; i += 1) {
  ours.push(measure(root));
  theirs.push(measure('sdk22'));
}
for (const [key, unit] of [
  ['load', 'ms'],
  ['client', 'us'],
]) {
  const [a, b] = [median(ours, key), median(theirs, key)];
  console.log(
    `${key}: ours ${a.toFixed(2)} ${unit}, SDK 22 ${b.toFixed(2)} ${unit}, ratio ${(a / b).toFixed(3)}`,
  );
}
