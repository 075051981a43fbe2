'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');

// The examples of a month, and the programs of docs/sandbox.md: they run, and print what they say.

const root = path.join(__dirname, '..');
const folder = useFolder();

beforeAll(() => {
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(root, path.join(folder, 'node_modules/cloudblue-connect-native'), 'junction');
});

/** Runs Node; resolves to what it prints. */
function node(...args) {
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, NO_PROXY: '*' } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      printed += data;
    });
  }
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, printed })));
}

const EXAMPLES = {
  vendor: [
    'the template is at /media/usage/products/PRD-736-723-721/template.xlsx',
    'invalid: Invalid records: 2. The processed file says why.',
    'ready: 2 records are valid',
    'the answer to the submission was lost; the file is read',
    'the file is pending, submitted 1 time(s)',
  ],
  chunks: [
    'UF-2021-01-3453-7567 is accepted',
    'UFC-2021-01-3453-7567-001.xlsx: 16 records of Sandbox hub 1',
    'UFC-2021-01-3453-7567-002.xlsx: 12 records of Sandbox hub 2',
    'UFC-2021-01-3453-7567-003.xlsx: 12 records of Sandbox hub 3',
    'closed 3 chunks, 0 unknown, 0 failed',
    'the file is closed; its records have 3 invoices',
    'most often closed: 1 time(s)',
  ],
  reconciliation: [
    'january.xlsx has 40 records',
    'Records with an invoice: 40. Failed rows: 0.',
    'RCF-2021-01-3453-7567-001.xlsx says what became of each row',
    'the file is closed, and 40 of its 40 records are billed',
  ],
};

test.each(Object.entries(EXAMPLES))('examples/usage/%s.js', async (name, lines) => {
  const { status, printed } = await node(path.join(root, 'examples/usage', `${name}.js`));
  expect(printed.trimEnd().split('\n')).toEqual(lines);
  expect(status).toBe(0);
});

const GUIDE = [
  'UF-1 is closed: 8 records are billed\n',
  'valid EUR\n',
  'uploading\ninvalid Invalid records: 1. The processed file says why.\n',
];
const programs = fs
  .readFileSync(path.join(root, 'docs/sandbox.md'), 'utf8')
  .matchAll(/^```js\n([\s\S]*?)^```$/gm);

test('the programs of docs/sandbox.md', async () => {
  const printed = [];
  for (const [, program] of programs) printed.push((await node('-e', program)).printed);
  expect(printed).toEqual(GUIDE);
});
