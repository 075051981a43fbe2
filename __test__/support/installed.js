'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');

/**
 * The tarballs, installed in a project of their own: without a compiler, without scripts, without a network. `npm run
 * pack:local` makes them; CONNECT_CONSUMERS says that the tools of consumers are installed, too (`npm install` in
 * `__test__/consumers`). Without it the tests are skipped.
 */

const root = path.join(__dirname, '../..');
const dist = path.join(root, 'dist');
const tools = path.join(__dirname, '../consumers/node_modules');
const { version } = require('../../package.json');

const isReady = Boolean(process.env.CONNECT_CONSUMERS);
const testPackage = isReady ? test : () => undefined;
if (!isReady) test.skip('the tarballs: CONNECT_CONSUMERS is not set (see .ci/run)', () => undefined);

const tarballs = () => {
  const all = fs.readdirSync(dist).filter((file) => file.endsWith('.tgz'));
  const main = `cloudblue-connect-native-${version}.tgz`;
  return {
    main: path.join(dist, main),
    platform: path.join(
      dist,
      all.find((file) => file !== main),
    ),
  };
};

/** What an environment without a compiler has: Node and npm, and nothing of this project's. */
const bare = { ...process.env, PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, CARGO: '', CC: '' };

/** The project, whose `afterAll` would not run for skipped tests. */
const folder = isReady && fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'connect-package-')));
const run = async (command, args, options) => {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env: bare, ...options });
    return stdout;
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
  }
};
const node = (...args) => run(process.execPath, args);
const write = (file, text) => {
  const place = path.join(folder, file);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, text);
  return place;
};
/** Makes a tool's package resolvable from the project. */
const lend = (tool, from = tools) => {
  const place = path.join(folder, 'node_modules', tool);
  if (!fs.existsSync(place)) fs.symlinkSync(path.join(from, tool), place, 'dir');
};
/** Where the package with the addon is. */
const addonPlace = () => {
  const scope = path.join(folder, 'node_modules/@cloudblue-connect-native');
  const [found] = fs.readdirSync(scope);
  return path.join(scope, found);
};

const BODY = `
  const sandbox = await startSandbox({ records: 2 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  const [id] = [...sandbox.records.keys()];
  const { status } = await client.usageRecords.close(id, 'INV-7', 'January');
  await sandbox.close();`;
const CJS = `
const { ConnectClient } = require('cloudblue-connect-native');
const { startSandbox } = require('cloudblue-connect-native/testing');
(async () => {${BODY}
  console.log(status);
})();`;
const ESM = `
import { ConnectClient } from 'cloudblue-connect-native';
import { startSandbox } from 'cloudblue-connect-native/testing';
${BODY}
console.log(status);`;

/** Threads that come one after the other, and load the package where nobody else has it; they close a record each. */
const THREADS = `
const { Worker } = require('worker_threads');
(async () => {
  const statuses = [];
  for (let i = 0; i < 4; i += 1) {
    const worker = new Worker('./worker.cjs');
    worker.on('message', (status) => statuses.push(status));
    await new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve));
  }
  console.log(statuses.join(' '));
})();`;
const THREAD = CJS.replace('console.log(status)', "require('worker_threads').parentPort.postMessage(status)");

if (isReady) {
  jest.setTimeout(300_000);
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    write('package.json', '{ "name": "consumer", "private": true }');
    const { main, platform } = tarballs();
    const npm = path.join(path.dirname(process.execPath), 'npm');
    await run(npm, ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', main, platform]);
  });
}

module.exports = {
  BODY,
  CJS,
  ESM,
  THREAD,
  THREADS,
  addonPlace,
  bare,
  dist,
  folder,
  isReady,
  lend,
  node,
  root,
  run,
  tarballs,
  testPackage,
  tools,
  write,
};
