'use strict';

/**
 * What `bench/costs.js` counts the addon's instructions of: a program of Node's that does each thing three times, first to
 * warm up, then fewer and more of it, with a mark after each.
 *
 *   node bench/costs-node.js <endpoints, as JSON>
 *
 * How many calls share a wake-up of a thread must not depend on how fast the machine is. So calls are made in waves, whose
 * requests the server answers when all of them have come.
 */

const { ConnectClient } = require('..');
const { mark } = require('./callgrind');

/** How many calls a wave has. */
const WAVE = 16;

/** How many records the server's page has. */
const PAGE = 100;

/** How often each thing is done. */
const TIMES = {
  nodeClose: [160, 160, 640],
  nodeHook: [160, 160, 640],
  nodePage: [5, 5, 25],
  nodeMonth: [300, 300, 1300],
};

async function closeInWaves(times, { usageRecords }) {
  const close = (number) => usageRecords.close(`UR-2021-01-2023-8696-${number}`, 'INV-7', 'January');
  for (let done = 0; done < times; done += WAVE)
    await Promise.all(Array.from({ length: WAVE }, (_, index) => close(done + index)));
}

const programs = {
  nodeClose: closeInWaves,
  nodeHook(times, client) {
    client.addAfterResponseHook((response) => response);
    return closeInWaves(times, client);
  },
  async nodePage(times, { usageRecords }) {
    for (let done = 0; done < times; done += 1) {
      const { length } = await usageRecords.list({ status: 'approved' }).toArray();
      if (length !== PAGE) throw new Error(`a page of ${length} records`);
    }
  },
  async nodeMonth(times, { usageRecords }) {
    const approved = usageRecords.list({ status: 'approved' });
    const { closed } = await usageRecords.closeMany(approved, { externalBillingId: 'INV-7' });
    if (closed !== times) throw new Error(`${closed} of ${times} closed`);
  },
};

/** Told, for each program and each time of it, `{ url, apiKey }`. */
async function main() {
  const endpoints = JSON.parse(process.argv[2]);
  mark();
  for (const [name, all] of Object.entries(TIMES)) {
    for (const [index, times] of all.entries()) {
      const { url, apiKey } = endpoints[name][index];
      await programs[name](times, new ConnectClient(url, apiKey));
      mark();
    }
  }
}

if (require.main === module) main();

module.exports = { TIMES, WAVE };
