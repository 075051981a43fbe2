#!/usr/bin/env node
'use strict';

/**
 * Runs all tests (`cargo test`, the simulation, Jest, and on request those of other platforms), and ends with one line of
 * totals. A suite that could not run counts as one failure.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { platforms } = require('./platforms');
const { simulation } = require('./simulation');

const root = path.join(__dirname, '..');

function run(command, args, options) {
  console.log(`\n> ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { cwd: root, shell: process.platform === 'win32', ...options });
}

/** Adds up the `test result:` lines of cargo. */
function cargo() {
  const { status, stdout } = run('cargo', ['test', '--locked'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout || '');
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of (stdout || '').matchAll(
    /^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    total.passed += Number(passed);
    total.failed += Number(failed);
    total.skipped += Number(ignored);
  }
  return withExitStatus(total, status);
}

function jest() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-jest-'));
  const report = path.join(folder, 'report.json');
  try {
    const args = [
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ];
    // Jest prints the report to stdout as well; its progress is on stderr.
    const { status } = run(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (!fs.existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
      JSON.parse(fs.readFileSync(report, 'utf8'));
    const total = {
      passed: numPassedTests,
      failed: numFailedTests + numRuntimeErrorTestSuites,
      skipped: numPendingTests + numTodoTests,
    };
    return withExitStatus(total, status);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts a failure if the runner failed, or ran nothing, without counting one itself. */
function withExitStatus(total, status) {
  if ((status !== 0 && total.failed === 0) || total.passed + total.failed === 0) total.failed += 1;
  return total;
}

function main() {
  // Cargo rebuilds the addon only if a source has changed.
  if (run('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0) {
    console.log('\n0 passed, 1 failed');
    return 1;
  }
  const totals = [cargo(), simulation(run), jest(), platforms(run)];
  const sum = (outcome) => totals.reduce((count, total) => count + total[outcome], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') === 0 ? 0 : 1;
}

process.exitCode = main();
