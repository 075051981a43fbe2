'use strict';

/**
 * Closing many records. The run itself is Rust's (`src/core/bulk`): here its records are fetched from wherever they
 * come, its progress is told, and on a customised client its requests travel the pipeline.
 */

const binding = require('../../binding.js');
const { abortError, hear } = require('./http/abort');
const { checkBulkOptions } = require('./bulkOptions');
const { serve } = require('./bulkPipeline');
const { Source } = require('./bulkSource');
const { List } = require('./list');
const { isWatched } = require('./events');
const { isUntouched, nativeClient } = require('./native');
const { shown } = require('./rules');
const { adopt, rehome } = require('./realm');
const { failureOf, refusalOf } = require('./settle');

/** How often progress is told, in ms. */
const TELL_EVERY = 100;

/**
 * Tells the progress of a run from time to time.
 *
 * @returns {Function} Stops it, tells the end, and resolves when all that was told has been heard.
 */
function tell(run, onProgress, fail) {
  if (onProgress === undefined) return async () => undefined;
  const hearing = new Set();
  let last = -1;
  const look = () => {
    const progress = adopt(run.progress());
    if (progress.done === last) return;
    last = progress.done;
    try {
      // An async function fails later, and ends the run as well.
      const heard = Promise.resolve(onProgress(progress))
        .catch(fail)
        .finally(() => hearing.delete(heard));
      hearing.add(heard);
    } catch (error) {
      fail(error);
    }
  };
  const timer = setInterval(look, TELL_EVERY);
  // What is in flight keeps the process alive, not our looking.
  timer.unref?.();
  return async () => {
    clearInterval(timer);
    look();
    await Promise.all(hearing);
  };
}

/** The error of a run that ended before its records did, with the report of what it did. */
function withReport(error, report) {
  if (typeof error === 'object' && error !== null && Object.isExtensible(error)) {
    Object.defineProperty(error, 'report', { value: report, configurable: true, writable: true });
  }
  return error;
}

/** What a run that is over says: its report, and the error that it ended with, if it did. */
function conclude({ stopped, refusal, aborted, ...report }, signal, seen, key) {
  // Why it ended early, also where it resolves.
  if (report.cause !== undefined) report.stopped = report.cause.message;
  if (aborted) return { report, error: signal ? abortError(signal) : undefined };
  if (refusal !== undefined) {
    // The error of the pipeline is the caller's own; of a 404 that is not Connect's the run knows more.
    return { report, error: (refusal.status !== 404 && seen.refusal) || refusalOf(refusal, key) };
  }
  if (stopped === undefined) return { report };
  const isMistake = stopped.failure.kind === 'input' && seen.mistake !== undefined;
  return { report, error: isMistake ? seen.mistake.error : failureOf(stopped, key), hasError: true };
}

function makeRun(resource, records, options) {
  const client = resource._client;
  // Whoever watches requests is told of each one of a run as well, which only JavaScript's road can do.
  const isPiped = !isUntouched(resource, client) || isWatched();
  const { onProgress: _told, signal: _heard, ...settings } = options;
  const run = new binding.BulkRun(nativeClient(client), `${resource.baseUri}`, {
    ...settings,
    isListed: records instanceof List,
    pipeline: isPiped,
    endpoint: `${client?._endpoint}`,
  });
  return { run, isPiped };
}

/** Waits for a run's end; while it only waits for more records, nothing keeps the process alive. */
async function settled(run, source) {
  for (;;) {
    const result = await run.settled(source.isOver);
    if (result !== null) return result;
    await source.moved();
  }
}

/** How many records a list still has; undefined where that cannot be found out, for the run itself is done and reported. */
async function countLeft(records) {
  try {
    return await records.count();
  } catch {
    return undefined;
  }
}

function checkRecords(records) {
  const isIterable =
    typeof records === 'object' &&
    records !== null &&
    (typeof records[Symbol.iterator] === 'function' || typeof records[Symbol.asyncIterator] === 'function');
  if (!isIterable) {
    throw new TypeError(`closeMany: the records must be an array or another iterable; got ${shown(records)}`);
  }
}

/**
 * Closes many records, each once in effect; see `index.d.ts`.
 *
 * @param {GenericResource} resource The usage records.
 * @param {object} records An array, an iterable, an async iterable, or a `list` of usage records.
 * @param {object} [options] See `index.d.ts`.
 * @returns {Promise<object>} The report.
 */
async function closeMany(resource, records, options = {}) {
  const { signal, onProgress } = checkBulkOptions(options);
  checkRecords(records);
  const { run, isPiped } = makeRun(resource, records, options);
  const source = new Source(run, records);
  const abort = () => {
    run.abort();
    source.leave();
  };
  // The errors that end a run on the pipeline are the caller's own.
  const seen = {};
  let broken;
  const fail = (error) => {
    broken = broken || { error };
    abort();
  };
  const leave = signal ? hear(signal, abort) : () => undefined;
  if (signal?.aborted) abort();
  try {
    await source.open();
    run.start();
    const stopTelling = tell(run, onProgress, fail);
    const feeding = source.feed().catch((error) => {
      broken = broken || { error };
    });
    const serving = isPiped ? serve(run, source, resource, signal, seen) : undefined;
    const result = adopt(await settled(run, source));
    if (result.failure !== undefined) {
      source.leave();
      await stopTelling();
      throw failureOf(result);
    }
    const {
      report,
      error,
      hasError = error !== undefined,
    } = conclude(result, signal, seen, resource._client?._apiKey);
    // A source that waits for something is not waited for once the run has ended.
    if (!result.aborted && !hasError && report.stopped === undefined) await feeding;
    source.leave();
    await serving;
    await stopTelling();
    if (broken !== undefined) throw withReport(broken.error, report);
    if (hasError) throw withReport(error, report);
    if (records instanceof List && !options.dryRun) report.leftOpen = await countLeft(records);
    return report;
  } catch (error) {
    throw rehome(error);
  } finally {
    leave();
  }
}

module.exports = { closeMany };
