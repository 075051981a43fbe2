'use strict';

/**
 * Closing with more than one machine: the records wait in a queue of Redis (BullMQ), batch by batch, and any number of
 * workers close them. Each batch is one run of `closeMany` with a journal of its own, named after the job: a worker that
 * dies is followed by another one, which goes on where the first was. Without the journal (another machine, another
 * disk) it is as safe, only slower: what is closed already is found out by asking.
 *
 *   npm install bullmq ioredis cloudblue-connect-native
 *   REDIS_URL=redis://127.0.0.1:6379 node fleet.js enqueue month.csv INV-7
 *   REDIS_URL=... CONNECT_ENDPOINT=https://... CONNECT_API_KEY='ApiKey SU-...' node fleet.js work
 *   REDIS_URL=... node fleet.js report
 */

const fs = require('fs');
const path = require('path');
const readline = require('readline');
const { Queue, Worker } = require('bullmq');
const { ConnectClient } = require('cloudblue-connect-native');

const NAME = 'close-records';
/** Records of a job: some minutes' work, so that little is looked at again when a worker dies. */
const SIZE = Number(process.env.BATCH || 5000);
const connection = { url: process.env.REDIS_URL || 'redis://127.0.0.1:6379', maxRetriesPerRequest: null };

/** Puts the ids of a file, one a line, into the queue. */
async function enqueue(file, invoice) {
  const queue = new Queue(NAME, { connection });
  const job = { attempts: 5, backoff: { type: 'exponential', delay: 1000 } };
  let ids = [];
  let count = 0;
  const add = async () => {
    count += 1;
    // The same file again is the same jobs: none is made twice.
    const jobId = `${path.basename(file)}-${invoice}-${count}`;
    await queue.add('close', { ids, invoice }, { ...job, jobId });
    ids = [];
  };
  for await (const id of readline.createInterface({ input: fs.createReadStream(file) })) {
    if (id !== '') ids.push(id);
    if (ids.length === SIZE) await add();
  }
  if (ids.length > 0) await add();
  console.log(`${count} jobs`);
  await queue.close();
}

/** Closes what is in the queue, until SIGTERM or, with `--drain`, until there is nothing left. */
async function work(isDrained) {
  const client = new ConnectClient(process.env.CONNECT_ENDPOINT, process.env.CONNECT_API_KEY);
  const journals = process.env.JOURNALS || 'journals';
  fs.mkdirSync(journals, { recursive: true });
  const worker = new Worker(
    NAME,
    async ({ id, data }) => {
      const records = data.ids.map((one) => ({ id: one, externalBillingId: data.invoice }));
      const journal = path.join(journals, `${id}.journal`);
      const report = await client.usageRecords.closeMany(records, { journal });
      // What could not be settled is a reason to try the job again; what Connect refused is not.
      if (report.unknown.length > 0) throw new Error(`${report.unknown.length} records are unknown`);
      const { closed, alreadyClosed, failed, conflicts } = report;
      return { closed, alreadyClosed, failed, conflicts };
    },
    { connection, concurrency: 1 },
  );
  worker.on('failed', (job, error) => console.error(`${job.id}: ${error.message}`));
  if (isDrained) await new Promise((resolve) => worker.once('drained', resolve));
  else await new Promise((resolve) => process.once('SIGTERM', resolve));
  await worker.close();
}

/** Adds up what the finished jobs say. */
async function report() {
  const queue = new Queue(NAME, { connection });
  const total = { closed: 0, alreadyClosed: 0, failed: 0, conflicts: 0 };
  for (const { returnvalue } of await queue.getCompleted(0, -1)) {
    total.closed += returnvalue.closed;
    total.alreadyClosed += returnvalue.alreadyClosed;
    total.failed += returnvalue.failed.length;
    total.conflicts += returnvalue.conflicts.length;
  }
  const { waiting, active, delayed, failed } = await queue.getJobCounts();
  console.log(JSON.stringify({ ...total, jobs: { waiting, active, delayed, failed } }));
  await queue.close();
}

const [command, ...args] = process.argv.slice(2);
const commands = { enqueue, work: (flag) => work(flag === '--drain'), report };
if (!Object.hasOwn(commands, command)) throw new Error('node fleet.js enqueue FILE INVOICE | work | report');
commands[command](...args);
