'use strict';

/** The documents tell the truth: the README's programs run, the files and tests that are named exist. */

const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const { startSandbox } = require('../testing');

const root = path.join(__dirname, '..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

/** Every JavaScript block of the README, with the heading that it stands under. */
function programs() {
  const found = [];
  let heading = '';
  for (const [, title, code] of read('README.md').matchAll(/^## (.*)$|^```js\n([\s\S]*?)^```$/gm)) {
    if (title) heading = title;
    else found.push([`${heading} (${found.length + 1})`, code]);
  }
  return found;
}

/** Runs a program as a user's own file, in a folder where the package is installed. */
function run(code, folder) {
  const file = path.join(folder, 'program.js');
  fs.writeFileSync(file, code);
  // The sandbox is on this machine, whatever proxy it has.
  const env = { ...process.env, NODE_PATH: '', NO_PROXY: '*' };
  const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve) => {
    const result = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => {
      result.stdout += data;
    });
    child.stderr.on('data', (data) => {
      result.stderr += data;
    });
    child.on('close', (status) => resolve({ ...result, status }));
  });
}

describe('the README', () => {
  let sandbox;
  let folder;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-readme-'));
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(root, path.join(folder, 'node_modules/cloudblue-connect-native'), 'junction');
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    sandbox = await startSandbox({ records: 10 });
  });
  afterEach(() => sandbox.close());

  test('has programs', () => {
    expect(programs().length).toBeGreaterThanOrEqual(5);
  });

  // The sandbox's first record has the id that the README uses.
  test.each(programs())('%s runs', async (_, code) => {
    const here = code
      .replaceAll('https://api.connect.cloudblue.com/public/v1', sandbox.url)
      .replaceAll('ApiKey SU-000-000:secret', sandbox.apiKey);
    const { status, stdout, stderr } = await run(here, folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    if (code.includes('console.log')) expect(stdout).not.toBe('');
    const closes = [...sandbox.records.values()].filter((record) => record.status === 'closed').length;
    if (/\.close\(id|closeOnce\(|usageRecords\.close\('/.test(code) && !code.includes('startSandbox')) {
      expect(closes).toBeGreaterThan(0);
    }
  });

  test('its two commands are scripts of the package', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(read('README.md')).toContain('npm install && npm start\nnpm install && npm test\n');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
  });
});

test('the example of tracing carries one trace through all requests', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-tracing-'));
  const example = JSON.stringify(path.join(root, 'examples/tracing.js'));
  const { status, stdout, stderr } = await run(`require(${example});`, folder);
  fs.rmSync(folder, { recursive: true });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('attempt 1 failed');
  expect(stdout).toMatch(/\n5 requests of 1 trace arrived\n$/);
});

test.each([
  'README.md',
  'ARCHITECTURE.md',
  'COMPATIBILITY.md',
  'MIGRATION.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
])('%s links to files that exist', (document) => {
  const links = [...read(document).matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link);
  const missing = links.filter((link) => !/^https?:/.test(link) && !fs.existsSync(path.join(root, link)));
  expect(missing).toEqual([]);
});

test.each(['README.md', 'COMPATIBILITY.md', 'MIGRATION.md', 'SECURITY.md'])(
  '%s links to what is packed',
  (document) => {
    const { files } = JSON.parse(read('package.json'));
    const packed = [...files, 'README.md', 'LICENSE'];
    const links = [...read(document).matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link);
    const missing = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => !packed.some((place) => link === place || link.startsWith(`${place}/`)));
    expect(missing).toEqual([]);
  },
);

test('nobody is told to have npx ask the registry for the name of the command', () => {
  const tracked = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean);
  const texts = tracked.filter((file) => /\.(md|js|mjs|ts|mts|json|rs|ya?ml|sh)$/.test(file));
  expect(texts).toEqual(expect.arrayContaining(['README.md', 'MIGRATION.md', 'lib/cli/main.js']));
  const bare = new RegExp(`\\b(npx|bunx|pnpm dlx|yarn dlx|npm exec)( -y| --yes| --)* connect-${'usage'}`);
  expect(texts.filter((file) => fs.existsSync(path.join(root, file)) && bare.test(read(file)))).toEqual([]);
  expect(read('README.md')).toContain('npx -p cloudblue-connect-native connect-usage');
  expect(read('lib/cli/main.js')).toContain('npx -p cloudblue-connect-native connect-usage');
});

test('the words of bundlers stand beside what helps', () => {
  const [, section] = /\n## Bundlers[^\n]*\n([\s\S]*?)\n## /.exec(read('README.md'));
  for (const words of [
    'not placeable in ESM chunks',
    'You may need an appropriate loader',
    'serverExternalPackages',
  ]) {
    expect(section).toContain(words);
  }
});

test.each(['ARCHITECTURE.md', 'COMPATIBILITY.md'])('%s names tests that exist', (document) => {
  const named = [...read(document).matchAll(/`(?:__test__\/)?([\w/-]+(?:\.test\.js|\.rs|\/))`/g)].map(
    ([, name]) => name,
  );
  const missing = named.filter(
    (name) => !fs.existsSync(path.join(__dirname, name)) && !fs.existsSync(path.join(root, name)),
  );
  expect(missing).toEqual([]);
});

/** The numbers in a text such as "facts 42 to 53" or "facts 27, 28 and 30". */
function numbers(text) {
  const found = new Set();
  for (const [, from, to] of text.matchAll(/(\d+)(?: to (\d+))?/g)) {
    for (let number = Number(from); number <= Number(to || from); number += 1) found.add(number);
  }
  return found;
}

test('every fact that a comment cites stands in COMPATIBILITY.md', () => {
  const listed = new Set();
  for (const [, entry] of read('COMPATIBILITY.md').matchAll(/^- ([\d, to]+):/gm)) {
    for (const number of numbers(entry)) listed.add(number);
  }
  const files = ['lib', 'src', 'testing'].flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.join(folder, `${file}`)),
  );
  const unknown = [];
  let cited = 0;
  for (const file of files.filter((name) => /\.(rs|js)$/.test(name))) {
    const text = read(file).replace(/\n\s*(\/\/[/!]?|\*)\s*/g, ' ');
    for (const [citation] of text.matchAll(/\b[Ff]acts? \d+(?:(?:, | to | and )\d+)*/g)) {
      cited += 1;
      for (const number of numbers(citation)) if (!listed.has(number)) unknown.push(`${file}: ${citation}`);
    }
  }
  expect(unknown).toEqual([]);
  expect(cited).toBeGreaterThan(20);
});

test('the core has never heard of Node', () => {
  const files = fs
    .readdirSync(path.join(root, 'src/core'), { recursive: true })
    .filter((file) => `${file}`.endsWith('.rs'));
  expect(files.length).toBeGreaterThan(10);
  const guilty = files.filter((file) => /\bnapi\b/.test(read(path.join('src/core', `${file}`))));
  expect(guilty).toEqual([]);
});

test('the face holds no endpoint: no path of the API stands in lib', () => {
  const files = fs
    .readdirSync(path.join(root, 'lib'), { recursive: true })
    .filter((file) => `${file}`.endsWith('.js'));
  const guilty = files.filter((file) => {
    const code = read(path.join('lib', `${file}`)).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    return /['"`]\/(usage|accounts|assets|products|requests)\b|external_billing/.test(code);
  });
  expect(guilty).toEqual([]);
});
