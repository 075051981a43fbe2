'use strict';

const http = require('http');

/**
 * A server on 127.0.0.1 that remembers every request and answers as it is told.
 *
 * @param {object|Function} answer `{ status, headers, body }` or `{ json }`, or a function of the request and
 *   its number that gives one. With `raw`, a function of the socket, it does with the connection what it likes.
 * @returns {Promise<{ url: string, requests: object[], close: Function }>} `requests` holds
 *   `{ method, url, headers, rawHeaders, body, bytes }` of each that came whole; `close` resolves when every socket is gone.
 */
async function startServer(answer = { json: {} }) {
  const requests = [];
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      // Broken off by the client: not a request.
      return;
    }
    const { method, url, headers, rawHeaders } = incoming;
    const bytes = Buffer.concat(chunks);
    const request = { method, url, headers, rawHeaders, bytes, body: bytes.toString() };
    requests.push(request);
    const {
      status = 200,
      headers: given = {},
      body,
      json,
      raw,
    } = typeof answer === 'function' ? answer(request, requests.length) : answer;
    if (raw) {
      raw(incoming.socket, outgoing);
      return;
    }
    if (json === undefined) outgoing.writeHead(status, given).end(body);
    else
      outgoing.writeHead(status, { 'Content-Type': 'application/json', ...given }).end(JSON.stringify(json));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}`, requests, close };
}

module.exports = { startServer };
