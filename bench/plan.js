'use strict';

/** What is measured: the turns of a round, each with the place in the results that its figures go to. */

const path = require('path');
const { contenders } = require('./contenders');
const { root } = require('./processes');
const start = require('./start');

const ACTIONS = ['close', 'search', 'get'];
const CONCURRENCIES = [1, 16, 128];
const LAYERS = ['raw', 'hyper', 'reqwest', 'core'];

/** Rust is compiled before it runs: in seconds, what its connections need. */
const LAYER_WARM_UP = 0.3;

/** How far away the server of the second part is: the milliseconds of a round trip. */
const ROUND_TRIP = 30;

/** Who takes part in it, by the protocol that the server offers; node-fetch, which the SDK uses, has no HTTP/2. */
const FAR = {
  'HTTP/1.1': ['ours', 'ours, one hook', 'published SDK', 'undici.request'],
  'HTTP/2': ['ours', 'undici.request'],
};
const FAR_CONCURRENCIES = [1, 16, 64];

/** The certificate of the server, and the one that signed it. */
const TLS = path.join(root, '__test__/fixtures/tls');

/** How large each part is; `seconds` is what a turn measures, `far` those of the second part. */
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
      far: { warmUp: 0.1, seconds: 0.2, records: 500 },
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
    far: { warmUp: 1, seconds: 1.2, records: 10_000 },
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

/** What handshakes there were, as figures. */
function handshakeFigures({ full = {}, resumed = {} }) {
  const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
  return { fullHandshakes: sum(full), resumedHandshakes: sum(resumed), negotiated: { ...resumed, ...full } };
}

/** The options of a server that speaks TLS. */
const ENCRYPTED = [`certificate=${path.join(TLS, 'leaf.pem')}`, `key=${path.join(TLS, 'leaf-key.pem')}`];
const CA = path.join(TLS, 'ca.pem');

/** A turn with a server of its own, which counts its handshakes, and of which no session is known. */
async function turnWith(serve, options, run) {
  const server = await serve(options);
  let handshakes;
  let figures;
  try {
    figures = await run(server.port);
  } finally {
    handshakes = await server.stop();
  }
  return { ...figures, ...handshakeFigures(handshakes) };
}

/** The turns of a round with a server that is far away, in groups. */
function farGroupsOf({ serve, turn, size }) {
  const { warmUp, seconds, records } = size.far;
  const turnOf = (protocol, place, told, once = false) => ({
    place: ['far', protocol, ...place],
    run() {
      const http2 = protocol === 'HTTP/2';
      const options = [`delay=${ROUND_TRIP}`, ...ENCRYPTED];
      if (http2) options.push('http2=yes');
      if (once) options.push('once=yes');
      return turnWith(serve, options, (port) => turn('far.js', { port, ca: CA, http2, ...told }));
    },
  });
  const groups = Object.entries(FAR).flatMap(([protocol, names]) => {
    // HTTP/2 keeps its connections.
    const again = protocol === 'HTTP/1.1';
    const warm = (concurrency) => (contender) => {
      const told = { kind: 'warm', contender, concurrency, warmUp, seconds };
      return turnOf(protocol, ['warm', concurrency, contender], told);
    };
    const cold = (contender) =>
      turnOf(protocol, ['cold', contender], { kind: 'cold', contender, again }, again);
    const loop = (contender) => turnOf(protocol, ['month', contender], { kind: 'loop', contender, records });
    const many = turnOf(protocol, ['month', 'closeMany'], { kind: 'many', records });
    return [
      ...FAR_CONCURRENCIES.map((concurrency) => names.map(warm(concurrency))),
      names.map(cold),
      [many, ...names.map(loop)],
    ];
  });
  return [...groups, ...encryptedGroupsOf({ serve, turn, size })];
}

/** The turns over TLS on this machine, for comparison with those in plain HTTP: what TLS costs. */
function encryptedGroupsOf({ serve, turn, size: { warmUp, seconds } }) {
  return ['close', 'search'].map((action) =>
    Object.keys(contenders)
      .filter((name) => contenders[name].search)
      .map((contender) => ({
        place: ['tls', action, contender],
        run: () =>
          turnWith(serve, ENCRYPTED, (port) =>
            turn('client.js', { contender, action, port, concurrency: 16, ca: CA, warmUp, seconds }),
          ),
      })),
  );
}

/** The turns of a round of the last part: what a call costs after many, and among many. */
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

module.exports = { ROUND_TRIP, farGroupsOf, flatTurnsOf, groupsOf, sizes };
