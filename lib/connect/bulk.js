'use strict';

const binding = require('../../binding.js');
const { hear, reasonOf } = require('./http/abort');
const { List } = require('./list');
const { CHUNK, chunksOf } = require('./chunks');
const { isWatched } = require('./events');
const { isUntouched, nativeClient } = require('./native');
const { isPlain, shown } = require('./options');
const { failureOf, readAnswer, refusalOf, rehome } = require('./settle');

/**
 * Closing many records. The run itself is Rust's (`src/core/bulk`): here its records are fetched from wherever they
 * come, its progress is told, and on a customised client its requests travel the pipeline.
 */

/**
 * How many records of an array cross to Rust at once: all of them are there, and the main thread writes a thousand as
 * JSON in a third less time than four times 250.
 */
const LARGE_CHUNK = 1000;

/** How often progress is told, in ms. */
const TELL_EVERY = 100;

const positive = (value) => Number.isSafeInteger(value) && value > 0;
const flag = (value) => typeof value === 'boolean';
const text = (value) => typeof value === 'string' && value !== '';

/** The options, each with the check that its value must pass. */
const OPTIONS = {
  batchSize: { check: positive, wants: 'a whole number above 0' },
  concurrency: { check: positive, wants: 'a whole number above 0' },
  backOff: {
    check: (value) => typeof value === 'number' && value > 0,
    wants: 'a number of milliseconds above 0',
  },
  signal: { check: (value) => typeof value?.addEventListener === 'function', wants: 'an AbortSignal' },
  onProgress: { check: (value) => typeof value === 'function', wants: 'a function' },
  journal: { check: text, wants: 'the path of a file' },
  dryRun: { check: flag, wants: 'true or false' },
  stopOnError: { check: flag, wants: 'true or false' },
  externalBillingId: { check: text, wants: 'a non-empty string' },
  externalBillingNote: { check: text, wants: 'a non-empty string' },
};

function checkOptions(options) {
  if (!isPlain(options))
    throw new TypeError(`closeMany: the options must be an object; got ${shown(options)}`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw new TypeError(
        `closeMany: '${name}' is not an option; there are ${Object.keys(OPTIONS).join(', ')}`,
      );
    }
    if (value !== undefined && !OPTIONS[name].check(value)) {
      throw new TypeError(
        `closeMany: the option ${name} must be ${OPTIONS[name].wants}; got ${shown(value)}`,
      );
    }
  }
  return options;
}

/** A chunk as JSON. An id may be a bigint, which JSON does not know; to look for them each time costs too much. */
function stringify(chunk) {
  try {
    return JSON.stringify(chunk);
  } catch {
    return JSON.stringify(chunk, (_key, value) => (typeof value === 'bigint' ? `${value}` : value));
  }
}

/** A chunk as Rust takes it: JSON, as bytes. */
const toJson = (chunk) => Buffer.from(stringify(chunk));

/** The ids of our own list, by the page: the rest of each record is not needed. */
async function* idsOf(list) {
  const ids = [];
  for await (const page of list.snapshot('created_time').pages()) ids.push(...page.map(({ id }) => ({ id })));
  yield ids;
}

/** An array as JSON, in chunks that are looked over before anything is sent: what was checked is what goes out. */
async function textsOf(run, records, signal) {
  const texts = [];
  for (let i = 0; i < records.length; i += LARGE_CHUNK) {
    if (signal?.aborted) throw reasonOf(signal);
    const text = toJson(records.slice(i, i + LARGE_CHUNK));
    const result = await run.check(text);
    if (result !== undefined) throw failureOf(result);
    texts.push(text);
  }
  return texts;
}

/** Gives a list's members one after the other, and lets go of each. */
function* emptied(list) {
  for (let i = 0; i < list.length; i += 1) {
    const member = list[i];
    list[i] = undefined;
    yield member;
  }
}

/** What comes in chunks, as JSON. */
async function* jsonOf(chunks) {
  for await (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i += CHUNK) yield toJson(chunk.slice(i, i + CHUNK));
  }
}

/** Hands the records over; what is wrong with one of them ends it. */
async function feed(run, texts) {
  try {
    for await (const text of texts) {
      const taken = await run.push(text);
      if (taken === false) return;
      if (taken !== true) throw failureOf(taken);
    }
  } finally {
    await run.end();
  }
}

