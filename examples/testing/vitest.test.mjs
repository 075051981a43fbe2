// A test of your own code, with Vitest.

import { ConnectClient } from 'cloudblue-connect-native';
import { startSandbox } from 'cloudblue-connect-native/testing';
import { expect, test } from 'vitest';
import { billApproved } from './biller.js';

test('all approved records are billed', async () => {
  const sandbox = await startSandbox({ records: 20 });
  try {
    const report = await billApproved(new ConnectClient(sandbox.url, sandbox.apiKey), 'INV-7');
    expect(report).toMatchObject({ closed: 20, failed: [], conflicts: [], unknown: [], leftOpen: 0 });
  } finally {
    await sandbox.close();
  }
});
