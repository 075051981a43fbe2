'use strict';

const binding = require('../../binding.js');
const { failureOf } = require('../connect/settle');
const { makeBar } = require('./bar');
const { UsageError, wholeNumber } = require('./usageError');

/** How many rows are read at once. */
const CHUNK = 1000;

/** All rows of a file, before anything is sent: nothing is closed by half a file. */
async function readRecords(file) {
  const rows = new binding.CsvRecords(file);
  const records = [];
  for (let chunk = await rows.next(CHUNK); chunk !== null; chunk = await rows.next(CHUNK)) {
    if (typeof chunk !== 'string') throw new UsageError(failureOf(chunk).message);
    records.push(...JSON.parse(chunk));
  }
  return records;
}

/** Lets the first interrupt call the run off, and the second end the process as usual. */
function onInterrupt() {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('interrupted'));
  process.once('SIGINT', stop);
  return { signal: controller.signal, leave: () => process.removeListener('SIGINT', stop) };
}

function summary(report, total) {
  const { closed, alreadyClosed, failed, conflicts, unknown, notSent, requests, elapsedMs } = report;
  const lines = [`closed ${closed} of ${total} records`];
  if (alreadyClosed > 0) lines.push(`${alreadyClosed} were closed before, with the same invoice`);
  if (failed.length > 0) lines.push(`${failed.length} cannot be closed`);
  for (const { id, errorCodes = '', errorDetails = '' } of failed.slice(0, 10)) {
    lines.push(`  ${id} ${errorCodes} ${errorDetails}`.trimEnd());
  }
  if (conflicts.length > 0) lines.push(`${conflicts.length} are closed with another invoice`);
  for (const { id, externalBillingId } of conflicts.slice(0, 10))
    lines.push(`  ${id} ${externalBillingId ?? '(none)'}`);
  if (unknown.length > 0)
    lines.push(`${unknown.length} may be closed or not; run the same command again to find out`);
  for (const { id, code, message } of unknown.slice(0, 10))
    lines.push(`  ${[id, code, message].filter(Boolean).join(' ')}`);
  if (notSent > 0) lines.push(`${notSent} were not sent`);
  const seconds = Math.max(elapsedMs / 1000, 0.001);
  lines.push(
    `${seconds.toFixed(2)} s, ${Math.round((closed + alreadyClosed) / seconds)} records a second, ${requests} requests`,
  );
  return `${lines.join('\n')}\n`;
}

function exitCode({ failed, conflicts, unknown, notSent }, isDry) {
  if (unknown.length > 0) return 3;
  return failed.length + conflicts.length > 0 || (notSent > 0 && !isDry) ? 1 : 0;
}

/** `connect-usage close`. */
async function closeFile({ client, values, positionals, stdout, stderr }) {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError('name one CSV file: connect-usage close records.csv');
  const settings = {
    journal: values.journal,
    dryRun: values['dry-run'],
    stopOnError: values['stop-on-error'],
    concurrency: wholeNumber(values, 'concurrency'),
    batchSize: wholeNumber(values, 'batch-size'),
    externalBillingId: values['billing-id'],
    externalBillingNote: values.note,
  };
  const { usageRecords } = client();
  const records = await readRecords(file);
  const bar = makeBar(stderr);
  const { signal, leave } = onInterrupt();
  const tell = (report) =>
    stdout.write(values.json ? `${JSON.stringify(report)}\n` : summary(report, records.length));
  try {
    const report = await usageRecords.closeMany(records, { ...settings, signal, onProgress: bar.show });
    bar.end();
    tell(report);
    return exitCode(report, settings.dryRun);
  } catch (error) {
    bar.end();
    // What was done until then is worth as much as why it ended.
    if (error.report === undefined) throw error;
    tell(error.report);
    const { describe } = require('./main');
    stderr.write(
      `connect-usage: the run ended early: ${describe(error.code === 'ABORT_ERR' ? error.cause : error)}\n`,
    );
    return error.report.unknown.length > 0 ? 3 : 1;
  } finally {
    leave();
  }
}

module.exports = { closeFile };
