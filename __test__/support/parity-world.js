'use strict';

/**
 * What the cases of parity-stubs.js, parity-adapters.js and parity-subclasses.js are made of. Each case is the way in
 * which consumers of the SDK stub, replace or extend it, runs on both packages, and must give what stands beside it:
 * `[what, (world) => value, value]`. The world is `{ sdk, url, sandbox, requests }`: where the server is, and what
 * it was asked; it answers `{ id: 'X-1' }`.
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

/** A client that must not send anything, as tests make them. */
const nowhere = ({ ConnectClient }) => new ConnectClient(undefined, undefined, null);
const real = ({ sdk, url }) => new sdk.ConnectClient(url, KEY);
const asked = ({ requests }) => requests.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
const keys = ({ requests }) => requests.map(({ headers }) => headers.authorization);
const failure = (promise) => promise.then(() => 'no error').catch((error) => error);

module.exports = { KEY, JSON_TYPE, asked, failure, keys, nowhere, real, reply };
