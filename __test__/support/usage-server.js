'use strict';

const http = require('http');

// A usage API on 127.0.0.1 that can say anything: how a POST is answered is one thing, whether it was carried out
// another, and reads may lag behind both. The sandbox (`testing/`) says what Connect says; this says what it might.

const json = (status, value) => ({ status, body: JSON.stringify(value) });
const notFound = (what) => json(404, { error_code: 'NFND_000', errors: [`Object \`${what}\` not found.`] });

/** Writes an answer; `reset` ends the connection instead, `hang` says nothing. */
function write(socket, outgoing, { status = 200, body = '', headers, reset, hang }) {
  if (hang) return;
  if (reset) {
    socket.destroy();
    return;
  }
  const type = 'application/json';
  outgoing.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers });
  outgoing.end(body);
}

/** The records, and what was done with them. */
class Ledger {
  constructor(records) {
    const list =
      typeof records === 'number' ? Array.from({ length: records }, (_, i) => ({ id: `UR-${i}` })) : records;
    this.records = new Map(list.map((record) => [record.id, { status: 'approved', ...record }]));
    /** In the order in which it came: `{ what: 'bulk' | 'single' | 'read', id, shown }`. */
    this.log = [];
    /** How often a POST of a record came while another one of it was not answered. */
    this.overlaps = 0;
    this.posting = new Map();
  }

  of(id, what) {
    return this.log.filter((entry) => entry.id === id && (what === undefined || entry.what === what));
  }

  reads(id) {
    return this.of(id, 'read').length;
  }

  /** How many POSTs of a record came, in batches or alone. */
  posts(id) {
    return this.of(id).length - this.reads(id);
  }

  /** What reads showed after each POST of a record, and before the next one. */
  windows(id) {
    const found = [];
    for (const { what, shown } of this.of(id)) {
      if (what !== 'read') found.push([]);
      else if (found.length > 0) found[found.length - 1].push(shown);
    }
    return found;
  }

  closures(id) {
    return this.records.get(id)?.closures ?? 0;
  }

  get closedIds() {
    return [...this.records.values()].filter(({ status }) => status === 'closed').map(({ id }) => id);
  }
}

/** Closes a record, if it is approved; what an item of a bulk answer says of it. */
function carryOut(ledger, item) {
  const record = ledger.records.get(item.id);
  if (record === undefined) return { id: item.id, error_codes: 'NFND_000', error_details: 'not found' };
  if (record.status !== 'approved') {
    const known = ledger.isSilent ? {} : { status: record.status };
    return { id: item.id, ...known, error_codes: 'VAL_001', error_details: 'Only an approved record' };
  }
  const { external_billing_id, external_billing_note } = item;
  Object.assign(record, { status: 'closed', external_billing_id, external_billing_note });
  record.closures = (record.closures ?? 0) + 1;
  record.readsSince = 0;
  return { id: item.id, status: 'closed' };
}

/** What a read shows, which may be what was before. */
function shownOf(server, id) {
  const record = server.records.get(id);
  if (record === undefined) return notFound(id);
  const { closures, readsSince, ...fields } = record;
  if (closures === undefined) return json(200, fields);
  record.readsSince += 1;
  if (!server.lags(id, readsSince)) return json(200, fields);
  return json(200, { id, status: 'approved' });
}

/** The status that an answer to a read shows: what the rules of sending again depend on. */
function statusIn({ body, status }) {
  try {
    return JSON.parse(body).status ?? status;
  } catch {
    return status;
  }
}

/** Answers that say that nothing was done: such a POST is not in the log. */
const NOTHING_DONE = [401, 403, 429];

function answerBulk(server, items) {
  server.batches += 1;
  const scripted = server.onBulk(items, server.batches);
  if (NOTHING_DONE.includes(scripted?.status)) return scripted;
  for (const { id } of items) server.log.push({ what: 'bulk', id });
  if (scripted !== undefined && !scripted.processed) return scripted;
  const done = items.map((item) => carryOut(server, item));
  return scripted ?? json(206, done);
}

function answerSingle(server, id, body) {
  server.log.push({ what: 'single', id });
  const scripted = server.onSingle(id, server.of(id, 'single').length);
  if (scripted !== undefined && !scripted.processed) return scripted;
  const item = carryOut(server, { ...body, id });
  if (scripted !== undefined) return scripted;
  if (item.error_codes === 'NFND_000') return notFound(id);
  if (item.error_codes) return json(400, { error_code: item.error_codes, errors: [item.error_details] });
  return json(200, server.records.get(id));
}

function answerRead(server, id) {
  const entry = { what: 'read', id };
  server.log.push(entry);
  const answer = server.onRead(id, server.reads(id)) ?? shownOf(server, id);
  entry.shown = statusIn(answer);
  return answer;
}

function answerTo(server, method, path, text) {
  const [, id, action] = /\/usage\/records\/([^/]+)(\/close)?$/.exec(path) ?? [];
  if (method === 'GET' && id !== undefined) return answerRead(server, decodeURIComponent(id));
  if (method === 'POST' && id === 'close-records') return answerBulk(server, JSON.parse(text));
  if (method === 'POST' && action) return answerSingle(server, decodeURIComponent(id), JSON.parse(text));
  return json(404, { error_code: 'NFND_000', errors: ['Not found.'] });
}

/** Counts the POSTs of each record that are not answered yet. */
function follow(server, ids, outgoing) {
  for (const id of ids) {
    const now = (server.posting.get(id) ?? 0) + 1;
    if (now > 1) server.overlaps += 1;
    server.posting.set(id, now);
  }
  outgoing.once('close', () => {
    for (const id of ids) server.posting.set(id, server.posting.get(id) - 1);
  });
}

/**
 * Starts a usage API.
 *
 * @param {object} [script]
 *   `records`: how many, or a list of `{ id, status }`. `onBulk(items, number)`, `onSingle(id, number)`,
 *   `onRead(id, number)`: `{ status, body, headers, reset, hang, processed }`, or undefined for what Connect says; of a
 *   POST `processed` says whether it is carried out (default: no). `lags(id, reads)`: whether a read of a closed record,
 *   of which there were so many since, still shows it approved. `isSilent`: whether a refused item does not say its status.
 *   `onPost(ids)`: is called for a POST, once it is carried out and before it is answered.
 * @returns {Promise<Ledger>} With `url`, `requests` (`METHOD path`), and `close`.
 */
async function startUsageServer(script = {}) {
  const nothing = () => undefined;
  const { records = 1, ...fields } = script;
  const server = Object.assign(new Ledger(records), {
    onBulk: nothing,
    onSingle: nothing,
    onRead: nothing,
    onPost: nothing,
    lags: () => false,
    isSilent: false,
    batches: 0,
    requests: [],
    ...fields,
  });
  // Longer than any test: a client never reuses a connection that the server is closing.
  const listener = http.createServer({ keepAliveTimeout: 300_000 }, async (incoming, outgoing) => {
    const chunks = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return;
    }
    const { method, url } = incoming;
    server.requests.push(`${method} ${url}`);
    const before = server.log.length;
    const answer = answerTo(server, method, url, Buffer.concat(chunks).toString());
    if (method === 'POST') {
      const ids = server.log.slice(before).map(({ id }) => id);
      follow(server, ids, outgoing);
      server.onPost(ids);
    }
    write(incoming.socket, outgoing, answer);
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  server.url = `http://127.0.0.1:${listener.address().port}`;
  server.close = () =>
    new Promise((resolve) => {
      listener.close(resolve);
      listener.closeAllConnections();
    });
  return server;
}

module.exports = { json, startUsageServer };
