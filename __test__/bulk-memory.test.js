'use strict';

const { execFile } = require('child_process');
const path = require('path');

jest.setTimeout(300000);

// The benchmark measures it; here it is only held to its bound. Time is not: these machines are shared.
test('a million records from an async iterable are closed within 64 MB', async () => {
  const bench = path.join(__dirname, '..', 'bench', 'bulk.js');
  const output = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['--expose-gc', bench, '0', '0', '1000000'], (error, stdout, stderr) =>
      error ? reject(new Error(stderr)) : resolve(stdout),
    );
  });
  expect(output).toContain('1000000 of 1000000 records');
  const [, more] = /at most ([\d.]+) MB more/.exec(output);
  expect(Number(more)).toBeLessThan(64);
});
