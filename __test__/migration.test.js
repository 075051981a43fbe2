'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { startServer } = require('./support/server');

// MIGRATION.md is executed: each pair of programs runs on the original and on ours, and must send the same.

const root = path.join(__dirname, '..');
const ORIGINAL = '@cloudblueconnect/connect-javascript-sdk';

/** The pairs, by the heading they stand under; a section without a `Before:` has only an `after`. */
function pairs() {
  const sections = fs.readFileSync(path.join(root, 'MIGRATION.md'), 'utf8').split(/^## /m).slice(1);
  return sections
    .map((section) => {
      const [title] = section.split('\n');
      const find = (word) => new RegExp(`^${word}:\n\n\`\`\`js\n([\\s\\S]*?)\`\`\``, 'm').exec(section)?.[1];
      return [title, { before: find('Before'), after: find('After') }];
    })
    .filter(([, { after }]) => after !== undefined);
}

let server;
let folder;
beforeAll(async () => {
  server = await startServer(({ url }) => {
    if (url.includes('404')) return { status: 404, json: { error_code: 'NOT', errors: [] } };
    return url.endsWith('/download') ? { headers: { 'Content-Type': 'x/x' }, body: 'sheet' } : { json: [] };
  });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-migration-'));
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(path.join(modules, '@cloudblueconnect'), { recursive: true });
  fs.symlinkSync(path.join(root, 'node_modules', 'sdk22'), path.join(modules, ORIGINAL), 'junction');
  fs.symlinkSync(root, path.join(modules, 'cloudblue-connect-native'), 'junction');
});
afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await server.close();
});

/** Runs a program; what it printed, and what it sent. */
async function run(code) {
  server.requests.splice(0);
  const here = code.replaceAll('https://api.connect.cloudblue.com/public/v1', server.url);
  const output = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', here], { cwd: folder }, (error, stdout, stderr) =>
      error || stderr ? reject(error || new Error(stderr)) : resolve(stdout),
    );
  });
  const requests = server.requests.map(({ method, url, headers, body }) => ({
    method,
    // A range is written as two comparisons in one order; the server reads all of a query at once.
    url: url.split('&').sort().join('&'),
    body,
    key: headers.authorization,
    type: headers['content-type'],
  }));
  return { output, requests };
}

test('there are pairs', () => {
  expect(pairs().filter(([, { before }]) => before !== undefined).length).toBeGreaterThanOrEqual(5);
});

test.each(pairs())('%s', async (_title, { before, after }) => {
  const ours = await run(after);
  expect(ours.requests.length).toBeGreaterThan(0);
  if (before === undefined) return;
  expect(await run(before)).toEqual(ours);
});
