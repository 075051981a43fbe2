'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { PLATFORMS } = require('../build');
const { runNode } = require('./rooms');
const { base, root, tail } = require('./run');

/** Runs the suites of a target with its Node, in a copy of the checkout that has only its addon. */

/** Copies what git knows, and puts the addon where a build puts it: the loader has to find it by the platform. */
function copyCheckout(target, addon) {
  const folder = path.join(base, 'checkouts', target);
  fs.rmSync(folder, { recursive: true, force: true });
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 };
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  for (const name of list.split('\0').filter((one) => one && fs.existsSync(path.join(root, one)))) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.copyFileSync(path.join(root, name), path.join(folder, name));
  }
  fs.copyFileSync(addon, path.join(folder, `cloudblue-connect-native.${PLATFORMS[target].name}.node`));
  return folder;
}

/** The pattern of all names of tests but some. */
function patternWithout(names) {
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `^(?!.*(${escaped.join('|')}))`;
}

/**
 * Runs the tests of a target.
 *
 * @returns {Promise<{ passed: number, failed: number, skipped: number, omitted: string[], failures?: string }>} The counts of
 *   Jest, and the names of what it skipped; a suite that could not run, or a Jest that failed without a failed test, counts as
 *   one failure.
 */
async function runTests({ target, room, suites, without = {} }, addon, place, node) {
  const folder = copyCheckout(target, addon);
  const result = path.join(base, 'results', `${target}.json`);
  fs.mkdirSync(path.dirname(result), { recursive: true });
  fs.rmSync(result, { force: true });
  const names = Object.keys(without);
  const log = `test-${target}`;
  const args = [
    path.join(folder, 'scripts/platforms/jest.js'),
    '--runInBand',
    `--config=${path.join(folder, 'scripts/platforms/jest.config.js')}`,
    `--rootDir=${folder}`,
    `--cacheDirectory=${path.join(base, 'jest', target)}`,
    '--json',
    `--outputFile=${result}`,
    ...(names.length > 0 ? [`--testNamePattern=${patternWithout(names)}`] : []),
    ...suites.map((suite) => `/${suite}.test.js$`),
  ];
  const status = await runNode(room, place, node, args, { folder, log, minutes: 20 });
  if (!fs.existsSync(result)) throw new Error(`Jest: ${status}\n${tail(log)}`);
  return countsOf(JSON.parse(fs.readFileSync(result, 'utf8')), status, suites);
}

/** The counts of Jest's report. A suite of which nothing ran counts as a failure: that it was skipped shows nothing. */
function countsOf(report, status, suites) {
  const ran = report.testResults.filter(({ assertionResults }) =>
    assertionResults.some(({ status: of }) => of === 'passed' || of === 'failed'),
  );
  const omitted = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status: of }) => of === 'pending' || of === 'todo')
    .map(({ fullName }) => fullName);
  const total = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
    omitted,
  };
  if (ran.length !== suites.length || report.numTotalTestSuites !== suites.length) total.failed += 1;
  if (status !== 0 && total.failed === 0) total.failed += 1;
  if (total.failed === 0) return total;
  const messages = report.testResults
    .filter(({ status: of }) => of === 'failed')
    .map(({ message }) => message);
  const found = `Jest ended with ${status}, after tests of ${ran.length} of ${suites.length} suites.`;
  return { ...total, failures: [found, ...messages].join('\n') };
}

module.exports = { countsOf, runTests };
