'use strict';

/** Where a command reads and writes. */

const DEFAULT_COLUMNS = 80;

/**
 * @typedef {object} Io
 * @property {*} stdin
 * @property {*} stdout for results
 * @property {*} stderr for progress, warnings and errors
 * @property {Record<string, string | undefined>} env
 * @property {boolean} isTerminal whether there is somebody to ask
 * @property {number} columns how wide the terminal is now
 * @property {boolean} color whether results may be coloured
 */

/**
 * The streams of a process, or of a test.
 *
 * @param {{ stdin?: *, stdout: *, stderr: *, env: Record<string, string | undefined> }} context The process.
 * @returns {Io} What commands get.
 */
function makeIo({ stdin, stdout, stderr, env }) {
  return {
    stdin,
    stdout,
    stderr,
    env,
    isTerminal: Boolean(stdin?.isTTY && stdout.isTTY),
    // Read each time: the window may have been resized.
    get columns() {
      return (stderr.isTTY && stderr.columns) || (stdout.isTTY && stdout.columns) || DEFAULT_COLUMNS;
    },
    get color() {
      return Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
    },
  };
}

/** Writes a text; waits if the reader is slower. */
function write(stream, text) {
  if (stream.write(text) !== false) return undefined;
  return new Promise((resolve) => stream.once('drain', resolve));
}

/** Writes one JSON value as a line. */
function writeJson(io, value) {
  return write(io.stdout, `${JSON.stringify(value)}\n`);
}

/** A text in bold, where there are colours. */
function bold(io, text) {
  return io.color ? `\u001b[1m${text}\u001b[22m` : text;
}

/** A text of a file or of the server, without what a terminal would obey. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const plain = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');

module.exports = { bold, makeIo, plain, write, writeJson };
