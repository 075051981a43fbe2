// A test of your own code, with Jest: against the sandbox, over real sockets.

const { ConnectClient } = require('cloudblue-connect-native');
const { startSandbox } = require('cloudblue-connect-native/testing');
const { billApproved } = require('./biller');

let sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ records: 20 });
});
afterEach(() => sandbox.close());

test('all approved records are billed, once', async () => {
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  await billApproved(client, 'INV-7');
  for (const record of sandbox.records.values()) {
    expect(record).toMatchObject({ status: 'closed', external_billing_id: 'INV-7' });
  }
  for (const attempts of sandbox.attempts.values()) expect(attempts).toHaveLength(1);
});

test('also when every third answer is lost', async () => {
  const lossy = await startSandbox({
    records: 20,
    faults: [{ kind: 'resetAfter', rate: 0.3, when: { method: 'POST' } }],
  });
  try {
    const client = new ConnectClient(lossy.url, lossy.apiKey, { backOff: 1 });
    const { unknown } = await billApproved(client, 'INV-7', { backOff: 1, batchSize: 2 });
    expect(unknown).toEqual([]);
    expect([...lossy.records.values()].every(({ status }) => status === 'closed')).toBe(true);
  } finally {
    await lossy.close();
  }
});
