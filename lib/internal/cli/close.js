'use strict';

/** `connect-usage close`: closes the records of files. */

const { confirm } = require('./confirm.js');
const { makeBar } = require('./progressBar.js');
const { UsageError, describeError, errorText, wholeNumber } = require('./errors.js');
const { write, writeJson } = require('./io.js');
const { STDIN } = require('./close/input.js');
const { readFiles } = require('./close/readFiles.js');
const { previewFiles } = require('./preview.js');
const { checkedInvoice } = require('./close/invoice.js');
const { describeOverview, ignoredOf, journalHint, overviewOf, questionOf } = require('./close/overview.js');
const { describeReport, exitCode } = require('./close/report.js');
const { checkResults, outcomesOf, resultsOf } = require('./close/results.js');
const { withFlags } = require('./flagNames.js');
const { onInterrupt } = require('./interrupt.js');
const { NARROW_FLAGS } = require('./recordFilters.js');

/** Names the columns that are not read: a misspelt one may be among them. */
function warnOfIgnored(file, io) {
  const { other } = ignoredOf(file);
  if (other.length === 0) return;
  io.stderr.write(`connect-usage: ${file.name}: columns that are not read: ${other.join(', ')}\n`);
}

/** Shows what the files say, and asks; resolves to whether the records are to be closed. */
async function isConfirmed(overview, files, { values, io }) {
  const hint = journalHint(overview, values);
  if (io.isTerminal) io.stderr.write(describeOverview(overview));
  else for (const file of overview.files) warnOfIgnored(file, io);
  if (hint !== undefined) io.stderr.write(`connect-usage: ${hint}\n`);
  // Who types the records cannot type the answer.
  const isTerminal = io.isTerminal && !files.includes(STDIN);
  return confirm({ ...io, isTerminal }, questionOf(overview), values);
}

/** Runs it; resolves to the report, and the error with which it ended early. */
async function closeRecords(usageRecords, records, settings, io) {
  const bar = makeBar(io);
  const { signal, unsubscribe } = onInterrupt();
  const toClose = records.map(({ id, externalBillingId, externalBillingNote }) => ({
    id,
    externalBillingId,
    externalBillingNote,
  }));
  try {
    const report = await usageRecords.closeMany(toClose, { ...settings, signal, onProgress: bar.show });
    return { report };
  } catch (error) {
    if (error.report === undefined) throw error;
    return { report: error.report, error };
  } finally {
    bar.end();
    unsubscribe();
  }
}

/** What the flags say of the run. */
function settingsOf(values, args) {
  const narrowing = Object.keys(NARROW_FLAGS).find((name) => values[name] !== undefined);
  if (narrowing !== undefined) {
    throw new UsageError(`--${narrowing} is for --dry-run: close closes all records of its files`);
  }
  const { results, journal } = values;
  if (journal === '') throw new UsageError('--journal is empty; give the name of a file');
  checkResults(results, [...args, ...(journal === undefined ? [] : [journal])]);
  return {
    journal,
    listClosed: results !== undefined,
    stopOnError: values['stop-on-error'],
    concurrency: wholeNumber(values, 'concurrency'),
    batchSize: wholeNumber(values, 'batch-size'),
  };
}

/**
 * Prints how it went.
 *
 * @param {{ report: *, error?: * }} run What `closeRecords` resolved to.
 * @param {ReturnType<typeof overviewOf>} overview What the files say.
 * @param {{ values: Record<string, *>, io: import('./io').Io }} context The command's.
 * @returns {Promise<string | undefined>} Why the run ended early.
 */
async function printReport({ report, error }, overview, { values, io }) {
  const { closedIds: _closedIds, alreadyClosedIds: _alreadyClosedIds, ...printed } = report;
  if (values.json) await writeJson(io, { ...printed, files: overview.files });
  else await write(io.stdout, describeReport(report, overview.records));
  if (error === undefined) return report.stopped;
  const cause = error.code === 'ABORT_ERR' ? error.cause : error;
  io.stderr.write(withFlags(errorText(cause, 'the run ended early: ')));
  io.stderr.write('the same command goes on where it ended: records that are closed stay as they are\n');
  return describeError(cause);
}

/** Writes what became of the rows. That this fails changes nothing of what was closed. */
async function tryToWrite(writeOutcomes, outcomeOf, { values, io }) {
  try {
    await writeOutcomes(outcomeOf);
    return true;
  } catch (error) {
    const { message } = error;
    io.stderr.write(
      `connect-usage: cannot write --results ${values.results}: ${message}; what is closed stays closed\n`,
    );
    return false;
  }
}

/** `connect-usage close`. */
async function closeFiles(context) {
  const { values, args, io } = context;
  if (values['dry-run']) return previewFiles(context);
  const settings = settingsOf(values, args);
  const billingId = await checkedInvoice(values);
  const { usageRecords } = context.client;
  const { files, records } = await readFiles(context, billingId);
  const overview = overviewOf({ files, records });
  const writeOutcomes = resultsOf(values.results, records);
  if (records.length > 0 && !(await isConfirmed(overview, args, { values, io }))) {
    await writeOutcomes(() => ({ result: 'not sent', reason: 'the answer was no' }));
    return 1;
  }
  // Shows before anything is sent whether it can be written, and tells the truth if the process is killed.
  await writeOutcomes(() => ({
    result: 'unknown',
    reason: 'the run did not end; run the same command again',
  }));
  let run;
  try {
    run = await closeRecords(usageRecords, records, settings, io);
  } catch (error) {
    await writeOutcomes(() => ({ result: 'not sent', reason: describeError(error) }));
    throw error;
  }
  const why = await printReport(run, overview, { values, io });
  const isWritten = await tryToWrite(writeOutcomes, outcomesOf(run.report, why), { values, io });
  const code = exitCode(run.report);
  return code === 0 && (!isWritten || run.error !== undefined) ? 1 : code;
}

module.exports = { closeFiles };
