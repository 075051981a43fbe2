'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { startRegistry } = require('./registry');

/**
 * A release on this machine. For each test there is a registry, an npm that knows nothing of this machine's and is logged in
 * there, and a folder for tarballs; they are fields of what is returned, and gone after the test.
 */

const root = path.join(__dirname, '../..');
const TOKEN = 'npm_secretOfThePublisher';

function rehearse() {
  const release = {};
  beforeEach(async () => {
    release.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-release-'));
    release.dist = path.join(release.folder, 'dist');
    fs.mkdirSync(release.dist);
    release.registry = await startRegistry(TOKEN);
    release.login(TOKEN);
  });
  afterEach(async () => {
    await release.registry.close();
    fs.rmSync(release.folder, { recursive: true, force: true });
  });

  /** Leaves a token where `npm login` does. */
  release.login = (token) => {
    const line = `${release.registry.url.replace('http:', '')}:_authToken=${token}\n`;
    fs.writeFileSync(path.join(release.folder, 'npmrc'), line);
  };

  /** Runs a program, and returns its exit code and all that it says. */
  release.run = async (command, args, { cwd = root, ...more } = {}) => {
    const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|ACTIONS_|GITHUB_)/i.test(name));
    const env = {
      ...Object.fromEntries(kept),
      npm_config_registry: release.registry.url,
      npm_config_userconfig: path.join(release.folder, 'npmrc'),
      npm_config_cache: path.join(release.folder, 'cache'),
      npm_config_fetch_retries: '0',
      npm_config_update_notifier: 'false',
      ...more,
    };
    const options = { cwd, env, maxBuffer: 1 << 26, shell: process.platform === 'win32' };
    try {
      const { stdout, stderr } = await promisify(execFile)(command, args, options);
      return { code: 0, said: `${stdout}${stderr}` };
    } catch (error) {
      return { code: error.code, said: `${error.stdout}${error.stderr}` };
    }
  };

  release.publish = (...options) =>
    release.run(process.execPath, ['scripts/publish.js', release.dist, ...options]);
  return release;
}

module.exports = { TOKEN, rehearse };
