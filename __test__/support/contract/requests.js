'use strict';

/** Plain requests to a sandbox: what it answers is judged without the package's client. */

const http = require('http');

/**
 * @typedef {object} Request
 * @property {string} method in capitals
 * @property {string} path below the base path, encoded
 * @property {string} [query] encoded, without `?`
 * @property {string} [key] the header Authorization; none if it is empty
 * @property {unknown} [json] a body that is sent as JSON
 * @property {Record<string, string | Buffer>} [form] a body that is sent as a form; bytes are a file
 * @property {{ type?: string, text: string }} [raw] a body that is sent as it is
 */

/** The body of a request and its media type. */
async function encoded({ json, form, raw }) {
  if (raw) return { type: raw.type, bytes: Buffer.from(raw.text) };
  if (form) return encodedForm(form);
  if (json === undefined) return { type: undefined, bytes: undefined };
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(json)) };
}

async function encodedForm(form) {
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) {
    if (typeof value === 'string') data.set(name, value);
    else data.set(name, new Blob([value]), `${name}.xlsx`);
  }
  const response = new Response(data);
  return {
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/**
 * Sends a request.
 *
 * @param {{ url: string }} sandbox where to
 * @param {Request} request what to send
 * @returns {Promise<{ status: number, headers: object, bytes: Buffer }>} the answer
 */
async function send({ url }, request) {
  const { type, bytes } = await encoded(request);
  const headers = {};
  if (request.key) headers.Authorization = request.key;
  if (type) headers['Content-Type'] = type;
  if (bytes) headers['Content-Length'] = bytes.length;
  const query = request.query ? `?${request.query}` : '';
  return new Promise((resolve, reject) => {
    const sent = http.request(`${url}${request.path}${query}`, {
      agent: false,
      method: request.method,
      headers,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    sent.end(bytes);
  });
}

module.exports = { send };
