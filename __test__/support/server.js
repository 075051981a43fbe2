'use strict';

const http = require('http');
const { listen } = require('./listen');

/**
 * Starts a server on 127.0.0.1 that keeps every request.
 *
 * @param {object|Function} answer `{ status, headers, body }` or `{ json }`, or a function of the request and
 *   its number that gives one. With `raw`, a function of the socket, it does with the connection what it likes.
 * @returns {Promise<object>} What `listen` gives, and `requests`: `{ method, url, headers, rawHeaders, body, bytes }` of
 *   each request that arrived in full.
 */
async function startServer(answer = { json: {} }) {
  const requests = [];
  // Longer than any test: a client never reuses a connection that the server is closing.
  const server = http.createServer({ keepAliveTimeout: 300_000 }, async (incoming, outgoing) => {
    const chunks = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      // The client broke it off.
      return;
    }
    const { method, url, headers, rawHeaders } = incoming;
    const bytes = Buffer.concat(chunks);
    const request = { method, url, headers, rawHeaders, bytes, body: bytes.toString() };
    requests.push(request);
    write(answerTo(answer, request, requests.length), incoming.socket, outgoing);
  });
  return Object.assign(await listen(server), { requests });
}

const answerTo = (answer, ...request) => (typeof answer === 'function' ? answer(...request) : answer);

function write({ status = 200, headers, body, json, raw }, socket, outgoing) {
  if (raw) raw(socket, outgoing);
  else if (json === undefined) outgoing.writeHead(status, headers).end(body);
  else
    outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(json));
}

/** A server for the tests of a file. Each test finds `requests` empty, and may replace `answer`. */
function useServer(answer = { json: {} }) {
  const server = {};
  beforeAll(async () => {
    Object.assign(server, await startServer((...request) => answerTo(server.answer, ...request)));
  });
  beforeEach(() => {
    server.answer = answer;
    server.requests.splice(0);
  });
  afterAll(() => server.close());
  return server;
}

module.exports = { startServer, useServer };
