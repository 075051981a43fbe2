'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');

// Installed from source: a folder, and git. `prepare` builds the addon then, which takes minutes; CONNECT_CONSUMERS says
// that there is time for it (see .ci/run). A clone is what CI itself installs.

const root = path.join(__dirname, '..');
const isReady = Boolean(process.env.CONNECT_CONSUMERS);
if (!isReady) test.skip('from source: CONNECT_CONSUMERS is not set (see .ci/run)', () => undefined);

/** What is committed, as others get it: no addon, nothing installed. */
async function cloneTo(folder) {
  await promisify(execFile)('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, folder]);
  return folder;
}

async function install(folder, what) {
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "name": "consumer", "private": true }');
  // Apart from our own: to cargo this is the same package, so what is built of the clone would be taken for ours. Not `CI`:
  // with the options of a release, as a user's would be.
  const env = { ...process.env, CARGO_TARGET_DIR: path.join(root, 'target/source-install'), CI: '' };
  const npm = path.join(path.dirname(process.execPath), 'npm');
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--foreground-scripts', what];
  await promisify(execFile)(npm, args, { cwd: folder, env, maxBuffer: 1 << 26 });
  const program = `
    const { ConnectClient } = require('cloudblue-connect-native');
    const { startSandbox } = require('cloudblue-connect-native/testing');
    (async () => {
      const sandbox = await startSandbox({ records: 1 });
      const [id] = sandbox.records.keys();
      const { status } = await new ConnectClient(sandbox.url, sandbox.apiKey).usageRecords.close(id, 'INV-7');
      console.log(status);
      await sandbox.close();
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { cwd: folder });
  return stdout;
}

if (isReady) {
  jest.setTimeout(1_200_000);
  let folder;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-source-'));
    fs.mkdirSync(path.join(folder, 'consumer'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('a folder', async () => {
    const clone = await cloneTo(path.join(folder, 'clone'));
    expect(await install(path.join(folder, 'consumer'), clone)).toBe('closed\n');
  });

  test('git', async () => {
    const clone = await cloneTo(path.join(folder, 'clone'));
    expect(await install(path.join(folder, 'consumer'), `git+file://${clone}`)).toBe('closed\n');
  });
}
