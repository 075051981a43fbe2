'use strict';

/** The terms that the deliberate differences are written in: calls, how a client is made, and what is expected of ours. */

const { KEY } = require('../harness');

/** Ours rejects, and sends nothing. */
const refused = (message) => ({ sent: [], outcome: { error: 'TypeError', message } });
const fails = (error, status, message) => ({ outcome: { error, status, message } });
const gives = (value, ...sent) => ({ sent, outcome: { value } });
const search = (filter) => (client) => client.assets.search(filter);
const sends = (query) => ({ sent: [`GET /assets?${query}`] });
const get = (client) => client.assets.get('AS-1');
const answered = (answer) => ({ answer });
/** Makes the client another way. */
const made = (make) => ({ make });
const at = (change) => made((sdk, url) => new sdk.ConnectClient(change(url), KEY));

module.exports = { KEY, answered, at, fails, get, gives, made, refused, search, sends };
