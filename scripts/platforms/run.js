'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '../..');
/** Everything that is obtained and built. */
const base = path.join(root, 'target/platforms');

/** A part cannot be had on this machine: what needs it is skipped, which is no failure. */
class Unavailable extends Error {}

/** What runs now; nothing of it outlives us. */
const running = new Set();
process.on('exit', () => running.forEach(end));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** Ends a command with all that it started. */
function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

/** A command that ends with us even if we are killed. */
const BOUND = ['setpriv', '--pdeathsig', 'KILL'];

/**
 * Runs a command, with its output in a file, and ends it with all that it started after some minutes.
 *
 * @param {string} log The name of the file in `target/platforms/logs`; it is added to.
 * @param {string[]} command The command and its arguments.
 * @param {{ cwd?: string, env?: object, minutes?: number }} [options] Where, with what, and for how long at most.
 * @returns {Promise<number | string>} The exit code, or what ended it.
 */
function run(log, command, { cwd = root, env = process.env, minutes = 10 } = {}) {
  const file = logFile(log);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.appendFileSync(file, `> ${command.join(' ')}\n`);
  // A file, not a pipe: wine cannot pass a pipe on to Node.
  const output = fs.openSync(file, 'a');
  return new Promise((resolve) => {
    const [program, ...args] = [...BOUND, ...command];
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', output, output] });
    fs.closeSync(output);
    if (child.pid !== undefined) running.add(child);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end(child);
    }, minutes * 60_000);
    const settle = (result) => {
      clearTimeout(timer);
      running.delete(child);
      resolve(isLate ? `ended after ${minutes} minutes` : result);
    };
    child.on('error', (error) => settle(error.code));
    child.on('close', (code, signal) => settle(code ?? signal));
  });
}

function logFile(log) {
  return path.join(base, 'logs', `${log}.log`);
}

/** The end of a log, for a person. */
function tail(log, lines = 30) {
  return fs.readFileSync(logFile(log), 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/** Runs a command that has to succeed. */
async function perform(log, command, options, Failure = Error) {
  const result = await run(log, command, options);
  if (result !== 0) throw new Failure(`\`${command.join(' ')}\`: ${result}\n${tail(log, 5)}`);
}

/** Runs a command that downloads something: if it fails, that cannot be had. What needs no network is no such command. */
const obtain = (log, command, options) => perform(log, command, options, Unavailable);

/** Makes a folder once: it is made anew if what it is made of changed, or if making it was interrupted. */
async function once(folder, recipe, make) {
  const mark = `${folder}.made`;
  const text = JSON.stringify(recipe);
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === text) return folder;
  fs.rmSync(mark, { force: true });
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  await make(folder);
  fs.writeFileSync(mark, text);
  return folder;
}

module.exports = { Unavailable, base, obtain, once, perform, root, run, tail };
