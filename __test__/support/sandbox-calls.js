'use strict';

/** A sandbox per test, and plain requests to it: what the sandbox does is judged without the package's client. */

const http = require('http');
const { readRows } = require('../../lib/internal/tables/readRows');
const { startSandbox } = require('../../testing');

function useSandbox() {
  let agent;
  const use = { sandbox: undefined, start, call, list, ids, download, rows };

  async function start(options) {
    use.sandbox = await startSandbox(options);
    agent = new http.Agent({ keepAlive: true });
    return use.sandbox;
  }

  afterEach(async () => {
    agent?.destroy();
    await use.sandbox?.close();
    agent = undefined;
    use.sandbox = undefined;
  });

  /** One request below the base path; `body` may be text (sent as it is) or a value (sent as JSON). */
  function call(method, path, body, headers = {}) {
    const base = new URL(use.sandbox.url);
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const options = {
      agent,
      method,
      host: base.hostname,
      port: base.port,
      path: base.pathname + path,
      headers: { Authorization: use.sandbox.apiKey, 'Content-Type': 'application/json', ...headers },
    };
    return new Promise((resolve, reject) => {
      const request = http.request(options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode,
            headers: response.headers,
            json: JSON.parse(answer),
            text: answer,
          });
        });
      });
      request.on('error', reject);
      request.end(text);
    });
  }

  /** The list's answer to a query that is encoded already. */
  function list(query) {
    return call('GET', `/usage/records?${query}`);
  }

  /** The ids of the list's answer, which must be a 200. */
  async function ids(query) {
    const answer = await list(query);
    expect([query, answer.status]).toEqual([query, 200]);
    return answer.json.map((record) => record.id);
  }

  /** The bytes behind a link, which needs no key. */
  function download(url, headers = {}) {
    return new Promise((resolve, reject) => {
      http
        .get(url, { agent, headers }, (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode, bytes: Buffer.concat(chunks) }));
        })
        .on('error', reject);
    });
  }

  /** The rows of the sheet `records` of a workbook behind a link. */
  async function rows(url, headers) {
    const { status, bytes } = await download(url, headers);
    expect(status).toBe(200);
    const found = [];
    for await (const { cells } of readRows(bytes, {})) found.push(cells);
    return found;
  }

  return use;
}

module.exports = { useSandbox };
