'use strict';

/** Files that are downloaded, and files that are uploaded. */

const fs = require('fs');
const path = require('path');

const { ConnectClient } = require('../../connect/index.js');
const { saveToFile } = require('../transport/saveToFile.js');
const { UsageError } = require('./errors.js');
const { write, writeJson } = require('./io.js');

const OUT = {
  out: {
    type: 'string',
    value: 'FILE',
    help: 'where to save it (default: a file with its id in this folder)',
  },
};

/**
 * Where to save a download. A file that is there is only replaced if `--out` names it.
 *
 * @param {{ out?: string }} values The flags.
 * @param {string} name The name without `--out`.
 * @returns {string} The path. Throws a UsageError.
 */
function targetOf({ out }, name) {
  if (out !== undefined) {
    const folder = path.dirname(out);
    if (!fs.existsSync(folder))
      throw new UsageError(`cannot write --out ${out}: there is no folder ${folder}`);
    return out;
  }
  if (fs.existsSync(name)) {
    throw new UsageError(`${name} is there already; use --out ${name} to replace it, or another name`);
  }
  return name;
}

/**
 * Says where a download was saved.
 *
 * @param {import('./io').Io} io Where to write.
 * @param {{ path: string, bytes: number }} saved What was saved.
 * @param {{ json?: boolean }} values The flags.
 */
async function printSaved(io, { path: saved, bytes }, { json }) {
  if (json) await writeJson(io, { path: saved, bytes });
  else await write(io.stdout, `${saved}: ${bytes} bytes\n`);
}

/** A client for links of Connect, which lead to other servers: they get no key. */
class LinkClient extends ConnectClient {
  addEndpointPrefix(_endpoint, url, options) {
    return { url, options };
  }

  addAuthorizationHeader(_key, url, options) {
    return { url, options };
  }
}

/**
 * Downloads what a link of Connect leads to.
 *
 * @param {string} link The link.
 * @param {string} to Where to save it.
 * @param {*} options The options of the client: its proxy.
 * @returns {Promise<{ path: string, bytes: number }>} What was saved.
 */
async function downloadLink(link, to, options) {
  const response = await new LinkClient(link, '', options).fetch(link);
  if (!response.ok) {
    throw new Error(
      `the link to the file does not work (status ${response.status}); links of Connect expire after a while: try again`,
    );
  }
  return { path: to, bytes: await saveToFile(to, response.body) };
}

/** Checks that a file that is to be uploaded is there. */
function checkUpload(file, command) {
  if (file === undefined) throw new UsageError(`${command} takes a file: an Excel workbook (xlsx)`);
  try {
    if (fs.statSync(file).isFile()) return { path: file };
  } catch (error) {
    throw new UsageError(
      `cannot read ${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
    );
  }
  throw new UsageError(`cannot read ${file}: it is no file`);
}

module.exports = { OUT, checkUpload, downloadLink, printSaved, targetOf };
