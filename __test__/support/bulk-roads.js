'use strict';

const fs = require('fs');
const { ConnectClient } = require('../..');

/** The two ways that a run's requests can take, each with a client for a server. */
const ROADS = {
  'the engine': (url, options) => new ConnectClient(url, 'ApiKey SU-1:x', options),
  'a hook': (url, options) => {
    const client = new ConnectClient(url, 'ApiKey SU-1:x', options);
    client.addBeforeRequestHook((to, given) => ({ url: to, options: given }));
    return client;
  },
};

/** What makes a run quick that has to wait, and changes nothing else of it. */
const QUICK = { window: 40, readBackTimeout: 150, backOff: 2 };

/** How many records the parts of a report account for. */
const total = ({ closed, alreadyClosed, failed, conflicts, unknown, notSent }) =>
  closed + alreadyClosed + failed.length + conflicts.length + unknown.length + notSent;

/** The ids that a journal calls closed. */
function closedIn(journal) {
  const ids = new Set();
  for (const line of fs.readFileSync(journal, 'utf8').trim().split('\n').slice(1)) {
    const { is, records = [] } = JSON.parse(line);
    if (is === 'closed') for (const record of records) ids.add(Array.isArray(record) ? record[0] : record);
  }
  return ids;
}

/** What comes of a run: its report, and the error that it rejected with, if it did. */
async function outcomeOf(running) {
  try {
    return { report: await running };
  } catch (error) {
    return { error, report: error?.report };
  }
}

module.exports = { QUICK, ROADS, closedIn, outcomeOf, total };
