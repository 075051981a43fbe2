'use strict';

/**
 * Closes the usage records that a CSV file lists, 16 at a time.
 *
 *   npm start                                  closes examples/records.csv in a sandbox on this machine
 *   CONNECT_ENDPOINT=https://api.connect.cloudblue.com/public/v1 \
 *   CONNECT_API_KEY='ApiKey SU-...:...' \
 *   node examples/close-month.js month.csv     closes month.csv in your account
 *
 * The columns are id, external_billing_id, external_billing_note; the last two may be empty. Exit code: 0 if
 * every record was closed or refused for its own sake, 1 if anything else went wrong.
 */

const fs = require('fs');
const path = require('path');

const { APIError, ConnectClient } = require('..');
const { readCsv } = require('./csv.js');

const CONCURRENCY = 16;

// The API's word on one record. Any other answer (a wrong key, a server in trouble) is not about the record.
const ABOUT_THE_RECORD = new Set([400, 404, 409, 422]);

function isRefusal(error) {
  return error instanceof APIError && ABOUT_THE_RECORD.has(error.status);
}

/** The file's rows, refused as a whole if one has no id: nothing is closed by half a file. */
function readRecords(file) {
  const rows = readCsv(fs.readFileSync(file, 'utf8'));
  if (rows.length === 0) throw new Error('it lists no records');
  return rows.map(({ line, fields }) => {
    if (!fields.id) throw new Error(`line ${line} has no id (the first line must name the columns)`);
    return {
      id: fields.id,
      billingId: fields.external_billing_id || undefined,
      note: fields.external_billing_note || undefined,
    };
  });
}

/** Where to close: the account that the environment names, or a sandbox. */
async function connect() {
  const { CONNECT_ENDPOINT: endpoint, CONNECT_API_KEY: apiKey } = process.env;
  if (endpoint) {
    if (!apiKey) throw new Error('CONNECT_API_KEY is missing: set it to the whole key, "ApiKey SU-...:..."');
    return {
      client: new ConnectClient(endpoint, apiKey),
      where: endpoint,
      disconnect: async () => undefined,
    };
  }
  const { startSandbox } = require('../testing');
  const { monthRecords } = require('./month.js');
  const sandbox = await startSandbox({ records: monthRecords() });
  return {
    client: new ConnectClient(sandbox.url, sandbox.apiKey),
    where: `the sandbox at ${sandbox.url}`,
    disconnect: () => sandbox.close(),
  };
}

/**
 * Closes the records, `CONCURRENCY` at once. A failure that is not about its record stops the run, since the
 * next call would most likely meet it too; calls under way are waited for.
 */
async function closeAll(client, records) {
  const result = { closed: 0, refused: [], broken: [] };
  let next = 0;
  async function worker() {
    while (next < records.length && result.broken.length === 0) {
      const record = records[next];
      next += 1;
      try {
        await client.usageRecords.close(record.id, record.billingId, record.note);
        result.closed += 1;
      } catch (error) {
        (isRefusal(error) ? result.refused : result.broken).push({ id: record.id, error });
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return { ...result, untried: records.length - next };
}

/** One line for what went wrong, the same for all records of which the same is said. */
function reason({ id, error }) {
  if (!(error instanceof APIError))
    return [error.status, error.code, error.message || error.name].filter(Boolean).join(' ');
  const [first = ''] = error.errors ?? [];
  return `${error.status} ${error.errorCode ?? ''} ${String(first).replaceAll(id, '<id>')}`;
}

function printGroups(failures) {
  const groups = new Map();
  for (const failure of failures) {
    const key = reason(failure);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(failure.id);
  }
  for (const [key, ids] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
    console.log(`  ${String(ids.length).padStart(5)}  ${key}  (e.g. ${ids[0]})`);
  }
}

function report(result, total, seconds) {
  const { closed, refused, broken, untried } = result;
  console.log(`closed ${closed} of ${total} records, ${refused.length} refused`);
  printGroups(refused);
  if (broken.length > 0) {
    const unsure = broken.filter(({ error }) => error.maybeProcessed).length;
    console.log(`stopped: ${broken.length} failed otherwise, ${untried} not tried`);
    if (unsure > 0) console.log(`  ${unsure} of those that failed may be closed all the same`);
    printGroups(broken);
  }
  const rate = Math.round((total - untried) / Math.max(seconds, 0.001));
  console.log(`${seconds.toFixed(2)} s, ${rate} records per second`);
}

async function main() {
  const given = process.argv[2];
  if (process.env.CONNECT_ENDPOINT && !given) {
    // The example's own records are nobody's; a real account deserves a file that was chosen.
    throw new Error('with CONNECT_ENDPOINT set, name the CSV file to close: npm start -- records.csv');
  }
  const file = given ?? path.join(__dirname, 'records.csv');
  let records;
  try {
    records = readRecords(file);
  } catch (error) {
    throw new Error(`cannot use ${file}: ${error.message}`);
  }
  const { client, where, disconnect } = await connect();
  try {
    console.log(`closing ${records.length} records of ${path.relative('', file)} in ${where}`);
    const start = process.hrtime.bigint();
    const result = await closeAll(client, records);
    report(result, records.length, Number(process.hrtime.bigint() - start) / 1e9);
    if (result.broken.length > 0) process.exitCode = 1;
  } finally {
    await disconnect();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
