'use strict';

// A program whose own work takes longer than the engine's, or whose responses are large: its timers and sockets have their
// turn all the same.

const path = require('path');
const { printedBy } = require('./support/program');
const { useServer } = require('./support/server');

const root = path.join(__dirname, '..');

const record = { id: 'UR-1', status: 'closed' };
const server = useServer({ json: record });

/** A program that counts what is settled in each turn of the event loop, and prints the largest count at the end. */
const program = (calls, work) => `
  const { ConnectClient } = require(${JSON.stringify(root)});
  const client = new ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-1:secret');
  const hooked = new ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-1:secret');
  hooked.addBeforeRequestHook((url, options) => ({ url, options }));
  const block = (ms) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  let settled = 0;
  let before = 0;
  let most = 0;
  const look = () => {
    most = Math.max(most, settled - before);
    before = settled;
    if (settled < ${calls}) setImmediate(look);
    else console.log(JSON.stringify({ most, settled }));
  };
  setImmediate(look);
  ${work}`;

const CALLS = 300;

const USES = {
  close: "client.usageRecords.close('UR-1', 'INV-7')",
  hook: "hooked.usageRecords.close('UR-1', 'INV-7')",
  fetch: "client.fetch('/usage/records/UR-1')",
};

const CASES = Object.keys(USES).flatMap((name) => [1, 16].map((concurrent) => [name, concurrent]));

test.each(CASES)('%s, %d at once: the event loop has its turns', async (name, concurrent) => {
  const { most, settled } = await printedBy(
    program(
      CALLS,
      `const loop = async () => {
        while (settled < ${CALLS}) {
          await ${USES[name]};
          settled += 1;
          // Longer than the engine and the server take for the calls that have been made meanwhile.
          block(4);
        }
      };
      for (let i = 0; i < ${concurrent}; i += 1) loop();`,
    ),
  );
  expect(settled).toBeGreaterThanOrEqual(CALLS);
  // All that are under way, and once more those that arrived while these were settled.
  expect(most).toBeLessThanOrEqual(2 * concurrent);
});

const PAGES = 16;
const page = Array.from({ length: 2000 }, () => ({ ...record, note: 'x'.repeat(60) }));

const PAGE_USES = {
  search: 'client.usageRecords.search()',
  list: 'client.usageRecords.list().pages().next()',
  hook: 'hooked.usageRecords.search()',
  fetch: "client.fetch('/usage/records')",
};

test.each(Object.keys(PAGE_USES))('%s: large pages are not all parsed in one turn', async (name) => {
  // 200 kB each.
  server.answer = { json: page, headers: { 'Content-Range': 'items 0-1999/2000' } };
  const { most, settled } = await printedBy(
    program(
      PAGES,
      `for (let i = 0; i < ${PAGES}; i += 1) ${PAGE_USES[name]}.then(() => { settled += 1; });
      // Until all of them have arrived.
      setImmediate(block, 1000);`,
    ),
  );
  expect(settled).toBe(PAGES);
  // Two make a batch, and Node may run two batches in a turn.
  expect(most).toBeLessThanOrEqual(4);
});
