'use strict';

/**
 * What the cases of stubs.js, adapters.js and subclasses.js share. Each case is a way in which consumers of the SDK stub,
 * replace or extend it: `[what, (world) => value, expected]`, the same for both packages. The world is
 * `{ sdk, url, sandbox, requests }`; the server at `url` keeps its requests, and answers `{ id: 'X-1' }`.
 */

const KEY = 'ApiKey SU-000-000:test';
const JSON_TYPE = 'application/json';

/** A response as tests make them. */
const reply = (value, { status = 200, type = JSON_TYPE } = {}) => ({
  ok: status < 300,
  status,
  headers: { get: () => type },
  json: async () => value,
  text: async () => JSON.stringify(value),
});

/** A client that must not send anything. */
const nowhere = ({ ConnectClient }) => new ConnectClient(undefined, undefined, null);
const real = ({ sdk, url }) => new sdk.ConnectClient(url, KEY);
const sent = ({ requests }) => requests.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
const keys = ({ requests }) => requests.map(({ headers }) => headers.authorization);
const failure = (promise) => promise.then(() => 'no error').catch((error) => error);

module.exports = { KEY, JSON_TYPE, sent, failure, keys, nowhere, real, reply };
