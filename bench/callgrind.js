'use strict';

/**
 * Counts instructions with callgrind (valgrind): of a whole program, or of one object file that a program has loaded, from
 * mark to mark.
 */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { runToEnd } = require('./processes');

const valgrind = (args) =>
  runToEnd(process.env.CONNECT_VALGRIND || 'valgrind', ['--tool=callgrind', ...args]);

/** The instructions of a program, the libraries that it uses included. */
async function instructionsOf(program, args) {
  const { stderr } = await valgrind(['--callgrind-out-file=/dev/null', program, ...args]);
  const [, count] = /Collected : (\d+)/.exec(stderr) || [];
  if (count === undefined) throw new Error(`valgrind counted nothing:\n${stderr}`);
  return Number(count);
}

/**
 * The instructions of one object file, without those of what it calls.
 *
 * @param {string} profile What callgrind has written.
 * @param {string} object The path of the object file.
 */
function sumOf(profile, object) {
  let sum = 0;
  let isOfObject = false;
  let isCall = false;
  for (const line of profile.split('\n')) {
    if (line.startsWith('ob=')) isOfObject = line === `ob=${object}`;
    else if (line.startsWith('calls=')) isCall = true;
    else if (/^\d/.test(line)) {
      // The line after `calls=` is what the called function took, which has lines of its own elsewhere.
      if (isOfObject && !isCall) sum += Number(line.split(' ')[1]);
      isCall = false;
    }
  }
  return sum;
}

/**
 * The function of libc that sets a mark: callgrind writes what it has counted when it is entered, and starts again at 0.
 * It does nothing else, and Node calls it for `process.umask(mask)` alone.
 */
const MARK = 'umask';

/** Sets a mark in a program that `instructionsBetween` runs. */
const mark = () => process.umask(0o22);

/** The profile of callgrind that belongs to each mark, in order. */
function profiles(folder) {
  const numberOf = (file) => Number(file.split('.')[1]);
  return fs
    .readdirSync(folder)
    .filter((file) => /^profile\.\d+$/.test(file))
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
}

/**
 * Runs a program that sets marks. What other objects do is not counted: the instructions of V8 differ from run to run.
 *
 * @returns {Promise<number[]>} The instructions in the object file up to each mark, from the one before.
 */
async function instructionsBetween(object, program, args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-costs-'));
  const options = [
    `--callgrind-out-file=${path.join(folder, 'profile')}`,
    `--dump-before=${MARK}`,
    '--compress-strings=no',
    '--compress-pos=no',
    // Whichever thread has waited longest is next; otherwise one that is busy may keep the others waiting.
    '--fair-sched=yes',
  ];
  try {
    await valgrind([...options, program, ...args]);
    return profiles(folder).map((profile) => sumOf(profile, object));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { instructionsBetween, instructionsOf, mark, sumOf };
