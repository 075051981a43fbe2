'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const path = require('path');
const { PassThrough, Writable } = require('stream');
const { version } = require('../package.json');
const { confirm } = require('../lib/internal/cli/confirm');
const { COMMANDS, main } = require('../lib/internal/cli/main');
const { parseLines } = require('../lib/internal/cli/environment');
const { UsageError } = require('../lib/internal/cli/errors');
const { makeIo } = require('../lib/internal/cli/io');
const { nearest } = require('../lib/internal/cli/nearest');
const { KEY, runCommand } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');
const { startServer } = require('./support/server');

// What all commands of `connect-usage` have in common.

const folder = useFolder();
const startSandbox = useSandboxes();

const sink = () => {
  const texts = [];
  const write = (piece, _encoding, done) => {
    texts.push(`${piece}`);
    done();
  };
  return { stream: new Writable({ write }), text: () => texts.join('') };
};

/** Runs a command with an environment of its own. */
async function run(args, env = {}) {
  const [stdout, stderr] = [sink(), sink()];
  const code = await main(args, { env, stdout: stdout.stream, stderr: stderr.stream });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function file(name, text) {
  const place = path.join(folder, name);
  fs.writeFileSync(place, text);
  return place;
}

test('the help of the whole names every command', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { name } of COMMANDS) expect(stdout).toContain(`\n  ${name} `);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(112);
  expect((await run(['-h'])).stdout).toBe(stdout);
  expect((await run(['help'])).stdout).toBe(stdout);
});

test.each(COMMANDS.map((command) => [command.name, command]))(
  'the help of %s has its flags and an example',
  async (name, { options, examples, aliases = [] }) => {
    const words = name.split(' ');
    const { code, stdout } = await run([...words, '--help']);
    expect(code).toBe(0);
    for (const flag of Object.keys(options)) expect(stdout).toMatch(new RegExp(`--${flag}\\b`));
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(stdout).toContain(example);
      expect(example).toMatch(new RegExp(`^connect-usage ${name}\\b`));
    }
    expect((await run([...words, '-h'])).stdout).toBe(stdout);
    expect((await run(['help', ...words])).stdout).toBe(stdout);
    for (const alias of aliases) expect((await run([alias, '--help'])).stdout).toBe(stdout);
  },
);

test('the help of a noun has its commands', async () => {
  const { stdout } = await run(['chunks', '--help']);
  expect(stdout).toContain('chunks regenerate');
  expect(stdout).not.toContain('files accept');
});

test('the version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  [['file', 'list'], "unknown command 'file'; did you mean 'files'?"],
  [['files', 'acept', 'UF-1'], "unknown command 'files acept'; did you mean 'files accept'?"],
  [['chunks', 'approve'], 'chunks has list, get, download, close, regenerate, wait'],
  [['download'], "unknown command 'download'; there is files download, chunks download, reconcile download"],
  [['reconcile'], 'reconcile needs another word: upload, wait, download, list, get'],
  [['files', 'list', '--statsu', 'draft'], 'files list has no flag --statsu; did you mean --status?'],
  [['files', 'list', '--status'], "'--status <value>' argument missing"],
  [['files', 'list', '--json=yes'], "'--json' does not take an argument"],
  [['files', 'list', '--api-key=SU-000-000:other'], 'files list has no flag --api-key'],
])('%p is wrong usage: the nearest name is proposed', async (args, message) => {
  const { code, stdout, stderr } = await run(args, { CONNECT_API_KEY: KEY });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/see npx -p cloudblue-connect-native connect-usage .*--help\n$/);
});

test('a key that is typed in the wrong place is not repeated', async () => {
  for (const args of [
    [KEY],
    ['files', 'get', KEY],
    ['files', 'list', KEY],
    ['files', 'list', '--from', KEY],
  ]) {
    const { code, stdout, stderr } = await run(args, { CONNECT_API_KEY: KEY });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toContain('topsecret');
  }
});

test('flags of every command may stand before it', async () => {
  const sandbox = await startSandbox({ files: 1, apiKey: KEY });
  const env = { CONNECT_API_KEY: KEY };
  const { code, stdout } = await run(['--endpoint', sandbox.url, '--json', 'files', 'list'], env);
  expect({ code, count: JSON.parse(stdout).length }).toEqual({ code: 0, count: 1 });
});

