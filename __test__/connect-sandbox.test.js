'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { ConnectClient } = require('..');
const { useFolder } = require('./support/folder');

// The command `connect-sandbox`, as a process of its own.

const command = path.join(__dirname, '../bin/connect-sandbox.js');
const folder = useFolder();
const running = new Set();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the command. `printed` is what it prints first; `ended` resolves when it ends. */
function start(...args) {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  let output = '';
  const printed = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      output += data;
      if (output.endsWith('\n')) resolve(output);
    });
  });
  const ended = new Promise((resolve) => {
    child.on('close', (status, signal) => {
      running.delete(child);
      resolve({ status, signal, output, errors });
    });
  });
  return { child, printed, ended };
}

test('prints the endpoint and the keys, and serves until it is interrupted', async () => {
  const { child, printed, ended } = start('--records', '3', '--json');
  const { endpoint, apiKey, keys } = JSON.parse(await printed);
  const client = new ConnectClient(endpoint, apiKey);
  expect(await client.usageRecords.search({})).toHaveLength(3);
  await expect(new ConnectClient(endpoint, keys.vendor).usageFiles.accept('UF-0')).rejects.toMatchObject({
    status: 403,
  });
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ status: 0, signal: null, errors: '' });
});

test('for people it prints a line each', async () => {
  const { child, printed } = start();
  expect((await printed).replace(/:\d+\//, ':PORT/').split('\n')).toEqual([
    'endpoint  http://127.0.0.1:PORT/public/v1',
    'key       ApiKey SU-000-000:sandbox',
    'vendor    ApiKey SU-000-001:sandbox-vendor',
    'provider  ApiKey SU-000-002:sandbox-provider',
    '',
  ]);
  child.kill('SIGINT');
});

test('further options are those of startSandbox, in a file', async () => {
  const options = { records: [{ id: 'UR-1' }], faults: [{ kind: 'status', status: 418 }] };
  fs.writeFileSync(path.join(folder, 'options.json'), JSON.stringify(options));
  const { child, printed } = start('--options', 'options.json', '--json');
  const { endpoint, apiKey } = JSON.parse(await printed);
  const client = new ConnectClient(endpoint, apiKey);
  await expect(client.usageRecords.get('UR-1')).rejects.toMatchObject({ status: 418 });
  child.kill('SIGTERM');
});

test.each([
  [['--port', 'x'], "--port must be a whole number, not 'x'"],
  [['--port', '99999'], 'port must be an integer from 0 to 65535'],
  [['--colour', 'red'], "'--colour'"],
  [['more'], "'more'"],
  [['--options', 'none.json'], 'cannot use none.json'],
])('refuses %j', async (args, message) => {
  const { status, errors, output } = await start(...args).ended;
  expect([status, output]).toEqual([2, '']);
  expect(errors).toContain(message);
  expect(errors).toContain('--help');
});

test('a port that is taken is no mistake of the command line', async () => {
  const { child, printed } = start('--json');
  const { port } = new URL(JSON.parse(await printed).endpoint);
  expect(await start('--port', port).ended).toMatchObject({
    status: 1,
    errors: expect.stringContaining('EADDRINUSE'),
  });
  child.kill('SIGTERM');
});

test('--help', async () => {
  const { status, output } = await start('--help').ended;
  expect(status).toBe(0);
  expect(output).toContain('npx -p cloudblue-connect-native connect-sandbox');
});
