'use strict';

const { execFile, execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { generate } = require('../scripts/docs');

// The diff of CONTRIBUTING.md is applied, built and tested, as a newcomer would do it: nothing more is needed.

const root = path.join(__dirname, '..');
const read = (file) => fs.readFileSync(file, 'utf8');
const text = read(path.join(root, 'CONTRIBUTING.md'));
const [, diff] = /```diff\n([\s\S]*?)```/.exec(text);

test('it touches one Rust file and one test', () => {
  const files = [...diff.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file]) => file);
  expect(files).toEqual(['__test__/resources.test.js', 'src/core/resources/requests.rs']);
  // In Rust the line, and what it is.
  const [, rust] = diff.split('--- a/src/core/resources/requests.rs');
  expect(rust.match(/^\+ .*$/gm)).toHaveLength(2);
});

test('it applies to what is here', () => {
  execFileSync('git', ['apply', '--check', '-'], { cwd: root, input: diff });
});

if (!process.env.CONNECT_CONSUMERS) {
  test.skip('the tests pass with it: CONNECT_CONSUMERS is not set (see .ci/run)', () => undefined);
} else {
  test('the tests pass with it', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-contributing-'));
    const run = (command, args) => {
      // Apart from our own: to cargo this is the same package, so tests that run meanwhile would get its programs.
      const env = { ...process.env, CARGO_TARGET_DIR: path.join(root, 'target/contributing') };
      return promisify(execFile)(command, args, { cwd: folder, env, maxBuffer: 1 << 26 });
    };
    try {
      execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, folder]);
      execFileSync('git', ['apply', '-'], { cwd: folder, input: diff });
      fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
      await run(process.execPath, ['scripts/build.js', '--debug']);
      await run(process.execPath, ['scripts/docs.js']);
      const files = ['resources', 'surface', 'docs'].map((name) => `__test__/${name}.test.js`);
      await run(process.execPath, ['node_modules/jest/bin/jest.js', ...files]);
      expect(read(path.join(folder, 'docs/methods.md'))).toContain('`assign(id)`');
      // The newcomer's tree is not mixed up with ours.
      expect(generate()['docs/methods.md']).toBe(read(path.join(root, 'docs/methods.md')));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }, 1_200_000);
}
