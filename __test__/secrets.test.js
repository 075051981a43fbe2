'use strict';

const { execFile } = require('child_process');
const path = require('path');
const { promisify } = require('util');
const { useFolder } = require('./support/folder');
const { TRANSPORTS } = require('./support/transports');

// Nothing that the package prints, writes or reports contains the key, or the password of a proxy.

const TOKEN = 'q7Zr9-top.secret_token';
const folder = useFolder();

test('no output holds the key', async () => {
  const program = path.join(__dirname, 'fixtures/secrets.js');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [program, folder, `ApiKey SU-123-456-789:${TOKEN}`],
    { env: { ...process.env, CONNECT_LOG: 'debug' }, maxBuffer: 1 << 28 },
  );
  // The output contains what it has to: the search was not in vain.
  expect(stdout).toContain('the server saw it: true');
  for (const what of [
    'event start',
    'event retry',
    'event error',
    'APIError',
    'ConnectionError',
    'TimeoutError',
    // Keys that servers sent back, and clients whose endpoint and key are swapped.
    ...Object.keys(TRANSPORTS).flatMap((transport) => [
      `echo of get over ${transport}: APIError`,
      `echo of many over ${transport}: {`,
      `swapped close over ${transport}: TypeError`,
      `swapped many over ${transport}: TypeError`,
    ]),
    'refused: ApiKey SU-123-456-789:****',
  ]) {
    expect(stdout).toContain(what);
  }
  expect(stdout.length).toBeGreaterThan(100_000);
  expect(stderr).toContain('cloudblue-connect [1] ');
  // Its id is shown, as Connect's own tools do.
  expect(stderr).toContain('ApiKey SU-123-456-789:****');
  const printed = `${stdout}${stderr}`;
  const at = printed.indexOf(TOKEN);
  expect(at < 0 ? '' : printed.slice(Math.max(0, at - 300), at + 40)).toBe('');
});
