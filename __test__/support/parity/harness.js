'use strict';

/** What the files of the parity suite share: the two packages, and what a call with one of them sends and results in. */

const { startServer } = require('../server');

const KEY = 'ApiKey SU-000-000:test';

/** The published SDK and ours, each with the classes that consumers reach for. */
const packages = {
  original: {
    ...require('sdk22/lib/connect/http'),
    ...require('sdk22/lib/connect/api'),
    ...require('sdk22'),
    api: require('sdk22/lib/connect/api'),
  },
  ours: {
    ...require('../../../lib/connect/http'),
    ...require('../../../lib/connect/api'),
    ...require('../../..'),
    api: require('../../../lib/connect/api'),
  },
};

/** The paths of a call: the fast path of a new client, and the JavaScript pipeline of one that has a hook. */
const paths = {
  'fast path': () => undefined,
  pipeline: (client) => client.addBeforeRequestHook((url, options) => ({ url, options })),
};

/** The headers that matter to a server; those of the transport differ (COMPATIBILITY.md, W1 to W3). */
const HEADERS = ['authorization', 'content-type', 'content-length', 'transfer-encoding', 'accept'];

/** A request as it arrived; of each header all its values, which may be none. */
function received({ method, url, rawHeaders, body }) {
  const headers = {};
  for (const wanted of HEADERS) {
    headers[wanted] = rawHeaders.filter(
      (_, at) => at % 2 === 1 && rawHeaders[at - 1].toLowerCase() === wanted,
    );
  }
  return { method, url, headers, body };
}

/** A property of an error; the original's getters may throw themselves. */
function property(error, name) {
  try {
    return error[name];
  } catch (thrown) {
    return thrown.constructor.name;
  }
}

/** The result of a call: its value, or the properties of its error that consumers read. */
async function outcomeOf(call) {
  try {
    return { value: await call() };
  } catch (error) {
    const outcome = { error: error.constructor.name };
    for (const name of ['status', 'message', 'errorCode', 'errors', 'json', 'type', 'code']) {
      outcome[name] = property(error, name);
    }
    return outcome;
  }
}

/** Whether ours repeats a request after this answer. */
const isRepeated = ({ status }) => [408, 429, 502, 503, 504].includes(status);

/**
 * Starts a server for both packages.
 *
 * @returns {Promise<object>} `url`; `see(name, call, { answer, path, make })`, which makes a call with one package, and
 *   resolves to `{ sent, outcome }`: the requests and the result; `close`.
 */
async function startParity() {
  let answer;
  const server = await startServer((...request) =>
    typeof answer === 'function' ? answer(...request) : answer,
  );

  async function see(name, call, setup = {}) {
    const sdk = packages[name];
    answer = setup.answer || { json: { id: 'X-1' } };
    server.requests.splice(0);
    // Only the difference itself (W9) compares repeated requests.
    const options = name === 'ours' && isRepeated(answer) ? { maxRetries: 0 } : undefined;
    const client = setup.make ? setup.make(sdk, server.url) : new sdk.ConnectClient(server.url, KEY, options);
    paths[setup.path || 'fast path'](client);
    const outcome = await outcomeOf(() => call(client, sdk, server));
    return { sent: server.requests.splice(0).map(received), outcome };
  }

  return { url: server.url, requests: server.requests, see, close: server.close };
}

module.exports = { KEY, packages, paths, startParity };
