'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');
const { ConnectClient, DefaultHttpAdapter } = require('../..');

/** The ways that a run's requests can take, each with a client for a server. */
const ROADS = {
  'the engine': (url, options) => new ConnectClient(url, 'ApiKey SU-1:x', options),
  'an agent': (url, options) => {
    const client = new ConnectClient(url, 'ApiKey SU-1:x', options);
    const { Agent } = url.startsWith('https') ? https : http;
    const agent = new Agent({ keepAlive: true });
    client.addBeforeRequestHook((to, given) => ({ url: to, options: { ...given, agent } }));
    return client;
  },
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

/** What every report must say that ended so: all records once, nothing `notSent` that came, nothing called closed that is not. */
function auditEnd(server, report) {
  const count = server.records.size;
  expect(report).toBeDefined();
  expect(total(report)).toBe(count);
  for (const { id } of report.failed) expect(server.records.get(id).status).toBe('rejected');
  const unknown = new Set(report.unknown.map(({ id }) => id));
  const certain = server.closedIds.filter((id) => !unknown.has(id));
  expect(report.closed + report.alreadyClosed).toBe(certain.length);
  const posted = new Set(server.log.filter(({ what }) => what !== 'read').map(({ id }) => id));
  expect(report.notSent).toBeLessThanOrEqual(count - posted.size);
  for (const { message } of report.unknown) expect(message).toEqual(expect.stringMatching(/\w/));
}

/** Throws the nth time that it is called for such a request, and after that. */
function thrower(thrown, { from = 1, method, times = Infinity } = {}) {
  let count = 0;
  return (called = 'GET') => {
    if (method !== undefined && called !== method) return;
    count += 1;
    if (count >= from && count < from + times) throw thrown;
  };
}

/** An adapter that sends, and throws afterwards; `fetch` is its own. */
function adapterThatThrows(thrown) {
  const adapter = new DefaultHttpAdapter();
  const send = adapter.fetch;
  adapter.fetch = async function fetch(url, options) {
    await send.call(this, url, options);
    throw thrown;
  };
  return adapter;
}

/** What comes of a run: its report, and the error that it rejected with, if it did. */
async function outcomeOf(running) {
  try {
    return { report: await running };
  } catch (error) {
    return { error, report: error?.report };
  }
}

module.exports = { QUICK, ROADS, adapterThatThrows, audit, auditEnd, closedIn, outcomeOf, thrower, total };
