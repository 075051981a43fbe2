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

/** What must be so of every run: nothing is closed twice, is called failed while it is closed, or is sent in a hurry. */
function audit(server, report, { maxTries = 5 } = {}, isReadFirst = true) {
  const ids = [...server.records.keys()];
  expect(total(report)).toBe(ids.length);
  expect(server.overlaps).toBe(0);
  for (const { id } of report.failed)
    expect(['invalid', 'rejected']).toContain(server.records.get(id).status);
  for (const { message } of report.unknown) expect(message).toEqual(expect.stringMatching(/\w/));
  const unknown = new Set(report.unknown.map(({ id }) => id));
  const certain = server.closedIds.filter((id) => !unknown.has(id));
  expect(report.closed + report.alreadyClosed + report.conflicts.length).toBe(certain.length);
  for (const id of ids) {
    expect(server.closures(id)).toBeLessThanOrEqual(1);
    expect(server.posts(id)).toBeLessThanOrEqual(maxTries);
    // Sent again only after a read that says approved, the last of at most three while all of them say so.
    for (const shown of isReadFirst ? server.windows(id).slice(0, -1) : []) {
      expect(shown[shown.length - 1]).toBe('approved');
      if (shown.every((status) => status === 'approved')) expect(shown.length).toBeLessThanOrEqual(3);
    }
  }
}

/** What comes of a run: its report, and the error that it rejected with, if it did. */
async function outcomeOf(running) {
  try {
    return { report: await running };
  } catch (error) {
    return { error, report: error?.report };
  }
}

module.exports = { QUICK, ROADS, audit, closedIn, outcomeOf, total };
