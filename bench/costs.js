#!/usr/bin/env node
'use strict';

/**
 * `npm run bench:costs`: counts the instructions that the core (neither the binding nor JavaScript) takes for one
 * request, one filter, one record, and compares them with the budget (`bench/budget.json`). Unlike a time, they are
 * much the same on a busy machine as on an idle one. It needs valgrind (CONNECT_VALGRIND is its path, if it is not on
 * PATH) and a processor of the x64 kind, for which the budget is.
 *
 *   node bench/costs.js           prints the table; fails where there is more than the budget allows, or far less
 *   node bench/costs.js --write   makes what it counts the budget
 */

const fs = require('fs');
const path = require('path');
const { build, runToEnd, startServer } = require('./processes');

const BUDGET = path.join(__dirname, 'budget.json');

/** Fewer and more: what they differ by is the work alone, without what starting takes. */
const TIMES = { close: [300, 1300] };
const USUAL_TIMES = [1000, 11_000];

/** What is counted, and what it is. */
const PATHS = {
  close: 'a request: made, sent over the loopback, its answer read',
  path: 'the URL of a request',
  search: 'a filter of four conditions as RQL',
  records: 'a record read from JSON',
  rows: 'a record read from CSV',
  bulk: 'a record in a run of `closeMany`, its answer included',
};

/** How far a count may be off. Below, the budget is to be lowered, or it would hide what is lost again later. */
const MOST = 1.05;
const LEAST = 0.9;

/** The instructions of one run. */
async function collected(program, args) {
  const callgrind = ['--tool=callgrind', '--callgrind-out-file=/dev/null', program, ...args];
  const { stderr } = await runToEnd(process.env.CONNECT_VALGRIND || 'valgrind', callgrind);
  const [, count] = /Collected : (\d+)/.exec(stderr) || [];
  if (count === undefined) throw new Error(`valgrind counted nothing:\n${stderr}`);
  return Number(count);
}

/**
 * Counts the instructions of every path.
 *
 * @returns {Promise<object>} Instructions by the names of PATHS.
 */
async function count() {
  const built = build({ examples: ['bench-costs', 'bench-server'] });
  const server = await startServer(built['bench-server']);
  try {
    const counts = {};
    for (const name of Object.keys(PATHS)) {
      const [few, many] = TIMES[name] || USUAL_TIMES;
      const run = (times) => collected(built['bench-costs'], [name, times, server.port]);
      counts[name] = Math.round(((await run(many)) - (await run(few))) / (many - few));
    }
    return counts;
  } finally {
    await server.stop();
  }
}

/**
 * What is wrong with a count; undefined if nothing is.
 *
 * @param {number} counted Instructions.
 * @param {number} budget Instructions.
 */
function complaint(counted, budget) {
  // What is no number is wrong, too.
  if (!(counted <= budget * MOST)) return `takes ${counted} instructions; its budget is ${budget}`;
  if (!(counted >= budget * LEAST))
    return `takes only ${counted} instructions: lower its budget, ${budget}, with npm run bench:costs -- --write`;
  return undefined;
}

const readBudget = () => JSON.parse(fs.readFileSync(BUDGET, 'utf8'));

async function main() {
  const isToWrite = process.argv.includes('--write');
  const budget = readBudget();
  const counts = await count();
  for (const [name, what] of Object.entries(PATHS)) {
    const wrong = complaint(counts[name], budget[name]);
    console.log(
      `${name.padEnd(8)} ${String(counts[name]).padStart(7)} of ${budget[name]}  ${wrong ? 'WRONG' : 'ok'}  ${what}`,
    );
    if (wrong && !isToWrite) process.exitCode = 1;
  }
  if (isToWrite) fs.writeFileSync(BUDGET, `${JSON.stringify(counts, null, 2)}\n`);
}

if (require.main === module) main();

module.exports = { complaint, count, paths: Object.keys(PATHS), readBudget };
