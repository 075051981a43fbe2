'use strict';

/**
 * One contender's turn, in a process of its own: closes records on the benchmark's server and prints what it
 * took. Arguments: contender, port, concurrency, number of calls.
 */

const fs = require('fs');
const { performance } = require('perf_hooks');

const contenders = {
  ours: (endpoint) => {
    const { ConnectClient } = require('..');
    const { usageRecords } = new ConnectClient(endpoint, 'ApiKey SU-000-000:bench');
    return (id) => usageRecords.close(id, 'INV-7', 'January');
  },
  // A client with one hook sends through the JavaScript pipeline.
  'ours, one hook': (endpoint) => {
    const { ConnectClient } = require('..');
    const client = new ConnectClient(endpoint, 'ApiKey SU-000-000:bench');
    client.addAfterResponseHook((response) => response);
    return (id) => client.usageRecords.close(id, 'INV-7', 'January');
  },
  // The published SDK has no usage records: the same request through its generic resource.
  'published SDK': (endpoint) => {
    const { ConnectClient } = require('sdk22');
    const GenericResource = require('sdk22/lib/connect/api/base');
    const client = new ConnectClient(endpoint, 'ApiKey SU-000-000:bench');
    return (id) => {
      const action = new GenericResource(client, `/usage/records/${id}/close`);
      return action.create({ external_billing_id: 'INV-7', external_billing_note: 'January' });
    };
  },
};

/**
 * The processor time of the main thread so far, in microseconds. Unlike the event loop's own figure it does not
 * count the time in which another process had the core. Linux only; elsewhere NaN.
 */
function mainThreadCpu() {
  try {
    return Number(fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  } catch {
    return Number.NaN;
  }
}

async function spread(close, concurrency, calls) {
  let next = 0;
  const worker = async () => {
    while (next < calls) {
      const { id } = await close(`UR-2021-01-2023-8696-9408-${next++}`);
      if (!id) throw new Error('the answer has no id');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function main() {
  const [contender, port, concurrency, calls] = process.argv.slice(2);
  const close = contenders[contender](`http://127.0.0.1:${port}`);
  await spread(close, Number(concurrency), Math.ceil(Number(calls) / 5)); // to warm up
  const cpu = process.cpuUsage();
  const thread = mainThreadCpu();
  const loop = performance.eventLoopUtilization();
  const start = process.hrtime.bigint();
  await spread(close, Number(concurrency), Number(calls));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { active } = performance.eventLoopUtilization(loop);
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({
      perSecond: calls / seconds,
      mainThreadMicros: (mainThreadCpu() - thread) / calls,
      loopActiveMicros: (active * 1000) / calls,
      cpuMicros: (user + system) / calls,
    }),
  );
}

main();
