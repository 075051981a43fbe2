#!/usr/bin/env node
'use strict';

/**
 * Builds the addon for every platform that is claimed (targets.js), and runs tests on each that can be run here.
 *
 *   bash .ci/platforms              all of them
 *   bash .ci/platforms musl arm64   those whose name has one of the words
 *
 * Everything is kept in `target/platforms`: logs in `logs`, and the counts in `report.json`, `{ passed, failed, skipped }`, in
 * which a build, an inspection and a test count one each. A part that cannot be had here is skipped, which is said and counted.
 */

const fs = require('fs');
const path = require('path');
const { build, prepare } = require('./build');
const { needRooms, prepareNode, prepareRoom } = require('./rooms');
const { Unavailable, base } = require('./run');
const { TARGETS } = require('./targets');
const { runTests } = require('./tests');
const { inspect } = require('../elf');

/** Runs a stage, and says how long it took and what came of it: `said` makes that of its result. */
async function stage(name, work, said = () => 'done') {
  const start = Date.now();
  const say = (what) => console.log(`${name}: ${what} (${Math.round((Date.now() - start) / 1000)} s)`);
  try {
    const result = await work();
    say(said(result));
    return result;
  } catch (error) {
    say(`${error instanceof Unavailable ? 'SKIPPED: ' : 'FAILED\n'}${error.message}`);
    throw error;
  }
}

const outcomeOf = (error) => (error instanceof Unavailable ? 'skipped' : 'failed');

/** Builds a target, and notes what came of it; returns the addon, or nothing. */
async function buildTarget({ target, cargo, room }, report) {
  try {
    const addon = await stage(`${target}: ${room ? 'build' : 'link'}`, () => build(cargo));
    report.built = 'passed';
    if (!target.includes('linux')) return addon;
    report.inspected = 'failed';
    await stage(
      `${target}: inspect`,
      () => inspect(addon, target),
      () => 'needs nothing that a system may lack',
    );
    report.inspected = 'passed';
    return addon;
  } catch (error) {
    report.built ??= outcomeOf(error);
    return undefined;
  }
}

/** Runs the tests of a target, and notes what came of them. */
async function testTarget(entry, addon, report) {
  const { target, node, room } = entry;
  try {
    const [place, bin] = await stage(`${target}: prepare`, async () => {
      await needRooms();
      return [await prepareRoom(room), await prepareNode(node)];
    });
    const count = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
    report.tests = await stage(`${target}: tests`, () => runTests(entry, addon, place, bin), count);
    for (const name of report.tests.omitted) console.log(`${target}: SKIPPED: ${name}`);
    if (report.tests.failures) console.log(report.tests.failures);
    delete report.tests.failures;
  } catch (error) {
    const outcome = outcomeOf(error);
    report.tests = { passed: 0, failed: 0, skipped: 0, [outcome]: 1 };
  }
}

/** Adds up the reports. */
function totalOf(reports) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { built, inspected, tests } of reports) {
    for (const outcome of [built, inspected]) if (outcome) total[outcome] += 1;
    for (const outcome of Object.keys(total)) total[outcome] += tests?.[outcome] ?? 0;
  }
  return total;
}

async function main() {
  const words = process.argv.slice(2);
  const all = TARGETS.filter(({ cargo }) => cargo);
  const unknown = words.filter((word) => !all.some(({ target }) => target.includes(word)));
  if (unknown.length > 0) throw new Error(`no target that is built here has the word ${unknown.join(', ')}`);
  const entries = all.filter(
    ({ target }) => words.length === 0 || words.some((word) => target.includes(word)),
  );
  fs.rmSync(path.join(base, 'logs'), { recursive: true, force: true });
  fs.rmSync(path.join(base, 'report.json'), { force: true });

  const reports = entries.map(({ target }) => ({ target }));
  const outcome = await stage('tool-chain', prepare).then(() => 'passed', outcomeOf);
  // Tests follow their build, one target after the other, while the next one is built.
  let testing = Promise.resolve();
  for (const [index, entry] of entries.entries()) {
    const report = reports[index];
    if (outcome !== 'passed') {
      report.built = outcome;
      console.log(`${entry.target}: ${outcome.toUpperCase()}: there is no tool-chain`);
      continue;
    }
    const addon = await buildTarget(entry, report);
    if (addon && entry.room) testing = testing.then(() => testTarget(entry, addon, report));
  }
  await testing;

  const total = totalOf(reports);
  fs.writeFileSync(
    path.join(base, 'report.json'),
    `${JSON.stringify({ ...total, targets: reports }, null, 2)}\n`,
  );
  console.log(`platforms: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