test.each([
  [undefined, 'CONNECT_API_KEY is missing'],
  ['SU-000-000:topsecret', 'CONNECT_API_KEY lacks the word ApiKey'],
  ['"ApiKey SU-000-000:topsecret"', 'CONNECT_API_KEY has quotes in it'],
  ["'ApiKey SU-000-000:topsecret", 'CONNECT_API_KEY has quotes in it'],
])('the key %p is refused with a hint', async (key, message) => {
  const { code, stderr } = await run(['files', 'list'], { CONNECT_API_KEY: key });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('topsecret');
});

test('a key that Connect does not accept: exit code 1, and a hint', async () => {
  const sandbox = await startSandbox({ files: 1, apiKey: 'ApiKey SU-000-000:other' });
  const { code, stderr } = await runCommand(['files', 'list'], { sandbox });
  expect(code).toBe(1);
  expect(stderr).toContain('failed with status 401: AUTH_001');
  expect(stderr).toContain('hint: the key is not accepted');
});

test('a key with the wrong role: a hint says who does what', async () => {
  const sandbox = await startSandbox({ files: [{ id: 'UF-1', status: 'pending' }] });
  const env = { CONNECT_ENDPOINT: sandbox.url, CONNECT_API_KEY: sandbox.keys.vendor };
  const { code, stderr } = await run(['files', 'accept', 'UF-1', '--yes'], env);
  expect(code).toBe(1);
  expect(stderr).toContain('hint: the key may not do this: vendors create');
});

test('an endpoint without /public/v1 is named, whatever comes of it', async () => {
  const server = await startServer({ status: 404, body: '<html>not here</html>' });
  const { code, stderr } = await run(['files', 'list'], {
    CONNECT_ENDPOINT: server.url,
    CONNECT_API_KEY: KEY,
  });
  await server.close();
  expect(code).toBe(1);
  expect(stderr).toContain('CONNECT_ENDPOINT does not end in /public/v1');
  const noUrl = await run(['files', 'list', '--endpoint', 'api.example/public/v1'], { CONNECT_API_KEY: KEY });
  expect(noUrl.code).toBe(2);
  expect(noUrl.stderr).toContain('--endpoint must be a URL such as https://');
});

test('a server that is down: exit code 1, and a hint', async () => {
  const env = { CONNECT_ENDPOINT: 'http://127.0.0.1:1/public/v1', CONNECT_API_KEY: KEY };
  const { code, stderr } = await run(['files', 'get', 'UF-1'], env);
  expect(code).toBe(1);
  expect(stderr).toContain('hint: check the endpoint, the network, and the proxy');
});

test('--env-file: its lines count more than the environment', async () => {
  const sandbox = await startSandbox({ files: 1, apiKey: KEY });
  const lines = `# the account of the tests\nCONNECT_ENDPOINT=${sandbox.url}\nCONNECT_API_KEY="${KEY}"\n`;
  const env = { CONNECT_API_KEY: 'ApiKey SU-000-000:other' };
  const place = file('test.env', lines);
  expect((await run(['files', 'list', '--env-file', place, '--json'], env)).code).toBe(0);
  // As PowerShell's `>` writes it.
  fs.writeFileSync(path.join(folder, 'utf16.env'), `\ufeff${lines.replace(/\n/g, '\r\n')}`, 'utf16le');
  expect((await run(['files', 'list', '--env-file', path.join(folder, 'utf16.env')])).code).toBe(0);
  const missing = await run(['files', 'list', '--env-file', 'none.env']);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('cannot read --env-file none.env');
  const empty = await run(['files', 'list', '--env-file', file('empty.env', 'nothing\n')]);
  expect(empty.stderr).toContain('has no lines such as CONNECT_API_KEY=');
});

test('lines of an environment file, where Node has no parser for them', () => {
  const text = 'A=1\r\nexport B="x # y"\nC = z # a comment\n# D=1\nE=\'ApiKey SU-1:a b\'\nF=\nno line';
  expect(parseLines(text)).toEqual({ A: '1', B: 'x # y', C: 'z', E: 'ApiKey SU-1:a b', F: '' });
});

