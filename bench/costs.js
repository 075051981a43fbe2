#!/usr/bin/env node
'use strict';

/**
 * `npm run bench:costs`: counts instructions, and compares them with the budget (`bench/budget.json`). Unlike a time, they
 * are much the same on a busy machine as on an idle one. Counted is what the core takes, without Node, for one request, one
 * filter, one record; and what the addon takes in a program of Node's, for what users call. It needs valgrind
 * (CONNECT_VALGRIND is its path, if it is not on PATH), a processor of the x64 kind, for which the budget is, and the addon
 * as `npm run build` makes it.
 *
 *   node bench/costs.js           prints the table; fails where there is more than the budget allows, or far less
 *   node bench/costs.js --write   makes what it counts the budget
 */

const fs = require('fs');
const path = require('path');
const { PLATFORMS, buildTarget } = require('../scripts/build');
const { startSandbox } = require('../testing');
const { instructionsBetween, instructionsOf } = require('./callgrind');
const { TIMES: NODE_TIMES, WAVE } = require('./costs-node');
const { build, root, startServer } = require('./processes');

const BUDGET = path.join(__dirname, 'budget.json');

/** Fewer and more: what they differ by is the work alone, without what starting takes. */
const TIMES = { close: [300, 1300] };
const USUAL_TIMES = [1000, 11_000];

/** What is counted of the core, and what it is. */
const CORE = {
  close: 'a request: made, sent over the loopback, its answer read',
  path: 'the URL of a request',
  search: 'a filter of four conditions as RQL',
  records: 'a record read from JSON',
  rows: 'a record read from CSV',
  bulk: 'a record in a run of `closeMany`, its answer included',
};

/** What is counted of the addon in Node. */
const NODE = {
  nodeClose: 'a `close`, of sixteen at once',
  nodeHook: 'the same, of a client with a hook',
  nodePage: 'a page of a hundred records of a list',
  nodeMonth: 'a record in a run of `closeMany` over a list',
};

const PATHS = { ...CORE, ...NODE };

/** How far a count may be off. Below, the budget is to be lowered, or it would hide what is lost again later. */
const MOST = 1.05;
const LEAST = 0.9;

/** What one more time takes, from what fewer and more took. */
const each = ([few, many], [fewInstructions, manyInstructions]) =>
  Math.round((manyInstructions - fewInstructions) / (many - few));

async function countCore(built) {
  const server = await startServer(built['bench-server']);
  try {
    const counts = {};
    for (const name of Object.keys(CORE)) {
      const times = TIMES[name] || USUAL_TIMES;
      const run = (count) => instructionsOf(built['bench-costs'], [name, count, server.port]);
      counts[name] = each(times, [await run(times[0]), await run(times[1])]);
    }
    return counts;
  } finally {
    await server.stop();
  }
}

/** Starts what `bench/costs-node.js` calls: the benchmark's servers, and a sandbox for each run over a list. */
async function startEndpoints(built) {
  const waves = await startServer(built['bench-server'], [`wave=${WAVE}`]);
  const pages = await startServer(built['bench-server']);
  const sandboxes = [];
  for (const records of NODE_TIMES.nodeMonth)
    sandboxes.push(await startSandbox({ records, keepRequests: 0 }));
  const of = ({ port }) =>
    Array(3).fill({ url: `http://127.0.0.1:${port}/public/v1`, apiKey: 'ApiKey SU-000-000:none' });
  return {
    endpoints: {
      nodeClose: of(waves),
      nodeHook: of(waves),
      nodePage: of(pages),
      nodeMonth: sandboxes.map(({ url, apiKey }) => ({ url, apiKey })),
    },
    stop: () => Promise.all([waves.stop(), pages.stop(), ...sandboxes.map((sandbox) => sandbox.close())]),
  };
}

async function countNode(built) {
  const addon = path.join(root, `cloudblue-connect-native.${PLATFORMS[buildTarget()].name}.node`);
  const { endpoints, stop } = await startEndpoints(built);
  try {
    const program = [path.join(__dirname, 'costs-node.js'), JSON.stringify(endpoints)];
    const counted = await instructionsBetween(addon, process.execPath, program);
    const counts = {};
    // The first mark ends what starting takes.
    let at = 1;
    for (const name of Object.keys(NODE)) {
      const [, ...times] = NODE_TIMES[name];
      const [, ...instructions] = counted.slice(at, at + 3);
      counts[name] = each(times, instructions);
      at += 3;
    }
    return counts;
  } finally {
    await stop();
  }
}

/**
 * Counts the instructions of every path.
 *
 * @returns {Promise<object>} Instructions by the names of PATHS.
 */
async function count() {
  const built = build({ examples: ['bench-costs', 'bench-server'] });
  return { ...(await countCore(built)), ...(await countNode(built)) };
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
