'use strict';

/**
 * `connect-usage`: closing usage records without writing code. What it prints for machines goes to the standard
 * output, what it prints for people to the standard error when there is something for machines.
 */

const { parseArgs } = require('util');

const binding = require('../../binding.js');
const { ConnectClient } = require('../connect');
const { closeFile } = require('./close');
const { listRecords } = require('./list');
const { UsageError } = require('./usageError');

const DEFAULT_ENDPOINT = 'https://api.connect.cloudblue.com/public/v1';

const HELP = `connect-usage: closes usage records of CloudBlue Connect

  connect-usage close records.csv [options]   closes the records of a CSV file
  connect-usage list [options]                lists records; with --csv, as the file that close reads

Where it is not installed for all projects: npx -p cloudblue-connect-native connect-usage ...
(without -p, npx asks the registry for a package of the command's name, which anybody may publish).

The columns of the file are ${binding.csvHeader().trim()}. The key is read from the environment's
CONNECT_API_KEY, the word ApiKey included: "ApiKey SU-000-000:...".

  --endpoint URL     the API (default ${DEFAULT_ENDPOINT}, or CONNECT_ENDPOINT)
  --json             the result as JSON
  --help             this text

close:
  --journal FILE     writes the run down; the same command goes on with a run that was cut off
  --dry-run          checks everything, sends nothing
  --concurrency N    requests at once (default 4)
  --batch-size N     records of a request (default 100)
  --billing-id ID    the invoice of records that name none
  --note TEXT        the note of records that have none
  --stop-on-error    ends at the first record that cannot be closed

list:
  --status S         valid, invalid, approved, rejected or closed
  --file UF-...      of this usage file
  --product PRD-...  of this product
  --limit N          at most so many
  --billing-id ID    the invoice to write into the file
  --csv              as CSV

Exit codes: 0 all closed, 1 some could not be closed or the run failed, 2 wrong usage, 3 of some records it is not known.
`;

const text = { type: 'string' };
const flag = { type: 'boolean' };

/** The options of each command. */
const COMMON = { endpoint: text, json: flag, help: flag };
const COMMANDS = {
  close: {
    options: {
      journal: text,
      'dry-run': flag,
      concurrency: text,
      'batch-size': text,
      'billing-id': text,
      note: text,
      'stop-on-error': flag,
    },
    run: closeFile,
  },
  list: {
    options: { status: text, file: text, product: text, limit: text, 'billing-id': text, csv: flag },
    run: listRecords,
  },
};

function parse(args) {
  const [name, ...rest] = args;
  const known = Object.keys(COMMANDS).join(' or ');
  if (name === undefined) throw new UsageError(`name a command: ${known}`);
  if (!Object.hasOwn(COMMANDS, name))
    throw new UsageError(`there is no command '${name}'; there are ${known}`);
  const { options, run } = COMMANDS[name];
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...COMMON, ...options },
      allowPositionals: true,
    });
    return { values, positionals, run };
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/** A client for the endpoint and the key that the environment and the arguments name. */
function connect({ endpoint }, env) {
  const apiKey = env.CONNECT_API_KEY;
  if (!apiKey) {
    throw new UsageError('CONNECT_API_KEY is missing: set it to the whole key, "ApiKey SU-000-000:..."');
  }
  return new ConnectClient(endpoint || env.CONNECT_ENDPOINT || DEFAULT_ENDPOINT, apiKey);
}

/**
 * Runs a command.
 *
 * @param {string[]} args The arguments, without Node and the script.
 * @param {object} [world] `env`, `stdout`, `stderr`: those of the process unless others are given.
 * @returns {Promise<number>} The exit code.
 */
async function main(args, world = process) {
  const { env, stdout, stderr } = world;
  try {
    if (args.includes('--help') || args[0] === 'help') {
      stdout.write(HELP);
      return 0;
    }
    const { values, positionals, run } = parse(args);
    return await run({ client: () => connect(values, env), values, positionals, stdout, stderr });
  } catch (error) {
    const isUsage = error instanceof UsageError;
    stderr.write(`connect-usage: ${describe(error)}\n`);
    if (isUsage) stderr.write('npx -p cloudblue-connect-native connect-usage --help tells more\n');
    return isUsage || error instanceof TypeError ? 2 : 1;
  }
}

/** An error in a line: Connect's own words, where they are there. */
function describe(error) {
  const { status, errorCode, errors, message, method, path } = error;
  if (status === undefined) return message;
  const said = errors ? errors.join('; ') : message;
  return [`${method} ${path} was refused: ${status}`, errorCode, said].filter(Boolean).join(' ');
}

module.exports = { describe, main };
