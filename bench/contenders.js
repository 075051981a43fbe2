'use strict';

/**
 * The contenders: each makes, for an action, a function that does one call of it. All do the same work: build the body,
 * send key and type, look at the status, parse the JSON, hand back an object. Each keeps its connections, and has as many
 * as requests are under way; ours is as it comes out of the box, with its 64 connections to a host.
 *
 * An action is told the endpoint and a line: how many `connections` there may be, and for TLS the certificate that is
 * trusted, `ca`, and whether the server offers HTTP/2, `http2`.
 */

const http = require('http');
const https = require('https');

const KEY = 'ApiKey SU-000-000:bench';
const HEADERS = { Authorization: KEY, 'Content-Type': 'application/json' };
const FILTERS = { status: 'approved', limit: 100 };

const bill = () => ({ external_billing_id: 'INV-7', external_billing_note: 'January' });
const closing = (endpoint, id) => `${endpoint}/usage/records/${id}/close`;

function check(status) {
  if (status < 200 || status > 299) throw new Error(`the server said ${status}`);
}

function ours(endpoint, { ca }) {
  const { ConnectClient } = require('..');
  return new ConnectClient(endpoint, KEY, ca && { ca });
}

/**
 * The published SDK has no usage records: the same requests through its generic resource. Over TLS it gets an agent that
 * keeps connections and trusts the certificate; for want of an option, the `fetch` of its adapter passes it on.
 */
function published(endpoint, line) {
  const { ConnectClient } = require('sdk22');
  const { DefaultHttpAdapter } = require('sdk22/lib/connect/http');
  const GenericResource = require('sdk22/lib/connect/api/base');
  const adapter = new DefaultHttpAdapter();
  if (line.ca) {
    const { _fetch: send } = adapter;
    const agent = keepAlive(line);
    adapter._fetch = (url, options) => send(url, { ...options, agent });
  }
  return { client: new ConnectClient(endpoint, KEY, adapter), GenericResource };
}

/**
 * undici as its documentation advises: an agent with a connection for each request under way. It has as many over HTTP/2:
 * on one connection it would send a POST only after the response to the one before.
 */
function undici({ connections, ca, http2 }) {
  const { Agent, fetch, request } = require('undici');
  const protocol = http2 ? { allowH2: true } : { pipelining: 1 };
  return { dispatcher: new Agent({ connections, ...protocol, connect: { ca } }), fetch, request };
}

const keepAlive = ({ connections: maxSockets, ca }) =>
  ca ? new https.Agent({ keepAlive: true, maxSockets, ca }) : new http.Agent({ keepAlive: true, maxSockets });

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
    close: (endpoint, line) => {
      const { usageRecords } = ours(endpoint, line);
      return (id) => usageRecords.close(id, 'INV-7', 'January');
    },
    search: (endpoint, line) => {
      const { usageRecords } = ours(endpoint, line);
      return () => usageRecords.search(FILTERS);
    },
    get: (endpoint, line) => {
      const { usageRecords } = ours(endpoint, line);
      return (id) => usageRecords.get(id);
    },
  },
  // A client that is customised in any way sends through the JavaScript pipeline.
  'ours, one hook': {
    close: (endpoint, line) => {
      const client = ours(endpoint, line);
      client.addAfterResponseHook((response) => response);
      return (id) => client.usageRecords.close(id, 'INV-7', 'January');
    },
  },
  'published SDK': {
    close: (endpoint, line) => {
      const { client, GenericResource } = published(endpoint, line);
      return (id) => new GenericResource(client, `/usage/records/${id}/close`).create(bill());
    },
    search: (endpoint, line) => {
      const { client, GenericResource } = published(endpoint, line);
      const records = new GenericResource(client, '/usage/records');
      return () => records.search(FILTERS);
    },
    get: (endpoint, line) => {
      const { client, GenericResource } = published(endpoint, line);
      const records = new GenericResource(client, '/usage/records');
      return (id) => records.get(id);
    },
  },
  'undici.request': {
    close: (endpoint, line) => {
      const { dispatcher, request } = undici(line);
      return async (id) => {
        const body = JSON.stringify(bill());
        const options = { dispatcher, method: 'POST', headers: HEADERS, body };
        const response = await request(closing(endpoint, id), options);
        check(response.statusCode);
        return response.body.json();
      };
    },
    search: (endpoint, line) => {
      const read = readWith(undici(line));
      return () => read(`${endpoint}/usage/records?${new URLSearchParams(FILTERS)}`);
    },
    get: (endpoint, line) => {
      const read = readWith(undici(line));
      return (id) => read(`${endpoint}/usage/records/${id}`);
    },
  },
  'undici.fetch': {
    close: (endpoint, line) => {
      const { dispatcher, fetch } = undici(line);
      return closeWith(fetch, endpoint, { dispatcher });
    },
  },
  'global fetch': { close: (endpoint) => closeWith(fetch, endpoint) },
  'node-fetch': {
    close: (endpoint, line) => closeWith(require('node-fetch'), endpoint, { agent: keepAlive(line) }),
  },
  axios: {
    close: (endpoint, line) => {
      // axios checks the status itself; the proxy of the environment is not used.
      const settings = { headers: HEADERS, httpAgent: keepAlive(line), proxy: false };
      const client = require('axios').create(settings);
      return async (id) => (await client.post(closing(endpoint, id), bill())).data;
    },
  },
  got: {
    close: async (endpoint, line) => {
      const { default: got } = await import('got');
      // got checks the status itself.
      const settings = { headers: HEADERS, agent: { http: keepAlive(line) }, retry: { limit: 0 } };
      const client = got.extend(settings);
      return (id) => client.post(closing(endpoint, id), { json: bill() }).json();
    },
  },
};

module.exports = { contenders };
