'use strict';

/** A sandbox as its user sees it. */

const { BASE_PATH } = require('./api.js');
const { Faults } = require('./faults.js');
const { readOptions } = require('./options.js');
const { HOST, Server } = require('./server.js');
const { createState } = require('./state.js');

/**
 * Starts a sandbox of Connect's usage module on 127.0.0.1.
 *
 * @param {object} [options] see `SandboxOptions` in index.d.ts
 * @returns {Promise<object>} the running sandbox; see `Sandbox` in index.d.ts
 */
async function startSandbox(options = {}) {
  if (options === null || typeof options !== 'object')
    throw new TypeError('startSandbox: options must be an object');
  const settings = readOptions(options);
  const state = createState(settings);
  const server = new Server(state, settings);
  await server.listen();
  const { port } = /** @type {import('net').AddressInfo} */ (server.server.address());
  state.origin = `http://${HOST}:${port}`;
  return createSandbox(state, server);
}

function createSandbox(state, server) {
  const { settings } = state;
  // Whoever looks at an object sees what is due by now.
  const settled = (name) => ({
    enumerable: true,
    get: () => {
      state.clock.settle();
      return state[name];
    },
  });
  const sandbox = {
    url: `${state.origin}${BASE_PATH}`,
    apiKey: settings.apiKey,
    keys: { ...state.keys },
    closures: state.closures,
    attempts: state.attempts,
    changes: state.changes,
    get received() {
      return server.received;
    },
    get faults() {
      return server.faults.entries.map(({ fault }) => fault);
    },
    set faults(list) {
      server.faults = new Faults(list, settings.seed);
    },
    requests: server.requests,
    advance: (ms) => state.clock.advance(ms),
    close: () => server.close(),
  };
  return Object.defineProperties(sandbox, {
    records: settled('records'),
    files: settled('files'),
    chunks: settled('chunks'),
    reconciliations: settled('reconciliations'),
  });
}

module.exports = { startSandbox };
