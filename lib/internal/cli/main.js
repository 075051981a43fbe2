'use strict';

/**
 * `connect-usage`: bills a month of usage without writing code. Results go to the standard output, progress and errors to the
 * standard error.
 */

const fs = require('fs');
const path = require('path');

const { findCommand, readFlags } = require('./arguments.js');
const { connect, loadEnvFile } = require('./environment.js');
const { UsageError, errorText } = require('./errors.js');
const { helpFor } = require('./help.js');
const { makeIo } = require('./io.js');

/**
 * A command: `connect-usage NAME`.
 *
 * @typedef {object} Command
 * @property {string} name its words: `chunks close`
 * @property {string} summary what it does, in a line without a full stop
 * @property {string} usage what follows its name
 * @property {Record<string, import('./arguments').Option>} options its own flags
 * @property {string[]} examples whole command lines
 * @property {string[]} [aliases] other names
 * @property {string} [details] more for its help
 * @property {(context: { client: *, values: Record<string, *>, args: string[], io: import('./io').Io }) =>
 *   Promise<number>} run resolves to the exit code; `client` is made when it is first asked for
 */

/** All commands, as the help lists them. @type {Command[]} */
const COMMANDS = [
  ...require('./commands/records.js'),
  ...require('./commands/files.js'),
  ...require('./commands/chunks.js'),
  ...require('./commands/reconcile.js'),
];

/** What a command is called with; its client is made only if it uses one. */
function contextOf(values, args, io) {
  let client;
  return {
    values,
    args,
    io,
    get client() {
      client ??= connect(values, io);
      return client;
    },
  };
}

/** The version of the package. */
function version() {
  const manifest = path.join(__dirname, '../../../package.json');
  return JSON.parse(fs.readFileSync(manifest, 'utf8')).version;
}

/** The help or the version, if that is asked for. */
function information(args) {
  const end = args.indexOf('--');
  const flags = end < 0 ? args : args.slice(0, end);
  if (args[0] === '--version') return `${version()}\n`;
  if (args[0] !== 'help' && !flags.includes('--help') && !flags.includes('-h')) return undefined;
  const words = flags.filter((word) => !word.startsWith('-'));
  return helpFor(COMMANDS, words[0] === 'help' ? words.slice(1) : words);
}

/**
 * Runs a command.
 *
 * @param {string[]} args The arguments, without Node and the script.
 * @param {object} [context] `env`, `stdin`, `stdout`, `stderr`; default: those of the process.
 * @returns {Promise<number>} The exit code.
 */
async function main(args, context = process) {
  const io = makeIo(/** @type {*} */ (context));
  let name = '';
  try {
    const text = information(args);
    if (text !== undefined) {
      io.stdout.write(text);
      return 0;
    }
    const { command, rest } = findCommand(COMMANDS, args);
    name = ` ${command.name}`;
    const flags = readFlags(command, rest);
    if (flags.values['env-file'] !== undefined) loadEnvFile(flags.values['env-file'], io.env);
    return await command.run(contextOf(flags.values, flags.args, io));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const isUnknown = Boolean(error.maybeProcessed && error.method && error.method !== 'GET');
    io.stderr.write(errorText(error, isUnknown ? 'it is not known whether this was done: ' : ''));
    if (isUsage) io.stderr.write(`see npx -p cloudblue-connect-native connect-usage${name} --help\n`);
    if (isUnknown) return 3;
    return isUsage || error instanceof TypeError ? 2 : 1;
  }
}

module.exports = { COMMANDS, main };
