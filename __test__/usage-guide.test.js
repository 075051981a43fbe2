'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');
const { useServer } = require('./support/server');

// The programs of docs/usage.md run. The server is as much of the usage module as they need.

const root = path.join(__dirname, '..');
const [report, bill] = [
  ...fs.readFileSync(path.join(root, 'docs/usage.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm),
].map(([, code]) => code);

const folder = useFolder();
const server = useServer();

beforeAll(() => {
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(root, path.join(folder, 'node_modules/cloudblue-connect-native'), 'junction');
  for (const name of ['january.xlsx', 'billed.xlsx']) fs.writeFileSync(path.join(folder, name), 'a sheet');
});

/** Runs a program in the folder; resolves to what it prints. */
function run(code) {
  const program = code.replaceAll('https://api.connect.cloudblue.com/public/v1', server.url);
  const env = { ...process.env, NO_PROXY: '*' };
  const child = spawn(process.execPath, ['-e', program], { cwd: folder, env });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].on('data', (data) => {
      printed[name] += data;
    });
  }
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...printed })));
}

const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Answers by request line, the first of a list once; anything else is no such request. */
function answer(answers) {
  server.answer = ({ method, url }) => {
    const found = answers[`${method} ${url}`];
    const next = Array.isArray(found) && found.length > 1 ? found.shift() : [found].flat()[0];
    if (next === undefined)
      return { status: 404, json: { error_code: 'NFND', errors: [`${method} ${url}`] } };
    return typeof next === 'string' ? { json: { id: url.split('/')[3], status: next } } : next;
  };
}

const FILE = {
  'POST /usage/files': { status: 201, json: { id: 'UF-1', status: 'draft' } },
  'POST /usage/files/UF-1/upload': 'uploading',
  'POST /usage/files/UF-1/submit': 'pending',
};

test('a vendor reports usage', async () => {
  answer({ ...FILE, 'GET /usage/files/UF-1': ['processing', 'ready'] });
  expect(await run(report)).toEqual({
    status: 0,
    stdout: 'UF-1 is processing\nUF-1 is pending\n',
    stderr: '',
  });
  expect(server.requests[1].body).toContain('name="usage_file"; filename="january.xlsx"');
});

test('a file that is invalid says why, and is not submitted', async () => {
  const invalid = {
    json: { id: 'UF-1', status: 'invalid', error_detail: 'row 7', processed_file_uri: '/here' },
  };
  answer({ ...FILE, 'GET /usage/files/UF-1': invalid });
  const { status, stderr } = await run(report);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^waitFor: UF-1 is invalid, .* ready or uploaded: row 7 \/here\n/);
  expect(server.requests.map(({ url }) => url)).not.toContain('/usage/files/UF-1/submit');
});

test('a provider bills usage', async () => {
  const chunk = '/usage/chunks/UFC-2020-07-8349-4102-001';
  const sheet = { headers: { 'Content-Type': SHEET }, body: 'PK' };
  answer({
    [`GET ${chunk}`]: ['draft', 'ready'],
    [`GET ${chunk}/download`]: sheet,
    [`PUT ${chunk}`]: 'ready',
    [`POST ${chunk}/close`]: 'closed',
    'POST /usage/reconciliations': { status: 201, json: { id: 'RCF-1', status: 'uploaded' } },
    'GET /usage/reconciliations/RCF-1': ['processing', 'processed'],
    'GET /usage/reconciliations/RCF-1/processedfile': sheet,
  });
  expect(await run(bill)).toEqual({
    status: 0,
    stdout: 'UFC-2020-07-8349-4102-001 is closed\nRCF-1.xlsx has what came of it\n',
    stderr: '',
  });
  expect(fs.readFileSync(path.join(folder, 'RCF-1.xlsx'), 'utf8')).toBe('PK');
});
