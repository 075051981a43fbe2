'use strict';

// A program whose own work takes longer than the engine's: its timers and sockets have their turn all the same.

const path = require('path');
const { printedBy } = require('./support/program');
const { useServer } = require('./support/server');

const root = path.join(__dirname, '..');

const server = useServer({ json: { id: 'UR-1', status: 'closed' } });

const CALLS = 300;

const USES = {
  close: "client.usageRecords.close('UR-1', 'INV-7')",
  hook: "hooked.usageRecords.close('UR-1', 'INV-7')",
  fetch: "client.fetch('/usage/records/UR-1')",
};

const CASES = Object.keys(USES).flatMap((name) => [1, 16].map((concurrent) => [name, concurrent]));

test.each(CASES)('%s, %d at once: the event loop has its turns', async (name, concurrent) => {
  const { most, settled } = await printedBy(`
    const { ConnectClient } = require(${JSON.stringify(root)});
    const client = new ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-1:secret');
    const hooked = new ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-1:secret');
    hooked.addBeforeRequestHook((url, options) => ({ url, options }));
    let settled = 0;
    let before = 0;
    let most = 0;
    const look = () => {
      most = Math.max(most, settled - before);
      before = settled;
      if (settled < ${CALLS}) setImmediate(look);
      else console.log(JSON.stringify({ most, settled }));
    };
    setImmediate(look);
    const loop = async () => {
      while (settled < ${CALLS}) {
        await ${USES[name]};
        settled += 1;
        // Longer than the engine and the server take for the calls that have been made meanwhile.
        const end = performance.now() + 4;
        while (performance.now() < end);
      }
    };
    for (let i = 0; i < ${concurrent}; i += 1) loop();`);
  expect(settled).toBeGreaterThanOrEqual(CALLS);
  // All that are under way, and once more those that arrived while these were settled.
  expect(most).toBeLessThanOrEqual(2 * concurrent);
});
