'use strict';

/** What is measured: the turns of a round, each with the place in the results that its figures go to. */

const { contenders } = require('./contenders');
const start = require('./start');

const ACTIONS = ['close', 'search', 'get'];
const CONCURRENCIES = [1, 16, 128];
const LAYERS = ['raw', 'hyper', 'reqwest', 'core'];

/** Rust is compiled before it runs: in seconds, what its connections need. */
const LAYER_WARM_UP = 0.3;

/** How large each part is; `seconds` is what a turn measures. */
function sizes({ quick, rounds, seconds, warmUp }) {
  if (quick) {
    return {
      rounds: 1,
      flatRounds: 1,
      seconds: 0.1,
      warmUp: 0.05,
      records: 1000,
      marks: [100, 1000],
      crowds: [1, 16],
    };
  }
  return {
    rounds,
    flatRounds: Math.min(rounds, 3),
    seconds,
    warmUp,
    records: 100_000,
    marks: [1000, 10_000, 100_000, 1_000_000],
    crowds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000],
  };
}

/**
 * The turns of a round, in groups: what is compared stands in one, so that its turns follow one another.
 *
 * @param {object} means `port` of the server, the program `load`, how a `turn` and a program are run, and the `size`.
 * @returns {object[][]} The groups.
 */
function groupsOf({ port, load, turn, runJson, size }) {
  const { warmUp, seconds, records } = size;
  const everybody = (action, concurrency) =>
    Object.keys(contenders)
      .filter((name) => contenders[name][action])
      .map((contender) => ({
        place: [action, concurrency, contender],
        run: () => turn('client.js', { contender, action, port, concurrency, warmUp, seconds }),
      }));
  const layers = (concurrency) =>
    LAYERS.map((layer) => ({
      place: ['layers', concurrency, layer],
      run: () => runJson(load, [layer, port, concurrency, LAYER_WARM_UP, seconds]),
    }));
  const loading = start.names.map((contender) => ({
    place: ['start', contender],
    run: () => turn('start.js', { contender }),
  }));
  const many = { place: ['closeMany'], run: () => turn('many.js', { port, records }) };
  const groups = CONCURRENCIES.flatMap((concurrency) => [
    ...ACTIONS.map((action) => everybody(action, concurrency)),
    layers(concurrency),
  ]);
  // Compared with the loops of sixteen and more.
  groups.find(([{ place }]) => place[0] === 'close' && place[1] === 16).push(many);
  return [...groups, loading];
}

/** The turns of a round of the second part: what a call costs after many, and among many. */
function flatTurnsOf({ port, turn, size }) {
  const { warmUp, seconds, marks, crowds } = size;
  const alone = { contender: 'ours', action: 'close', port, warmUp, seconds };
  return [
    ...crowds.map((concurrency) => ({
      place: ['flat', 'concurrency', concurrency],
      run: () => turn('client.js', { ...alone, concurrency }),
    })),
    { place: ['flat', 'calls'], run: () => turn('decades.js', { port, marks }) },
  ];
}

module.exports = { ACTIONS, CONCURRENCIES, LAYERS, flatTurnsOf, groupsOf, sizes };
