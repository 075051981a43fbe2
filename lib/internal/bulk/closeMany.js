'use strict';

/** @import GenericResource from '../../connect/api/base' */

/**
 * `closeMany`. The run itself is in Rust (`src/core/bulk`); here its records are fetched, its progress is reported, and
 * on a customised client its requests are sent through the pipeline.
 */

const binding = require('../../../binding.js');
const { isIterable } = require('./chunks.js');
const { onAbort } = require('../transport/abort.js');
const { checkBulkOptions } = require('./options.js');
const { serve } = require('./pipeline.js');
const { reportProgress } = require('./progress.js');
const { resultOf, withReport } = require('./result.js');
const { Source } = require('./source.js');
const { List } = require('../resources/list.js');
const { canSendInRust, nativeClient } = require('../transport/fastPath.js');
const { describeValue, isPlain } = require('../options.js');
const { checkTableOptions } = require('../tables/options.js');
const { RecordTable } = require('../tables/readRecords.js');
const { rewrapValue, rewrapError } = require('../copies.js');
const { toError } = require('../results/errors.js');

function makeRun(className, resource, records, options) {
  const client = resource._client;
  // Listeners to request events also get those of a run, which only the pipeline can emit.
  const isPiped = !canSendInRust(resource);
  const { onProgress: _onProgress, signal: _signal, ...settings } = options;
  const run = new binding.BulkRun(nativeClient(client), `${resource.baseUri}`, {
    ...settings,
    resource: className,
    isListed: records instanceof List,
    pipeline: isPiped,
    endpoint: `${client?._endpoint}`,
  });
  return { run, isPiped };
}

/**
 * Waits for the end of a run. While the run only waits for more records, nothing keeps the process alive.
 *
 * @param {binding.BulkRun} run The run.
 * @param {Source} source Its records.
 */
async function settled(run, source) {
  for (;;) {
    const result = await run.settled(source.isOver);
    if (result !== null) return result;
    await source.moved();
  }
}

/**
 * How many records a list still has. Undefined if that cannot be determined, or the run is aborted meanwhile: it has succeeded
 * all the same.
 */
async function countLeft(list, signal) {
  try {
    return await list._count(signal ?? list._options.call.signal);
  } catch {
    return undefined;
  }
}

/** A file of records as the table that it is; anything else as it was given. */
function readFile(run, records, { externalBillingId }) {
  if (!isPlain(records) || records.path === undefined) return records;
  const { path, ...options } = records;
  const name = 'closeMany';
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`${name}: the path must be that of a file; got ${describeValue(path)}`);
  }
  checkTableOptions(name, options);
  const requireBillingId = externalBillingId === undefined;
  return new RecordTable(path, { ...options, subject: run.plural, requireBillingId }, name);
}

function checkRecords(run, resource, records) {
  if (records instanceof RecordTable) return;
  if (!isIterable(records)) {
    throw new TypeError(
      `closeMany: the ${run.plural} must be an array or another iterable, or a file { path }; got ${describeValue(records)}`,
    );
  }
  if (records instanceof List && `${records._resource.baseUri}` !== `${resource.baseUri}`) {
    throw new TypeError(
      `closeMany: the list is of ${records._resource.baseUri}; expected one of ${resource.baseUri}`,
    );
  }
}

/**
 * Closes many usage records or chunks, each once; see `index.d.ts`. Either are called records here.
 *
 * @param {string} className The class whose objects are closed, as Rust knows it.
 * @param {GenericResource} resource The resource.
 * @param {object} records An array, an iterable, an async iterable, a `list` of the resource, or a file `{ path }`.
 * @param {object} [options] See `index.d.ts`.
 * @returns {Promise<object>} The report.
 */
async function closeMany(className, resource, records, options = {}) {
  const { signal, onProgress } = checkBulkOptions(options);
  const { run, isPiped } = makeRun(className, resource, records, options);
  const input = readFile(run, records, options);
  checkRecords(run, resource, input);
  const source = new Source(run, input);
  const abort = () => {
    run.abort();
    source.leave();
  };
  // What the source or `onProgress` throws; it is boxed, as it may be undefined.
  /** @type {{ error: * } | undefined} */
  let thrown;
  const onThrown = (error) => {
    thrown = thrown || { error };
  };
  const callerErrors = {};
  const unsubscribe = signal ? onAbort(signal, abort) : () => undefined;
  if (signal?.aborted) abort();
  try {
    await source.open();
    run.start();
    const endProgress = reportProgress(run, onProgress, (error) => {
      onThrown(error);
      abort();
    });
    const feeding = source.feed().catch(onThrown);
    const serving = isPiped ? serve(run, source, resource, signal, callerErrors) : undefined;
    const settledRun = rewrapValue(await settled(run, source));
    if (settledRun.failure !== undefined) {
      source.leave();
      await endProgress();
      throw toError(settledRun);
    }
    const { report, error, hasError } = resultOf(settledRun, signal, callerErrors, resource._client?._apiKey);
    // A source that is waiting for something is not awaited once the run has ended early.
    if (!settledRun.aborted && !hasError && report.stopped === undefined) await feeding;
    source.leave();
    await serving;
    await endProgress();
    if (thrown !== undefined) throw withReport(thrown.error, report);
    if (hasError) throw withReport(error, report);
    if (records instanceof List && !options.dryRun) report.leftOpen = await countLeft(records, signal);
    return report;
  } catch (error) {
    throw rewrapError(error);
  } finally {
    unsubscribe();
  }
}

module.exports = { closeMany };
