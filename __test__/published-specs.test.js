'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

// The published SDK's own specs, which are in its npm package, run against ours: unchanged, with nothing but
// the paths of their `require`s mapped. Once with fetch mocked as they do it, and once over real HTTP.

jest.setTimeout(180000);

const root = path.join(__dirname, '..');
const fixtures = path.join(__dirname, 'fixtures', 'published-specs');
const sdk = path.join(root, 'node_modules', 'sdk22');

/** How many specs version 22.0.3 has. */
const SPECS = 144;

let folder;
beforeAll(() => {
  // Outside of `node_modules`, where Jest does not look for tests.
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'connect-specs-')));
  fs.cpSync(path.join(sdk, 'tests'), path.join(folder, 'tests'), { recursive: true });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const MODES = [
  ['with fetch mocked as they do it', { transport: undefined, index: root, setup: [], lib: root }],
  [
    'over real HTTP',
    {
      transport: 'engine',
      index: path.join(fixtures, 'package.js'),
      setup: [path.join(fixtures, 'loopback.js')],
      lib: root,
    },
  ],
  // The proof that specs which fail are noticed: an index without classes.
  [
    'against something else',
    { transport: undefined, index: path.join(root, 'package.json'), setup: [], lib: sdk },
  ],
];

/** Runs the specs; what Jest says of them. */
function run({ transport, index, setup, lib }) {
  const config = {
    rootDir: folder,
    testEnvironment: 'node',
    testMatch: ['<rootDir>/tests/specs/**/*.spec.js'],
    setupFiles: ['<rootDir>/tests/helpers/setup.js'],
    setupFilesAfterEnv: setup,
    modulePaths: [path.join(root, 'node_modules')],
    moduleNameMapper: {
      '^(?:\\.\\./)+index$': index,
      '^(?:\\.\\./)+lib/(.*)$': path.join(lib, 'lib', '$1'),
      // The version that they were written for.
      '^jest-fetch-mock$': path.join(root, 'node_modules', 'jest-fetch-mock3'),
    },
    watchman: false,
  };
  const report = path.join(folder, `report-${path.basename(index)}-${transport}.json`);
  // The last version that knows `toBeCalledWith`.
  const jest = path.join(root, 'node_modules', 'jest29', 'bin', 'jest.js');
  const args = [jest, '--config', JSON.stringify(config), '--json', `--outputFile=${report}`];
  const env = { ...process.env, CONNECT_TRANSPORT: transport };
  if (transport === undefined) delete env.CONNECT_TRANSPORT;
  const { stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  if (!fs.existsSync(report)) throw new Error(stderr);
  const { numTotalTests, numPassedTests, testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  const failed = testResults.filter(({ status }) => status !== 'passed').map(({ message }) => message);
  return { numTotalTests, numPassedTests, failed };
}

test.each(MODES.slice(0, 2))('they pass %s', (_mode, how) => {
  expect(run(how)).toEqual({ numTotalTests: SPECS, numPassedTests: SPECS, failed: [] });
});

test.each(MODES.slice(2))('they do not pass %s', (_mode, how) => {
  const { numPassedTests, failed } = run(how);
  expect(numPassedTests).toBeLessThan(SPECS);
  expect(failed).not.toEqual([]);
});
