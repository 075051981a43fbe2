'use strict';

const http = require('http');

/**
 * A registry of packages on 127.0.0.1, as far as npm needs one to publish and to install.
 *
 * - `published`: what was published, in this order: `{ name, version, tags, access, manifest }`.
 * - `requests`: the methods and names of all requests.
 * - `refused`: the names of packages that it does not take.
 * - `isBroken`: whether it answers every question with a 500.
 *
 * @param {string} token The token that a publisher needs.
 */
async function startRegistry(token) {
  const registry = { published: [], requests: [], refused: new Set(), isBroken: false };
  const files = new Map();
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const name = decodeURIComponent(request.url.slice(1).split('?')[0]);
    registry.requests.push(`${request.method} ${name}`);
    const answer = (status, body = {}) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'PUT') {
      if (request.headers.authorization !== `Bearer ${token}`) return answer(401);
      if (registry.refused.has(name)) return answer(403, { error: `${name} is not wanted` });
      return answer(201, take(name, JSON.parse(`${Buffer.concat(chunks)}`)));
    }
    if (registry.isBroken) return answer(500);
    if (files.has(name)) return response.end(files.get(name));
    const found = registry.published.filter((one) => one.name === name);
    return found.length > 0 ? answer(200, packument(name, found)) : answer(404);
  });
  const url = () => `http://127.0.0.1:${server.address().port}/`;

  const take = (name, { versions, access, 'dist-tags': tags, _attachments: attachments }) => {
    const [[version, manifest]] = Object.entries(versions);
    const [{ data }] = Object.values(attachments);
    const file = `${name}/-/${version}.tgz`;
    files.set(file, Buffer.from(data, 'base64'));
    manifest.dist.tarball = `${url()}${file}`;
    registry.published.push({ name, version, tags, access, manifest });
  };
  const packument = (name, found) => ({
    name,
    'dist-tags': Object.assign({}, ...found.map(({ tags }) => tags)),
    versions: Object.fromEntries(found.map(({ version, manifest }) => [version, manifest])),
  });

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry.url = url();
  registry.close = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return registry;
}

module.exports = { startRegistry };
