'use strict';

/** The documents are true: the README's programs run, and the files and tests that they name exist. */

const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const { startSandbox } = require('../testing');
const { startChunkServer } = require('./support/chunk-server');

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

  const isAboutChunks = ([, code]) => code.includes('usageChunks');

  test.each(programs().filter(isAboutChunks))('%s closes chunks', async (_, code) => {
    const server = await startChunkServer({ chunks: 2 });
    try {
      const here = code.replaceAll('https://api.connect.cloudblue.com/public/v1', server.url);
      const { status, stdout, stderr } = await run(here, folder);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain('closed now, or before by the journal: 2 0');
    } finally {
      await server.close();
    }
  });

  // The sandbox's first record has the id that the README uses.
  test.each(programs().filter((program) => !isAboutChunks(program)))('%s runs', async (_, code) => {
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

const DOCUMENTS = fs
  .readdirSync(root)
  .filter((file) => file.endsWith('.md'))
  .concat(fs.readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`))
  .filter((file) => file.endsWith('.md'));

/** The links of a document to files of the repository, from its root: `[file, anchor]`. */
function linksOf(document) {
  return [...read(document).matchAll(/\]\((?!https?:)([^)]*)\)/g)].map(([, link]) => {
    const [file, anchor] = link.split('#');
    return [file === '' ? document : path.posix.join(path.posix.dirname(document), file), anchor];
  });
}

/** The anchors of a document, as GitHub makes them of its headings. */
function anchorsOf(document) {
  return [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

test.each(DOCUMENTS)('the links of %s lead to files and headings that exist', (document) => {
  const missing = linksOf(document).filter(
    ([file, anchor]) =>
      !fs.existsSync(path.join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor)),
  );
  expect(missing).toEqual([]);
});

test.each(['README.md', 'COMPATIBILITY.md', 'MIGRATION.md', 'SECURITY.md'])(
  '%s links to what is packed',
  (document) => {
    const { files } = JSON.parse(read('package.json'));
    const packed = [...files, 'README.md', 'LICENSE'];
    const missing = linksOf(document).filter(
      ([file]) => !packed.some((place) => file === place || file.startsWith(`${place}/`)),
    );
    expect(missing).toEqual([]);
  },
);

test('every document names the package to npx, which would otherwise look up the name of the command', () => {
  const tracked = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean);
  const texts = tracked.filter((file) => /\.(md|js|mjs|ts|mts|json|rs|ya?ml|sh)$/.test(file));
  expect(texts).toEqual(expect.arrayContaining(['README.md', 'MIGRATION.md', 'lib/internal/cli/main.js']));
  const bare = new RegExp(`\\b(npx|bunx|pnpm dlx|yarn dlx|npm exec)( -y| --yes| --)* connect-${'usage'}`);
  expect(texts.filter((file) => fs.existsSync(path.join(root, file)) && bare.test(read(file)))).toEqual([]);
  expect(read('README.md')).toContain('npx -p cloudblue-connect-native connect-usage');
  expect(read('lib/internal/cli/main.js')).toContain('npx -p cloudblue-connect-native connect-usage');
});

test('the section on bundlers quotes their errors', () => {
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

test('the core does not use napi', () => {
  const files = fs
    .readdirSync(path.join(root, 'src/core'), { recursive: true })
    .filter((file) => `${file}`.endsWith('.rs'));
  expect(files.length).toBeGreaterThan(10);
  const guilty = files.filter((file) => /\bnapi\b/.test(read(path.join('src/core', `${file}`))));
  expect(guilty).toEqual([]);
});

test('the wrapper holds no endpoint: no path of the API stands in lib', () => {
  const files = fs
    .readdirSync(path.join(root, 'lib'), { recursive: true })
    .filter((file) => `${file}`.endsWith('.js'));
  const guilty = files.filter((file) => {
    const code = read(path.join('lib', `${file}`)).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    return /['"`]\/(usage|accounts|assets|products|requests)\b|external_billing/.test(code);
  });
  expect(guilty).toEqual([]);
});
