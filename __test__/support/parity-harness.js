'use strict';

/** What the files of the parity suite share: the two packages, and what is seen of a call made with one of them. */

const { startServer } = require('./server');

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
    ...require('../../lib/connect/http'),
    ...require('../../lib/connect/api'),
    ...require('../..'),
    api: require('../../lib/connect/api'),
  },
};

/** How a client may be made: nothing is done to it, or enough that every call takes the JavaScript pipeline. */
const roads = {
  untouched: () => undefined,
  customised: (client) => client.addBeforeRequestHook((url, options) => ({ url, options })),
};

/** The headers that a server acts upon; those of the transport itself differ (COMPATIBILITY.md, W1 to W3). */
const HEADERS = ['authorization', 'content-type', 'content-length', 'transfer-encoding', 'accept'];

/** A request as it arrived. A header given twice shows, as one that is absent does. */
function onTheWire({ method, url, rawHeaders, body }) {
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

/** What became of a call: its value, or of its error what consumers look at. */
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

/** Whether ours sends a request again that is answered so, unless it is told not to. */
const isRepeated = ({ status }) => [408, 429, 502, 503, 504].includes(status);

/**
 * A server for both packages, and what is seen of calls made against it.
 *
 * @returns {Promise<object>} `url`; `see(name, call, { answer, road, make })`, which resolves to what one package
 *   makes of a call: `{ wire, outcome }`; `close`.
 */
async function startParity() {
  let answer;
  const server = await startServer((...given) => (typeof answer === 'function' ? answer(...given) : answer));

  async function see(name, call, given = {}) {
    const sdk = packages[name];
    answer = given.answer || { json: { id: 'X-1' } };
    server.requests.splice(0);
    // What is sent again is compared once, where the difference itself is pinned (W9).
    const options = name === 'ours' && isRepeated(answer) ? { maxRetries: 0 } : undefined;
    const client = given.make ? given.make(sdk, server.url) : new sdk.ConnectClient(server.url, KEY, options);
    roads[given.road || 'untouched'](client);
    const outcome = await outcomeOf(() => call(client, sdk, server));
    return { wire: server.requests.splice(0).map(onTheWire), outcome };
  }

  return { url: server.url, requests: server.requests, see, close: server.close };
}

module.exports = { KEY, packages, roads, startParity };
