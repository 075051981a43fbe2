'use strict';

/** Endpoint, key and proxy: from the flags, a file, and the environment. */

const fs = require('fs');
const util = require('util');

const { ConnectClient } = require('../../connect/index.js');
const { UsageError } = require('./errors.js');

const DEFAULT_ENDPOINT = 'https://api.connect.cloudblue.com/public/v1';

/** Reads `KEY=VALUE` lines where Node has no parser for them: before 20.12 and 21.7. */
function parseLines(text) {
  const values = {};
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, name, rest] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [, quoted] =
      /^(?:"([^"]*)"|'([^']*)'|`([^`]*)`)/.exec(rest)?.filter((part) => part !== undefined) ?? [];
    values[name] = quoted ?? rest.replace(/(^|\s+)#.*$/, '');
  }
  return values;
}

/** The text of a file in UTF-8 or UTF-16, as PowerShell's `>` writes it. */
function readText(file) {
  let bytes;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read --env-file ${file}: ${error.message}`);
  }
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new util.TextDecoder(encoding).decode(bytes);
}

/**
 * Puts the lines of a file into the environment. They count more than what was there: who names a file means it.
 *
 * @param {string} file The file.
 * @param {Record<string, string | undefined>} env The environment.
 */
function loadEnvFile(file, env) {
  const parse = /** @type {*} */ (util).parseEnv ?? parseLines;
  const values = parse(readText(file));
  if (Object.keys(values).length === 0) {
    throw new UsageError(`--env-file ${file} has no lines such as CONNECT_API_KEY=ApiKey SU-000-000:...`);
  }
  Object.assign(env, values);
}

/** The key of the environment; the usual mistakes are named without it. */
function readKey(env) {
  const key = env.CONNECT_API_KEY?.trim();
  if (!key) {
    throw new UsageError(
      'CONNECT_API_KEY is missing: set it to the whole key, "ApiKey SU-000-000:...", or name a file that has it with --env-file',
    );
  }
  if (/^["'\u2018\u2019\u201c\u201d].*|["'\u2018\u2019\u201c\u201d]$/.test(key)) {
    throw new UsageError(
      'CONNECT_API_KEY has quotes in it, which are no part of the key; in cmd.exe write set CONNECT_API_KEY=ApiKey SU-000-000:... without any',
    );
  }
  if (/^SU-/i.test(key)) {
    throw new UsageError(
      'CONNECT_API_KEY lacks the word ApiKey: put it and a blank before the key, "ApiKey SU-000-000:..."',
    );
  }
  return key;
}

/** The endpoint; one that is not the API's root is most likely a mistake, and is named. */
function readEndpoint(values, env, stderr) {
  const endpoint = values.endpoint || env.CONNECT_ENDPOINT || DEFAULT_ENDPOINT;
  const from = values.endpoint ? '--endpoint' : 'CONNECT_ENDPOINT';
  if (!/^https?:\/\//i.test(endpoint)) {
    throw new UsageError(`${from} must be a URL such as ${DEFAULT_ENDPOINT}`);
  }
  if (!/\/public\/v1\/*$/.test(endpoint)) {
    stderr.write(`connect-usage: ${from} does not end in /public/v1, as the URL of Connect's API does\n`);
  }
  return endpoint;
}

/** The options of the client that say which proxy it takes. */
function readProxy(values, env) {
  if (values.proxy !== undefined && values['no-proxy']) {
    throw new UsageError('--proxy and --no-proxy cannot be used together');
  }
  if (values['no-proxy']) {
    // Node's own switches may ask for a proxy, too.
    env.NO_PROXY = '*';
    delete env.no_proxy;
    return undefined;
  }
  const proxy = values.proxy ?? 'env';
  if (proxy !== 'env' && !/^(https?|socks5h?):\/\/[^/]/i.test(proxy)) {
    throw new UsageError('--proxy must be a URL such as http://proxy.example:3128');
  }
  return { proxy };
}

/**
 * Creates the client.
 *
 * @param {Record<string, *>} values The flags.
 * @param {{ env: Record<string, string | undefined>, stderr: * }} io The environment, and where a warning goes.
 * @returns {*} The client. Throws a UsageError that names what is wrong with the endpoint, the key or the proxy.
 */
function connect(values, { env, stderr }) {
  const proxy = readProxy(values, env);
  const key = readKey(env);
  return new ConnectClient(readEndpoint(values, env, stderr), key, proxy);
}

module.exports = { DEFAULT_ENDPOINT, connect, readProxy, loadEnvFile, parseLines };
