'use strict';

const readline = require('readline');

const { UsageError } = require('./errors.js');

/**
 * Asks before something that cannot be undone. `--yes` answers beforehand; without a terminal there is nobody to ask.
 *
 * @param {{ stdin: *, stdout: *, stderr: *, isTerminal: boolean }} io Where to ask.
 * @param {string} question What is about to be done, as a question: `Close 12 records?`.
 * @param {{ yes?: boolean, json?: boolean }} values The flags of the command.
 * @returns {Promise<boolean>} Whether the answer is yes. If it is not, that nothing was sent has been said.
 */
async function confirm(io, question, values) {
  if (values.yes) return true;
  if (!io.isTerminal) {
    throw new UsageError(`there is no terminal to ask '${question}'; add --yes to do it without asking`);
  }
  // Standard output is for results; it is asked there only if nobody sees the standard error.
  const output = io.stderr.isTTY || values.json ? io.stderr : io.stdout;
  const answer = await ask(io.stdin, output, `${question} [y/N] `);
  if (/^\s*y(es)?\s*$/i.test(answer)) return true;
  output.write('connect-usage: nothing was sent\n');
  return false;
}

/** The line that is typed; empty if the input ends without one. */
function ask(input, output, text) {
  return new Promise((resolve) => {
    // Not as a terminal: it is the system's own line editing, and Ctrl-C ends the command as everywhere.
    const lines = readline.createInterface({ input, terminal: false });
    output.write(text);
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(''));
  });
}

module.exports = { confirm };