test('--proxy sends through a proxy, --no-proxy does not', async () => {
  const sandbox = await startSandbox({ files: 1, apiKey: KEY });
  const env = { CONNECT_ENDPOINT: sandbox.url, CONNECT_API_KEY: KEY };
  const server = await startServer({ status: 407 });
  const proxy = server.url.replace('http://', 'http://name:hidden@');
  const far = { ...env, CONNECT_ENDPOINT: 'http://connect.invalid/public/v1' };
  const proxied = await run(['files', 'list', '--proxy', proxy], far);
  await server.close();
  expect(server.requests[0].url).toMatch(/^http:\/\/connect\.invalid\/public\/v1\/usage\/files/);
  expect(proxied.code).toBe(1);
  expect(proxied.stderr).toContain('hint: the proxy wants a name and a password');
  expect(proxied.stderr).not.toContain('hidden');
  expect((await run(['files', 'list', '--no-proxy'], env)).code).toBe(0);
  const both = await run(['files', 'list', '--proxy', proxy, '--no-proxy'], env);
  expect(both.stderr).toContain('--proxy and --no-proxy cannot be used together');
  const wrong = await run(['files', 'list', '--proxy', 'name:hidden@proxy:3128'], env);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--proxy must be a URL such as') });
  expect(wrong.stderr).not.toContain('hidden');
});

test('the proxy of the environment is taken, but not for the hosts of NO_PROXY', async () => {
  const sandbox = await startSandbox({ files: 1, apiKey: KEY });
  const proxy = await startServer({ status: 407 });
  const script = path.join(__dirname, '../bin/connect-usage.js');
  const inherited = Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name));
  const list = (env) =>
    new Promise((resolve) => {
      const all = { ...Object.fromEntries(inherited), CONNECT_API_KEY: KEY, HTTP_PROXY: proxy.url, ...env };
      execFile(process.execPath, [script, 'files', 'list'], { env: all }, (error) =>
        resolve(error?.code ?? 0),
      );
    });
  expect(await list({ CONNECT_ENDPOINT: 'http://connect.invalid/public/v1' })).toBe(1);
  expect(proxy.requests).toHaveLength(1);
  expect(await list({ CONNECT_ENDPOINT: sandbox.url, NO_PROXY: '127.0.0.1' })).toBe(0);
  await proxy.close();
  expect(proxy.requests).toHaveLength(1);
});

test('the nearest word', () => {
  expect(nearest('lsit', ['list', 'get'])).toBe('list');
  expect(nearest('aprove-all', ['accept', 'approve-all'])).toBe('approve-all');
  expect(nearest('invoice', ['list', 'get'])).toBeUndefined();
  expect(nearest('x', [])).toBeUndefined();
});

test.each([
  ['y\n', true],
  ['YES\n', true],
  ['n\n', false],
  ['yesterday\n', false],
  ['\n', false],
  ['', false],
])('a question answered with %p', async (typed, expected) => {
  const stderr = sink();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(typed);
  const stdout = Object.assign(sink().stream, { isTTY: true });
  const terminal = Object.assign(stderr.stream, { isTTY: true });
  const io = makeIo({ stdin, stdout, stderr: terminal, env: {} });
  expect(await confirm(io, 'Close 1 chunk?', {})).toBe(expected);
  expect(stderr.text()).toBe(`Close 1 chunk? [y/N] ${expected ? '' : 'connect-usage: nothing was sent\n'}`);
});

test('without a terminal nothing is asked: --yes is needed', async () => {
  const io = makeIo({ stdin: new PassThrough(), stdout: sink().stream, stderr: sink().stream, env: {} });
  await expect(confirm(io, 'Close?', {})).rejects.toThrow(UsageError);
  await expect(confirm(io, 'Close?', {})).rejects.toThrow('--yes');
  expect(await confirm(io, 'Close?', { yes: true })).toBe(true);
});

test('colours only on a terminal, and never with NO_COLOR', async () => {
  const sandbox = await startSandbox({ files: 1, apiKey: KEY });
  const seen = await runCommand(['files', 'list'], { sandbox, terminal: true });
  expect(seen.stdout).toContain('\u001b[1mid ');
  expect((await runCommand(['files', 'list'], { sandbox })).stdout).toMatch(/^id /);
  const terminal = Object.assign(sink().stream, { isTTY: true });
  const io = (env) => makeIo({ stdout: terminal, stderr: terminal, env });
  expect([io({}).color, io({ NO_COLOR: '1' }).color, io({ TERM: 'dumb' }).color]).toEqual([
    true,
    false,
    false,
  ]);
});
