// A test of your own code, with the runner of Node itself: `node --test`.

import { test } from 'node:test';
import assert from 'assert/strict';
import { ConnectClient } from 'cloudblue-connect-native';
import { startSandbox } from 'cloudblue-connect-native/testing';
import { billApproved } from './biller.js';

test('the requests that the sandbox received', async () => {
  const sandbox = await startSandbox({ records: 20 });
  try {
    await billApproved(new ConnectClient(sandbox.url, sandbox.apiKey), 'INV-7');
    const paths = sandbox.requests.map(({ method, path }) => `${method} ${path}`);
    assert.ok(paths.includes('POST /public/v1/usage/records/close-records'));
  } finally {
    await sandbox.close();
  }
});
