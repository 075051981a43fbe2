'use strict';

/**
 * The contenders: each makes, for an action, a function that does one call of it. All do the same work: build the body,
 * send key and type, look at the status, parse the JSON, hand back an object. Each keeps its connections, and has as many
 * as requests are under way; ours is as it comes out of the box, with its 64 connections to a host.
 */

const http = require('http');

const KEY = 'ApiKey SU-000-000:bench';
const HEADERS = { Authorization: KEY, 'Content-Type': 'application/json' };
const FILTERS = { status: 'approved', limit: 100 };

const bill = () => ({ external_billing_id: 'INV-7', external_billing_note: 'January' });
const closing = (endpoint, id) => `${endpoint}/usage/records/${id}/close`;

function check(status) {
  if (status < 200 || status > 299) throw new Error(`the server said ${status}`);
}

function ours(endpoint) {
  const { ConnectClient } = require('..');
  return new ConnectClient(endpoint, KEY);
}

/** The published SDK has no usage records: the same requests through its generic resource. */
function published(endpoint) {
  const { ConnectClient } = require('sdk22');
  const GenericResource = require('sdk22/lib/connect/api/base');
  return { client: new ConnectClient(endpoint, KEY), GenericResource };
}

/** undici as its documentation advises: an agent with a connection for each request under way. */
function undici(connections) {
  const { Agent, fetch, request } = require('undici');
  return { dispatcher: new Agent({ connections, pipelining: 1 }), fetch, request };
}

const keepAlive = (maxSockets) => new http.Agent({ keepAlive: true, maxSockets });

/** Closing with whatever has the signature of `fetch`. */
function closeWith(fetch, endpoint, extra) {
  return async (id) => {
    const body = JSON.stringify(bill());
    const response = await fetch(closing(endpoint, id), { method: 'POST', headers: HEADERS, body, ...extra });
    check(response.status);
    return response.json();
  };
}

function readWith({ dispatcher, request }) {
  return async (url) => {
    const { statusCode, body } = await request(url, { dispatcher, headers: { Authorization: KEY } });
    check(statusCode);
    return body.json();
  };
}

const contenders = {
  ours: {
    close: (endpoint) => {
      const { usageRecords } = ours(endpoint);
      return (id) => usageRecords.close(id, 'INV-7', 'January');
    },
    search: (endpoint) => {
      const { usageRecords } = ours(endpoint);
      return () => usageRecords.search(FILTERS);
    },
    get: (endpoint) => {
      const { usageRecords } = ours(endpoint);
      return (id) => usageRecords.get(id);
    },
  },
  // A client that is customised in any way sends through the JavaScript pipeline.
  'ours, one hook': {
    close: (endpoint) => {
      const client = ours(endpoint);
      client.addAfterResponseHook((response) => response);
      return (id) => client.usageRecords.close(id, 'INV-7', 'January');
    },
  },
  'published SDK': {
    close: (endpoint) => {
      const { client, GenericResource } = published(endpoint);
      return (id) => new GenericResource(client, `/usage/records/${id}/close`).create(bill());
    },
    search: (endpoint) => {
      const { client, GenericResource } = published(endpoint);
      const records = new GenericResource(client, '/usage/records');
      return () => records.search(FILTERS);
    },
    get: (endpoint) => {
      const { client, GenericResource } = published(endpoint);
      const records = new GenericResource(client, '/usage/records');
      return (id) => records.get(id);
    },
  },
  'undici.request': {
    close: (endpoint, concurrency) => {
      const { dispatcher, request } = undici(concurrency);
      return async (id) => {
        const body = JSON.stringify(bill());
        const options = { dispatcher, method: 'POST', headers: HEADERS, body };
        const response = await request(closing(endpoint, id), options);
        check(response.statusCode);
        return response.body.json();
      };
    },
    search: (endpoint, concurrency) => {
      const read = readWith(undici(concurrency));
      return () => read(`${endpoint}/usage/records?${new URLSearchParams(FILTERS)}`);
    },
    get: (endpoint, concurrency) => {
      const read = readWith(undici(concurrency));
      return (id) => read(`${endpoint}/usage/records/${id}`);
    },
  },
  'undici.fetch': {
    close: (endpoint, concurrency) => {
      const { dispatcher, fetch } = undici(concurrency);
      return closeWith(fetch, endpoint, { dispatcher });
    },
  },
  'global fetch': { close: (endpoint) => closeWith(fetch, endpoint) },
  'node-fetch': {
    close: (endpoint, concurrency) =>
      closeWith(require('node-fetch'), endpoint, { agent: keepAlive(concurrency) }),
  },
  axios: {
    close: (endpoint, concurrency) => {
      // axios checks the status itself; the proxy of the environment is not used.
      const settings = { headers: HEADERS, httpAgent: keepAlive(concurrency), proxy: false };
      const client = require('axios').create(settings);
      return async (id) => (await client.post(closing(endpoint, id), bill())).data;
    },
  },
  got: {
    close: async (endpoint, concurrency) => {
      const { default: got } = await import('got');
      // got checks the status itself.
      const settings = { headers: HEADERS, agent: { http: keepAlive(concurrency) }, retry: { limit: 0 } };
      const client = got.extend(settings);
      return (id) => client.post(closing(endpoint, id), { json: bill() }).json();
    },
  },
};

module.exports = { contenders };
