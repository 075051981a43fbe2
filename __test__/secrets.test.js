'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');

// The key is in nothing that the package prints, writes or tells; nor is the password of a proxy.

const TOKEN = 'q7Zr9-top.secret_token';

test('no output holds the key', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-secrets-'));
  try {
    const program = path.join(__dirname, 'fixtures/secrets.js');
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [program, folder, `ApiKey SU-123-456-789:${TOKEN}`],
      { env: { ...process.env, CONNECT_LOG: 'debug' }, maxBuffer: 1 << 28 },
    );
    // The proof that there was something to find, and that all of it was looked at.
    expect(stdout).toContain('the server saw it: true');
    for (const what of [
      'event start',
      'event retry',
      'event error',
      'APIError',
      'ConnectionError',
      'TimeoutError',
      // What servers sent back, and arguments given the other way round.
      ...['engine', 'hook', 'agent'].flatMap((road) => [
        `echo of get over ${road}: APIError`,
        `echo of many over ${road}: {`,
        `swapped close over ${road}: TypeError`,
        `swapped many over ${road}: TypeError`,
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
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
