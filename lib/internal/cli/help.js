'use strict';

/** The texts of `--help`. */

const binding = require('../../../binding.js');
const { COMMON } = require('./arguments.js');
const { DEFAULT_ENDPOINT } = require('./environment.js');

const WIDTH = 110;

/** What stands above the commands of a noun. */
const GROUPS = {
  records: 'Usage records, which are billed one by one',
  files: 'Usage files, which vendors upload and distributors accept',
  chunks: 'Chunks, the parts of an accepted usage file, one for each hub',
  reconcile: 'Reconciliations, files that say which record is on which invoice',
};

const EXIT_CODES = `Exit codes:
  0  success
  1  something could not be done, or the run failed
  2  invalid usage, or a file that cannot be used; nothing was sent
  3  it is not known whether something was done: run the same command again, or look it up
`;

/** Breaks a text into lines that fit. */
function wrap(text, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Rows of two columns, aligned. */
function columns(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows
    .map(([left, right]) => {
      const [first, ...more] = wrap(right, WIDTH - width - 4);
      const lines = [`  ${left.padEnd(width)}  ${first}`.trimEnd()];
      return [...lines, ...more.map((line) => `${' '.repeat(width + 4)}${line}`)].join('\n');
    })
    .join('\n');
}

/** The flags of a command as its help lists them. */
function flagRows(options) {
  return Object.entries(options).map(([name, { value, short, help, multiple }]) => [
    [short && `-${short},`, `--${name}`, value].filter(Boolean).join(' '),
    multiple ? `${help} (may be repeated)` : help,
  ]);
}

/** The help of one command. */
function commandHelp({ name, summary, usage, options = {}, examples = [], aliases = [], details = '' }) {
  const own = Object.keys(options).length > 0 ? `Options:\n${columns(flagRows(options))}\n\n` : '';
  const shown = examples.map((example) => `  ${example}\n`).join('');
  const also =
    aliases.length > 0 ? `Also: ${aliases.map((alias) => `connect-usage ${alias}`).join(', ')}\n\n` : '';
  return [
    `${summary}.\n\n`,
    `Usage:\n  connect-usage ${name}${usage ? ` ${usage}` : ''}\n\n`,
    details && `${details.trim()}\n\n`,
    also,
    shown && `Examples:\n${shown}\n`,
    own,
    `Options of every command:\n${columns(flagRows(COMMON))}\n\n`,
    EXIT_CODES,
  ]
    .filter(Boolean)
    .join('');
}

/** The commands, by noun, with what each does. */
function commandLists(commands) {
  const nouns = [...new Set(commands.map(({ name }) => name.split(' ')[0]))];
  return nouns
    .map((noun) => {
      const own = commands.filter(({ name }) => name.split(' ')[0] === noun);
      const title = GROUPS[noun] === undefined ? '' : `${GROUPS[noun]}:\n`;
      return `${title}${columns(own.map(({ name, summary }) => [name, summary]))}\n`;
    })
    .join('\n');
}

/** The help of the commands of a noun. */
function groupHelp(commands, noun) {
  return `${commandLists(commands)}\n"connect-usage ${noun} WORD --help" says more, with examples.\n`;
}

/** The help of the whole. */
function overview(commands) {
  return `Bills a month of usage in CloudBlue Connect: usage files, chunks, reconciliations and records.

Usage:
  connect-usage COMMAND [options]
  connect-usage COMMAND --help       what a command does, with examples
  connect-usage --version

If the package is not installed globally: npx -p cloudblue-connect-native connect-usage ...
(Without -p, npx downloads whatever package is published under the name of the command.)

${commandLists(commands)}
A month, as a distributor closes it by records:
  connect-usage records list --status approved --file UF-2021-01-3453-7567 --out january.xlsx
  (enter the invoices in Excel, or let connect-usage records plan do it)
  connect-usage records preview january.xlsx --file UF-2021-01-3453-7567
  connect-usage records close january.xlsx --journal january.journal --results results.xlsx
or by chunks:
  connect-usage files accept UF-2021-01-3453-7567
  connect-usage chunks wait --file UF-2021-01-3453-7567
  connect-usage chunks list --file UF-2021-01-3453-7567 --out chunks.xlsx
  (enter the invoices in Excel)
  connect-usage chunks close chunks.xlsx --journal chunks.journal

Files of records and chunks are CSV or Excel (xlsx). The first row names the columns:
${binding.csvHeader().trim()}. If a row cannot be used, it is printed, and nothing is sent.

The API key is in the environment, with the word ApiKey, or in a file of such lines that --env-file names:
  bash         export CONNECT_API_KEY='ApiKey SU-000-000:...'
  PowerShell   $env:CONNECT_API_KEY = 'ApiKey SU-000-000:...'
  cmd.exe      set CONNECT_API_KEY=ApiKey SU-000-000:...
CONNECT_ENDPOINT is the URL of the API (default: ${DEFAULT_ENDPOINT}).

Options of every command:
${columns(flagRows(COMMON))}

${EXIT_CODES}`;
}

/**
 * The help that was asked for.
 *
 * @param {object[]} commands All commands.
 * @param {string[]} words The command line without its flags.
 * @returns {string} The help of the command that the words name, of their noun, or of the whole.
 */
function helpFor(commands, words) {
  const [noun] = words;
  const name = words.slice(0, 2).join(' ');
  const isCalled = (known, word) => known.name === word || known.aliases?.includes(word);
  const command =
    commands.find((known) => isCalled(known, name)) ?? commands.find((known) => isCalled(known, noun));
  if (command !== undefined) return commandHelp(command);
  const group = commands.filter((known) => known.name.split(' ')[0] === noun);
  return group.length > 0 ? groupHelp(group, noun) : overview(commands);
}

module.exports = { helpFor };
