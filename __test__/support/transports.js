'use strict';

const http = require('http');

/** Lets each request of a client pass through a hook that changes nothing, or what it is told to. */
function hooked(client, changes) {
  client.addBeforeRequestHook((url, options) => ({ url, options: { ...options, ...changes } }));
  return client;
}

/**
 * The ways that a client's requests can take, by name: each prepares a client. What is promised of requests holds over all
 * of them, so every suite about requests runs over this one list.
 */
const TRANSPORTS = {
  'the engine': (client) => client,
  'a hook': (client) => hooked(client, {}),
  'an agent': (client) => hooked(client, { agent: new http.Agent() }),
};

module.exports = { TRANSPORTS, hooked };
