'use strict';

const { spawn, spawnSync } = require('child_process');
const path = require('path');

const PROGRAM = path.join(__dirname, 'terminal.py');

/** Whether there are pseudo-terminals here, and a Python that opens one. */
const hasTerminal =
  process.platform !== 'win32' &&
  spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;

/**
 * Runs a program on a pseudo-terminal.
 *
 * @param {string[]} command The program and its arguments.
 * @param {{ cwd?: string, env: object, columns?: number }} options
 * @returns {object} `text()`: what it has printed; `until(pattern)`: waits for that; `type(text)`, `resize(columns)`;
 *   `ended`: resolves to the exit code; `stop()`: ends it.
 */
function runOnTerminal(command, { cwd, env, columns = 100 }) {
  const child = spawn('python3', [PROGRAM, `${columns}`, ...command], {
    cwd,
    env: { ...env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  let hasEnded = false;
  const waits = new Set();
  const look = () => {
    for (const wait of waits) wait();
  };
  child.stdout.setEncoding('utf8').on('data', (data) => {
    text += data;
    look();
  });
  child.stdin.on('error', () => undefined); // it ended
  const ended = new Promise((resolve) => {
    child.on('close', (code) => {
      hasEnded = true;
      look();
      resolve(code);
    });
  });
  const order = (object) => child.stdin.write(`${JSON.stringify(object)}\n`);
  return {
    text: () => text,
    ended,
    type: (typed) => order({ type: typed }),
    resize: (wanted) => order({ columns: wanted }),
    stop: () => child.kill('SIGKILL'),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const wait = () => {
          if (text.search(pattern) < 0 && !hasEnded) return;
          waits.delete(wait);
          if (text.search(pattern) >= 0) resolve();
          else reject(new Error(`it ended without ${pattern}: ${text}`));
        };
        waits.add(wait);
        wait();
      }),
  };
}

module.exports = { hasTerminal, runOnTerminal };
