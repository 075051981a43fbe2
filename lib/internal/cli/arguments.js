'use strict';

/** Reads the command line: which command, its flags, and its other arguments. */

const { parseArgs } = require('util');

const { UsageError } = require('./errors.js');
const { suggestion } = require('./nearest.js');

/**
 * A flag as commands declare it.
 *
 * @typedef {{ type: 'string' | 'boolean', help: string, value?: string, short?: string, multiple?: boolean }} Option
 */

/** The flags of every command. @type {Record<string, Option>} */
const COMMON = {
  endpoint: { type: 'string', value: 'URL', help: 'URL of the API; it ends in /public/v1' },
  'env-file': {
    type: 'string',
    value: 'FILE',
    help: 'file with lines such as CONNECT_API_KEY=ApiKey SU-...; they count more than the environment',
  },
  proxy: { type: 'string', value: 'URL', help: 'proxy (default: HTTPS_PROXY or HTTP_PROXY, with NO_PROXY)' },
  'no-proxy': { type: 'boolean', help: 'no proxy, whatever the environment says' },
  json: { type: 'boolean', help: 'print the result as JSON' },
  help: { type: 'boolean', short: 'h', help: 'print the help of the command' },
};

/** How many of the arguments stand before the command: `--json files list`. */
function countBefore(args) {
  let at = 0;
  while (args[at]?.startsWith('-')) {
    const takesNext = COMMON[args[at].slice(2)]?.type === 'string';
    at += takesNext ? 2 : 1;
  }
  return at;
}

/** Why the words name no command. */
function unknownCommand(commands, words) {
  const names = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const [noun, verb] = words;
  if (noun === undefined) return 'missing command';
  const verbs = names
    .filter((name) => name.startsWith(`${noun} `))
    .map((name) => name.slice(noun.length + 1));
  if (verbs.length === 0) {
    // The second word alone: what it may be done with is proposed.
    const whole = commands.map(({ name }) => name).filter((name) => name.endsWith(` ${noun}`));
    if (whole.length > 0) return `unknown command '${noun}'; there is ${whole.join(', ')}`;
    const nouns = [...new Set(names.map((name) => name.split(' ')[0]))];
    return `unknown command '${noun}'${suggestion(noun, nouns, (name) => `'${name}'`)}`;
  }
  if (verb === undefined) return `${noun} needs another word: ${verbs.join(', ')}`;
  const nearby = suggestion(verb, verbs, (name) => `'${noun} ${name}'`);
  return `unknown command '${noun} ${verb}'${nearby || `; ${noun} has ${verbs.join(', ')}`}`;
}

/**
 * Finds the command.
 *
 * @param {object[]} commands All of them.
 * @param {string[]} args The command line.
 * @returns {{ command: *, rest: string[] }} The command, and the arguments without its words. Throws a UsageError if
 *   there is none.
 */
function findCommand(commands, args) {
  const before = countBefore(args);
  const words = args.slice(before, before + 2);
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const command = commands.find((known) => known.name === name || known.aliases?.includes(name));
    if (command !== undefined) {
      const used = name.split(' ').length;
      return { command, rest: [...args.slice(0, before), ...args.slice(before + used)] };
    }
  }
  throw new UsageError(unknownCommand(commands, words));
}

/** Says what is wrong with the flags, in the words of the command line. */
function flagError(error, command, flags) {
  const [, dashes, name] = /'(--?)([^' =]+)/.exec(error.message) ?? [];
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && name !== undefined) {
    const nearby = suggestion(name, Object.keys(flags), (known) => `--${known}`);
    return new UsageError(`${command.name} has no flag ${dashes}${name}${nearby}`);
  }
  return new UsageError(error.message.replace(/^Option /, ''));
}

/**
 * Reads the flags and the other arguments of a command.
 *
 * @param {*} command The command.
 * @param {string[]} rest What follows its words.
 * @returns {{ values: Record<string, *>, args: string[] }} The flags, and the rest. Throws a UsageError.
 */
function readFlags(command, rest) {
  const flags = { ...COMMON, ...command.options };
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short, multiple = false }]) => [
      name,
      { type, multiple, ...(short && { short }) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true });
    return { values, args: positionals };
  } catch (error) {
    throw flagError(error, command, flags);
  }
}

module.exports = { COMMON, findCommand, readFlags };
