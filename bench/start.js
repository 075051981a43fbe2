'use strict';

/**
 * What it costs to load a package, and to make a client: in a process of its own, because a module is loaded once.
 * Told: contender.
 */

const { performance } = require('perf_hooks');
const path = require('path');
const { say, options } = require('./meter');

const URL = 'https://api.test';
const sdk = ({ ConnectClient }) => new ConnectClient(URL, 'ApiKey SU-000-000:secret');

/** The name that is required, and how a client is made; node-fetch is a function and has none. */
const packages = {
  ours: [path.join(__dirname, '..'), sdk],
  'published SDK': ['sdk22', sdk],
  undici: ['undici', ({ Pool }) => new Pool(URL)],
  axios: ['axios', (axios) => axios.create({ baseURL: URL })],
  'node-fetch': ['node-fetch'],
};

function main() {
  const [name, make] = packages[options().contender];
  const start = performance.now();
  const loaded = require(name);
  const figures = { requireMs: performance.now() - start };
  if (make) {
    const repeat = (count) => {
      const from = performance.now();
      for (let i = 0; i < count; i += 1) make(loaded);
      return ((performance.now() - from) / count) * 1000;
    };
    repeat(2000); // to warm up
    figures.clientMicros = repeat(10000);
  }
  say(figures);
}

if (require.main === module) main();

module.exports = { names: Object.keys(packages) };
