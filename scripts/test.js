#!/usr/bin/env node
'use strict';

/**
 * Runs everything that is tested, `cargo test`, the simulation and Jest, and closes with one line that adds up what ran.
 * A suite that could not run counts as one failure: nothing is passed over in silence.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
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
  const total = { passed: 0, failed: 0 };
  for (const [, passed, failed] of (stdout || '').matchAll(
    /^test result: .*? (\d+) passed; (\d+) failed/gm,
  )) {
    total.passed += Number(passed);
    total.failed += Number(failed);
  }
  return honest(total, status);
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
    // Jest prints the report to its output as well: only its progress (on stderr) is of interest.
    const { status } = run(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (!fs.existsSync(report)) return { passed: 0, failed: 1 };
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      fs.readFileSync(report, 'utf8'),
    );
    return honest({ passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }, status);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A runner that says it failed, or that ran nothing, has failed, whatever it counted. */
function honest(total, status) {
  if ((status !== 0 && total.failed === 0) || total.passed + total.failed === 0) total.failed += 1;
  return total;
}

function main() {
  // The addon is built anew if a source has changed since; cargo knows.
  if (run('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0) {
    console.log('\n0 passed, 1 failed');
    return 1;
  }
  const totals = [cargo(), simulation(run), jest()];
  const passed = totals.reduce((sum, total) => sum + total.passed, 0);
  const failed = totals.reduce((sum, total) => sum + total.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
