'use strict';

const http = require('http');

// Usage chunks on 127.0.0.1 as Connect documents them: closed one by one, and shown without their invoice.

const json = (status, value, headers) => ({ status, body: JSON.stringify(value), headers });
const notFound = (id) => json(404, { error_code: 'NFND_000', errors: [`Object \`${id}\` not found.`] });

/** A chunk as Connect shows it. */
function shown(server, { invoice, note, closures, ...chunk }) {
  return server.showsInvoice && invoice !== undefined ? { ...chunk, external_billing_id: invoice } : chunk;
}

function close(server, id, body) {
  const chunk = server.chunks.get(id);
  if (chunk === undefined) return notFound(id);
  const { external_billing_id: invoice, external_billing_note: note } = JSON.parse(body);
  if (typeof invoice !== 'string')
    return json(400, { error_code: 'VAL_001', errors: ['external_billing_id: required.'] });
  if (chunk.status !== 'ready')
    return json(400, { error_code: 'VAL_002', errors: ['Only a ready chunk can be closed.'] });
  Object.assign(chunk, { status: 'closed', invoice, note, closures: (chunk.closures ?? 0) + 1 });
  return json(200, shown(server, chunk));
}

/** A page of those with the status that is asked for, in the order in which they were made. */
function list(server, query) {
  const asked = (name) => new RegExp(`(?:^|&)${name}=(\\w+)`).exec(query)?.[1];
  const matching = [...server.chunks.values()].filter(({ status }) =>
    [undefined, status].includes(asked('status')),
  );
  const [limit, offset] = [Number(asked('limit')), Number(asked('offset'))];
  const page = matching.slice(offset, offset + limit).map((chunk) => shown(server, chunk));
  const range = `items ${offset}-${Math.max(offset, offset + page.length - 1)}/${matching.length}`;
  return json(200, page, { 'Content-Range': range });
}

function answer(server, { method, url }, body) {
  const [path, query = ''] = url.split('?');
  const [, id, action] = /\/usage\/chunks\/([^/]+)(\/close)?$/.exec(path) ?? [];
  if (method === 'GET' && path.endsWith('/usage/chunks')) return list(server, query);
  if (method === 'GET' && id !== undefined) {
    const chunk = server.chunks.get(id);
    return server.onRead(id) ?? (chunk === undefined ? notFound(id) : json(200, shown(server, chunk)));
  }
  if (method !== 'POST' || action === undefined)
    return json(501, { error_code: 'TEST', errors: ['unexpected'] });
  server.posts.push({ id, ...JSON.parse(body) });
  const scripted = server.onClose(id, server.postsOf(id));
  if (scripted === undefined || scripted.processed) {
    const done = close(server, id, body);
    return scripted ?? done;
  }
  return scripted;
}

/**
 * Starts a server of usage chunks.
 *
 * @param {object} [script] `chunks`: how many, or a list of `{ id, status, ... }`; `onClose(id, number)`, `onRead(id)`:
 *   `{ status, body, reset, hang, processed }`, or undefined for what Connect says; `showsInvoice`: whether a chunk shows
 *   with which invoice it is closed.
 * @returns {Promise<object>} With `url`, `chunks`, `requests` (`METHOD path`), `posts` and `close`.
 */
async function startChunkServer({ chunks = 1, ...script } = {}) {
  const all =
    typeof chunks === 'number' ? Array.from({ length: chunks }, (_, i) => ({ id: chunkId(i) })) : chunks;
  const server = {
    chunks: new Map(
      all.map((chunk) => [chunk.id, { status: 'ready', outdated: false, error: {}, ...chunk }]),
    ),
    requests: [],
    posts: [],
    postsOf: (id) => server.posts.filter((post) => post.id === id).length,
    onClose: () => undefined,
    onRead: () => undefined,
    showsInvoice: false,
    ...script,
  };
  const listener = http.createServer({ keepAliveTimeout: 300_000 }, async (incoming, outgoing) => {
    let body = '';
    try {
      for await (const part of incoming) body += part;
    } catch {
      return;
    }
    server.requests.push(`${incoming.method} ${incoming.url}`);
    const { status = 200, body: text = '', headers, reset, hang } = answer(server, incoming, body);
    if (reset) incoming.socket.destroy();
    if (reset || hang) return;
    outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    outgoing.end(text);
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  server.url = `http://127.0.0.1:${listener.address().port}/public/v1`;
  server.close = () =>
    new Promise((resolve) => {
      listener.close(resolve);
      listener.closeAllConnections();
    });
  return server;
}

/** The id of a chunk. */
const chunkId = (number) => `UFC-2020-07-8349-4102-${String(number + 1).padStart(3, '0')}`;

module.exports = { chunkId, json, startChunkServer };
