'use strict';

/** `connect-sandbox`: the sandbox as a process of its own, for programs in any language. */

const fs = require('fs');
const { parseArgs } = require('util');

const { startSandbox } = require('./sandbox.js');
const { isObject } = require('./seeds/values.js');

const HELP = `Starts a sandbox of CloudBlue Connect's usage module on 127.0.0.1, until it is interrupted.

Usage:
  connect-sandbox [options]

If the package is not installed globally: npx -p cloudblue-connect-native connect-sandbox ...

It prints the endpoint and three keys: one that may do everything, a vendor's and a provider's.

Options:
  --port N            port (default: a free one)
  --records N         how many approved usage records to start with (default: 100)
  --files N           how many accepted usage files to start with, of ten records each
  --hubs N            how many hubs there are (default: 1)
  --processing-ms N   how long an uploaded file is processed, in milliseconds (default: 0)
  --options FILE      further options of startSandbox, a JSON object, such as faults and fixtures
  --json              print the endpoint and the keys as one line of JSON
  --help              print this text

Exit codes:
  0  it was interrupted
  1  it cannot be started
  2  invalid usage
`;

/** @type {{ type: 'string' }} */
const text = { type: 'string' };
/** @type {{ type: 'boolean' }} */
const flag = { type: 'boolean' };
const COUNTS = {
  port: 'port',
  records: 'records',
  files: 'files',
  hubs: 'hubs',
  'processing-ms': 'processingMs',
};
const OPTIONS = {
  ...Object.fromEntries(Object.keys(COUNTS).map((name) => [name, text])),
  options: text,
  json: flag,
  help: flag,
};

/** What is wrong with the command line. */
class UsageError extends Error {}

function readOptions(values) {
  const options = values.options === undefined ? {} : readFile(values.options);
  for (const [name, option] of Object.entries(COUNTS)) {
    const value = values[name];
    if (value === undefined) continue;
    if (!/^\d+$/.test(value)) throw new UsageError(`--${name} must be a whole number, not '${value}'`);
    options[option] = Number(value);
  }
  return options;
}

function readFile(path) {
  let options;
  try {
    options = JSON.parse(fs.readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot use ${path}: ${error.message}`);
  }
  if (!isObject(options)) throw new UsageError(`cannot use ${path}: it must hold a JSON object`);
  return options;
}

function parse(args) {
  try {
    const { values } = parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false });
    return values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/** Resolves when the process is asked to end. */
function interrupted() {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

function describe({ url, apiKey, keys }, asJson) {
  if (asJson) return `${JSON.stringify({ endpoint: url, apiKey, keys })}\n`;
  return [
    `endpoint  ${url}`,
    `key       ${apiKey}`,
    `vendor    ${keys.vendor}`,
    `provider  ${keys.provider}`,
    '',
  ].join('\n');
}

/**
 * Runs the command.
 *
 * @param {string[]} args the command line
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  let sandbox;
  let end;
  try {
    const values = parse(args);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const options = readOptions(values);
    // Before anything is printed: whoever reads it may end the process at once.
    end = interrupted();
    sandbox = await startSandbox(options);
    process.stdout.write(describe(sandbox, values.json === true));
  } catch (error) {
    process.stderr.write(`connect-sandbox: ${error.message}\n`);
    const isUsage = error instanceof UsageError || error instanceof TypeError;
    if (isUsage) process.stderr.write('See connect-sandbox --help.\n');
    return isUsage ? 2 : 1;
  }
  await end;
  await sandbox.close();
  return 0;
}

module.exports = { main };
