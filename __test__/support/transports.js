'use strict';

const http = require('http');
const https = require('https');
const { ConnectClient } = require('../..');

const KEY = 'ApiKey SU-000-000:topsecret';

/** Makes a client whose requests pass through a hook that adds `changes`. */
function hooked(url, options, key = KEY, changes = {}) {
  const client = new ConnectClient(url, key, options);
  client.addBeforeRequestHook((to, request) => ({ url: to, options: { ...request, ...changes } }));
  return client;
}

/** The two paths to the engine, each with a function that makes a client: the fast path, and the JavaScript pipeline. */
const PATHS = {
  'the engine': (url, options, key = KEY) => new ConnectClient(url, key, options),
  'a hook': hooked,
};

/**
 * What carries a client's requests, as makers of clients. What is promised of requests holds over all of them, so every
 * suite about requests runs over this list.
 */
const TRANSPORTS = {
  ...PATHS,
  'an agent': (url, options, key) => {
    const { Agent } = url?.startsWith('https:') ? https : http;
    return hooked(url, options, key, { agent: new Agent({ keepAlive: true }) });
  },
};

/** Those, and the platform's own `fetch`, which has no limits and sends nothing again. */
const TRANSPORTS_AND_FETCH = {
  ...TRANSPORTS,
  "the platform's fetch": (url, options, key = KEY) =>
    new ConnectClient(url, key, { ...options, transport: 'fetch' }),
};

module.exports = { KEY, PATHS, TRANSPORTS, TRANSPORTS_AND_FETCH, hooked };