/** Sends one request of the run through the pipeline; keeps in `seen` an error that will end the run. */
async function sendOne(resource, { path, method, body }, signal, seen) {
  try {
    // The run has its own way of trying again, which reads back before it sends.
    const options = { maxRetries: 0 };
    if (method !== 'GET') Object.assign(options, { method, body: JSON.parse(body) });
    if (signal !== undefined) options.signal = signal;
    const response = await resource.fetch(path, options);
    const answer = await readAnswer(response);
    return { status: response.status || 200, body: answer === undefined ? '' : JSON.stringify(answer) };
  } catch (error) {
    const { status, message, maybeProcessed = true, retryAfter } = error || {};
    if (status === 401 || status === 403) seen.refusal = error;
    if (typeof status === 'number') return { status, body: `${message}`, retryAfter };
    return {
      message: `${message}`,
      maybeProcessed,
      input: error instanceof TypeError && maybeProcessed !== true,
    };
  }
}

/**
 * Sends the requests of a run through the pipeline, in the caller's own asynchronous context, as many at once as the
 * run asks for.
 */
async function serve(run, resource, signal, seen) {
  for (let request = await run.next(); request !== null; request = await run.next()) {
    const { number } = request;
    sendOne(resource, request, signal, seen).then((result) => run.answer(number, result));
  }
}

/** Tells the progress of a run from time to time; stops with the function that it returns. */
function tell(run, onProgress, fail) {
  if (onProgress === undefined) return () => undefined;
  let last = -1;
  const look = () => {
    const progress = run.progress();
    if (progress.done === last) return;
    last = progress.done;
    try {
      // An async function fails later, and ends the run as well.
      Promise.resolve(onProgress(progress)).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  const timer = setInterval(look, TELL_EVERY);
  return () => {
    clearInterval(timer);
    look();
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
function conclude({ stopped, refusal, aborted, ...report }, signal, seen) {
  if (aborted) return { report, error: signal ? reasonOf(signal) : undefined };
  if (refusal !== undefined) return { report, error: seen.refusal || refusalOf(refusal) };
  if (stopped === undefined) return { report };
  // The end that was asked for, by `stopOnError`.
  if (stopped.failure.kind === 'abort') return { report: { ...report, stopped: stopped.failure.message } };
  return { report, error: (stopped.failure.kind === 'input' && seen.mistake) || failureOf(stopped) };
}

/** The records as JSON: checked as a whole where that can be done, and how many there are. */
async function open(run, records, signal) {
  if (records instanceof List) return jsonOf(idsOf(records));
  if (!Array.isArray(records)) return jsonOf(chunksOf(records));
  // As it is now: the caller may reuse the array while it is looked over.
  const all = records.slice();
  const texts = await textsOf(run, all, signal);
  run.expect(all.length);
  return emptied(texts);
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

/** How many records a list still has; undefined where that cannot be found out, for the run itself is done and reported. */
async function countLeft(records) {
  try {
    return await records.count();
  } catch {
    return undefined;
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
  const { signal, onProgress } = checkOptions(options);
  const isIterable =
    typeof records === 'object' &&
    records !== null &&
    (typeof records[Symbol.iterator] === 'function' || typeof records[Symbol.asyncIterator] === 'function');
  if (!isIterable) {
    throw new TypeError(`closeMany: the records must be an array or another iterable; got ${shown(records)}`);
  }
  if (signal?.aborted) throw reasonOf(signal);
  const { run, isPiped } = makeRun(resource, records, options);
  // The errors that end a run on the pipeline are the caller's own.
  const seen = {};
  let broken;
  const fail = (error) => {
    broken = broken || { error };
    run.abort();
  };
  const leave = signal ? hear(signal, () => run.abort()) : () => undefined;
  try {
    const texts = await open(run, records, signal);
    const running = run.run();
    const stopTelling = tell(run, onProgress, fail);
    const serving = isPiped ? serve(run, resource, signal, seen) : undefined;
    const feeding = feed(run, texts).catch((error) => {
      broken = broken || { error };
    });
    const result = await running;
    if (result.failure !== undefined) {
      stopTelling();
      throw failureOf(result);
    }
    // A source that waits for something is not waited for once the run has ended.
    if (!result.aborted && result.stopped === undefined && result.refusal === undefined) await feeding;
    await serving;
    stopTelling();
    const { report, error } = conclude(result, signal, seen);
    if (broken !== undefined) throw withReport(broken.error, report);
    if (error !== undefined) throw withReport(error, report);
    if (records instanceof List && !options.dryRun) report.leftOpen = await countLeft(records);
    return report;
  } catch (error) {
    throw rehome(error);
  } finally {
    leave();
  }
}

module.exports = { closeMany };
