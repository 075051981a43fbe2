'use strict';

const { execFile, spawn } = require('child_process');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { startSandbox } = require('../testing');

// The example of a fleet (examples/fleet.js) against a Redis of its own. CONNECT_REDIS is the path of a redis-server.

const root = path.join(__dirname, '..');
const redis = process.env.CONNECT_REDIS;
if (!redis) test.skip('the fleet: CONNECT_REDIS is not set (see .ci/run)', () => undefined);

let folder;
let sandbox;
let server;
let env;

const freePort = () =>
  new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function startRedis(port) {
  server = spawn(redis, ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  await new Promise((resolve) => {
    server.stdout.on('data', (data) => {
      text += data;
      if (text.includes('Ready to accept connections')) resolve();
    });
  });
}

/** A project of its own, in which the example's packages are installed. */
function lend(name, place) {
  const target = path.join(folder, 'node_modules', name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.symlinkSync(place, target, 'junction');
}

const fleet = (...args) => promisify(execFile)(process.execPath, ['fleet.js', ...args], { cwd: folder, env });

if (redis) {
  jest.setTimeout(120_000);
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-fleet-'));
    fs.copyFileSync(path.join(root, 'examples/fleet.js'), path.join(folder, 'fleet.js'));
    lend('cloudblue-connect-native', root);
    lend('bullmq', path.join(__dirname, 'consumers/node_modules/bullmq'));
    const port = await freePort();
    await startRedis(port);
    sandbox = await startSandbox({ records: 1000, latencyMs: 5 });
    env = {
      ...process.env,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      CONNECT_ENDPOINT: sandbox.url,
      CONNECT_API_KEY: sandbox.apiKey,
      BATCH: '100',
    };
    fs.writeFileSync(path.join(folder, 'ids.txt'), [...sandbox.records.keys()].join('\n'));
  });
  afterAll(async () => {
    server.kill();
    await sandbox.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('two workers close what was put into the queue, each record once; a third one finds nothing', async () => {
    expect((await fleet('enqueue', 'ids.txt', 'INV-7')).stdout).toBe('10 jobs\n');
    // Again: the same jobs.
    await fleet('enqueue', 'ids.txt', 'INV-7');
    const killed = spawn(process.execPath, ['fleet.js', 'work'], { cwd: folder, env, stdio: 'inherit' });
    const gone = new Promise((resolve) => killed.once('exit', resolve));
    await Promise.all([fleet('work', '--drain'), fleet('work', '--drain')]);
    killed.kill('SIGTERM');
    await gone;
    const { stdout } = await fleet('report');
    expect(JSON.parse(stdout)).toEqual({
      closed: 1000,
      alreadyClosed: 0,
      failed: 0,
      conflicts: 0,
      jobs: { waiting: 0, active: 0, delayed: 0, failed: 0 },
    });
    expect([...sandbox.attempts.values()].every((attempts) => attempts.length === 1)).toBe(true);
    expect(fs.readdirSync(path.join(folder, 'journals'))).toHaveLength(10);
  });
}
