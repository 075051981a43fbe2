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

/**
 * Two minutes of simulated worlds, and each known fault once, which is to be found. Minutes of work, and a build of its
 * own: only where it is asked for. A few hundred worlds are among cargo's tests.
 */
function simulation() {
  if (!process.env.CONNECT_SIMULATION) {
    console.log(
      '\n> Simulated for a moment only: CONNECT_SIMULATION=1, or `npm run check`, does it for minutes.',
    );
    return { passed: 0, failed: 0 };
  }
  const simulate = (...args) => {
    const command = ['run', '--silent', 'simulate', '--', ...args];
    const { status, stdout } = run('npm', command, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { status, stdout: stdout || '' };
  };
  const results = [];
  const note = (isRight, stdout) => {
    process.stdout.write(isRight ? stdout.split('\n').slice(0, 3).join('\n') + '\n' : stdout);
    results.push(isRight);
  };
  const worlds = simulate('--seconds', '120', '--at-least', '20000');
  note(worlds.status === 0, worlds.stdout);
  const help = simulate('--help').stdout;
  const faults = Array.from(help.matchAll(/^ +([a-z]+(?:-[a-z]+)+) /gm), ([, name]) => name);
  note(faults.length > 0, `${faults.length} known faults\n`);
  for (const fault of faults) {
    const { status, stdout } = simulate('--seeds', '20000', '--fault', fault);
    note(status === 1 && /A rule was broken by seed/.test(stdout), stdout);
  }
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
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
  const totals = [cargo(), simulation(), jest()];
  const passed = totals.reduce((sum, total) => sum + total.passed, 0);
  const failed = totals.reduce((sum, total) => sum + total.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
