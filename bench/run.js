#!/usr/bin/env node
'use strict';

/**
 * `npm run bench`: measures ours and the others in turns, against one server, and writes all that is published of it:
 * `bench/results.json`, `docs/benchmark.md` with its charts, and the table of the README.
 *
 *   node bench/run.js [--rounds 7] [--seconds 1] [--warm-up 1.5]
 *   node bench/run.js --only far                  measures one part (near, far, flat), and keeps what there is of the others
 *   node bench/run.js --quick --out <directory>   tries everything, measures nothing: one round of tiny turns
 *   node bench/run.js --render                    writes the documents anew from the results that there are
 */

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { parseArgs } = require('util');
const { addonBytes, describe } = require('./machine');
const { ROUND_TRIP, farGroupsOf, flatTurnsOf, groupsOf, sizes } = require('./plan');
const { build, root, runJson, startServer, turn } = require('./processes');
const { printed, publish, write } = require('./report');
const { rounded, shuffled } = require('./stats');

const RESULTS = path.join(root, 'bench/results.json');

/** Puts figures where they belong: each one a list, with a value of each round. */
function note(results, place, figures) {
  let at = results;
  for (const step of place) {
    at[step] ??= {};
    at = at[step];
  }
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === 'object' && value !== null) note(at, [name], value);
    else {
      at[name] ??= [];
      at[name].push(rounded(value));
    }
  }
}

/** Runs rounds of turns, one after the other; each round has its own order. */
async function runRounds(results, rounds, groups, label) {
  // The order in which the results are written.
  for (const { place } of groups.flat()) note(results, place, {});
  for (let round = 0; round < rounds; round += 1) {
    const start = Date.now();
    const turns = shuffled(groups, round).flatMap((group) => shuffled(group, round));
    for (const { place, run } of turns) note(results, place, await run());
    console.error(`${label}: round ${round + 1} of ${rounds}, ${Math.round((Date.now() - start) / 1000)} s`);
  }
}

/** The parts: what each measures, on the same machine, far away, and of ours alone; what it replaces, and its rounds. */
const PARTS = {
  near: {
    label: 'in turns',
    replaces: ['close', 'search', 'get', 'layers', 'start', 'closeMany'],
    groupsOf,
    roundsOf: ({ rounds }) => rounds,
    methodOf: ({ rounds, seconds, warmUp, records }) => ({ rounds, seconds, warmUp, records }),
  },
  far: {
    label: 'far away',
    replaces: ['far', 'tls'],
    groupsOf: farGroupsOf,
    roundsOf: ({ rounds }) => rounds,
    methodOf: ({ rounds, far }, date) => ({ far: { rounds, ...far, roundTripMs: ROUND_TRIP, date } }),
  },
  flat: {
    label: 'ours alone',
    replaces: ['flat'],
    groupsOf: (means) => [flatTurnsOf(means)],
    roundsOf: ({ flatRounds }) => flatRounds,
    methodOf: ({ flatRounds }) => ({ flatRounds }),
  },
};

const readResults = () => JSON.parse(fs.readFileSync(RESULTS, 'utf8'));

async function measure(options) {
  const size = sizes(options);
  const examples = build({ ...options, examples: ['bench-server', 'bench-load'] });
  const results = options.only ? readResults() : {};
  results.machine = describe();
  results.method ??= {};
  results.addonBytes = addonBytes();
  const serve = (args) => startServer(examples['bench-server'], args);
  const server = await serve();
  try {
    const means = { port: server.port, load: examples['bench-load'], turn, runJson, serve, size };
    for (const [name, part] of Object.entries(PARTS)) {
      if (options.only && options.only !== name) continue;
      for (const key of part.replaces) delete results[key];
      Object.assign(results.method, part.methodOf(size, results.machine.date));
      await runRounds(results, part.roundsOf(size), part.groupsOf(means), part.label);
    }
  } finally {
    await server.stop();
  }
  return results;
}

/** Writes the results as the formatter wants them, which packs lists of numbers. */
function save(results) {
  fs.writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  const biome = require.resolve('@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'format', '--write', RESULTS], { cwd: root });
}

function optionsOf(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '1' },
      // After 0.5 s the others are still being compiled, and run at two thirds of their speed or less; 4 s add nothing.
      'warm-up': { type: 'string', default: '1.5' },
      quick: { type: 'boolean', default: false },
      render: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const [rounds, seconds, warmUp] = ['rounds', 'seconds', 'warm-up'].map((name) => Number(values[name]));
  if (!(Number.isSafeInteger(rounds) && rounds > 0 && seconds > 0 && warmUp > 0)) {
    throw new TypeError('--rounds must be a whole number above 0, --seconds and --warm-up numbers above 0');
  }
  if (values.only && !Object.hasOwn(PARTS, values.only))
    throw new TypeError(`--only must be one of ${Object.keys(PARTS).join(', ')}`);
  if (values.quick && !values.out)
    throw new TypeError('--quick measures nothing that is to be published: --out is needed');
  return { ...values, rounds, seconds, warmUp };
}

async function main() {
  const options = optionsOf(process.argv.slice(2));
  const results = options.render ? readResults() : await measure(options);
  console.log(printed(results));
  if (options.out) {
    fs.mkdirSync(options.out, { recursive: true });
    fs.writeFileSync(path.join(options.out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
    write(results, options.out);
    return;
  }
  if (!options.render) save(results);
  publish(results);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
