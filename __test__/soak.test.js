'use strict';

const { execFile } = require('child_process');
const path = require('path');
const { promisify } = require('util');

// The soak scripts in their short form; what they hold in the long one stands in them.

const run = async (script, count) => {
  const file = path.join(__dirname, 'soak', script);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    file,
    `${count}`,
  ]).catch((error) => {
    // What it measured says more than that it failed.
    throw new Error(`${error.message}${error.stdout}`);
  });
  return { ...JSON.parse(stdout), stderr };
};

jest.setTimeout(300_000);

test('twenty thousand calls, of which one in twenty fails: memory is flat, nothing is left open', async () => {
  const { calls, failed, listenersLeft, stderr } = await run('calls.js', 20_000);
  expect({ calls, listenersLeft, stderr }).toEqual({ calls: 20_000, listenersLeft: 0, stderr: '' });
  // One in twenty, and those that were called off.
  expect(failed).toBeGreaterThan(900);
  expect(failed).toBeLessThan(2_000);
});

test('twenty workers that are ended with requests in flight', async () => {
  expect(await run('workers.js', 20)).toMatchObject({ rounds: 20, stderr: '' });
});
