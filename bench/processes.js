'use strict';

/** The processes of the benchmark: the server and the load generator in Rust, and a process of Node's for each turn. */

const { execFile, execFileSync, spawn } = require('child_process');
const path = require('path');

const root = path.join(__dirname, '..');

/** Longer than any turn takes; one that hangs is ended, and fails. */
const PATIENCE = 600_000;

/** The environment without what would send requests elsewhere, or slow them down. */
function environment() {
  const names = /^(https?|all|no)_proxy$|^node_(options|v8_coverage)$|^node_tls|^connect_/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));
}

/** Builds examples; returns where they are. Without optimisation where it is not the figures that matter. */
function build({ examples, quick }) {
  const flags = quick ? [] : ['--release'];
  const wanted = examples.flatMap((name) => ['--example', name]);
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 1 << 28 };
  const messages = execFileSync(
    'cargo',
    ['build', '--locked', '--message-format=json-render-diagnostics', ...flags, ...wanted],
    options,
  );
  const built = messages
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ executable, target }) => executable && examples.includes(target.name));
  return Object.fromEntries(built.map(({ executable, target }) => [target.name, executable]));
}

/**
 * Starts the server, which ends when its standard input does: also if this process should die.
 *
 * @param {string} executable The program.
 * @param {string[]} [args] Its options, `name=value`.
 * @returns {Promise<object>} `port`, and `stop()`, which resolves to what handshakes there were.
 */
async function startServer(executable, args = []) {
  const server = spawn(executable, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  const ended = new Promise((resolve) => server.once('close', resolve));
  const port = await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error('the server ended')));
    server.stdout.setEncoding('utf8').on('data', (data) => {
      printed += data;
      if (printed.includes('\n')) resolve(parseInt(printed, 10));
    });
  });
  const stop = async () => {
    server.stdin.end();
    await ended;
    return JSON.parse(printed.split('\n')[1]);
  };
  return { port, stop };
}

/** Runs a program to its end; resolves to what it prints, `{ stdout, stderr }`. */
function runToEnd(program, args) {
  const options = { cwd: root, env: environment(), timeout: PATIENCE };
  return new Promise((resolve, reject) => {
    execFile(program, args.map(String), options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${args.join(' ')}: ${error.message}\n${stderr}`));
      else resolve({ stdout, stderr });
    });
  });
}

/** Runs a program to its end; resolves to the JSON that it prints. */
async function runJson(program, args) {
  const { stdout } = await runToEnd(program, args);
  return JSON.parse(stdout);
}

/** Runs one of the programs of this folder, with its options. */
const turn = (file, options) =>
  runJson(process.execPath, [path.join(__dirname, file), JSON.stringify(options)]);

module.exports = { build, root, runJson, runToEnd, startServer, turn };
