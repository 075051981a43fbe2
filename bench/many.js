'use strict';

/** The turn of `closeMany`, in a process of its own; the records are made before the clock starts. Told: port, records. */

const { ConnectClient } = require('..');
const { meter, say, options } = require('./meter');

const records = (count) =>
  Array.from({ length: count }, (_, index) => ({
    id: `UR-2021-01-2023-8696-9408-${index}`,
    externalBillingId: 'INV-7',
    externalBillingNote: 'January',
  }));

async function main() {
  const { port, records: count } = options();
  const { usageRecords } = new ConnectClient(`http://127.0.0.1:${port}/public/v1`, 'ApiKey SU-000-000:bench');
  await usageRecords.closeMany(records(Math.ceil(count / 5))); // to warm up
  const month = records(count);
  const stop = meter();
  const { closed } = await usageRecords.closeMany(month);
  const figures = stop(count);
  if (closed !== count) throw new Error(`closed ${closed} of ${count}`);
  say({ ...figures, rssMb: process.memoryUsage().rss / (1 << 20) });
}

main();
