'use strict';

/** The package under the versions of Jest that consumers have: 25 (the original's own), 29 and 30. */

const { spawn } = require('child_process');
const path = require('path');

const { startServer } = require('./support/server');

const project = path.join(__dirname, 'fixtures/jest-project');

let server;
beforeAll(async () => {
  server = await startServer(({ url }) =>
    url.includes('refused')
      ? { status: 400, json: { error_code: 'VAL_001', errors: ['no'] } }
      : { json: { id: 'UR-1', list: [1, { two: 2 }] } },
  );
});
afterAll(() => server.close());

function run(version, ...more) {
  const args = [
    path.join(__dirname, '../node_modules', version, 'bin/jest.js'),
    '--rootDir',
    project,
    '--testRegex',
    'spec\\.js$',
    '--testSequencer',
    path.join(project, 'byName.js'),
    '--runInBand',
    '--no-cache',
    '--detectOpenHandles',
    '--config',
    '{"modulePathIgnorePatterns":[]}',
    ...more,
  ];
  return new Promise((resolve) => {
    const env = { ...process.env, SERVER: server.url, CI: 'true' };
    const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** The environment that a version of Jest brings; npm keeps old ones below the version itself. */
function environment(version, name) {
  return require.resolve(name, { paths: [path.join(__dirname, '../node_modules', version)] });
}

test.each([
  ['jest25', 'jest-environment-node'],
  ['jest25', 'jest-environment-jsdom'],
  ['jest29', 'jest-environment-node'],
  ['jest', 'jest-environment-node'],
])(
  '%s with %s',
  async (version, name) => {
    const { code, output } = await run(version, `--env=${environment(version, name)}`);
    expect(output).toContain('Tests:       7 passed, 7 total');
    // napi-rs keeps a handle of its own, named CustomGC, that never holds a process open. Jest knows it since
    // 30.5 and lists it before; any other handle would be ours.
    const handles = [...output.matchAll(/●\s+(\w+)\n/g)].map(([, handle]) => handle);
    expect(handles.filter((handle) => handle !== 'CustomGC')).toEqual([]);
    if (version === 'jest') expect(output).not.toMatch(/open handle/);
    expect(output).not.toMatch(/did not exit/);
    expect(code).toBe(0);
  },
  120000,
);
