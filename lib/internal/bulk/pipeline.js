'use strict';

/**
 * @import { BulkRun } from '../../../binding.js'
 * @import { BulkRequest, BulkResponse } from '../binding-objects'
 * @import GenericResource from '../../connect/api/base'
 * @import { Source } from './source'
 */

/** The requests of `closeMany` on a customised client: each is sent through the pipeline, with its hooks and adapter. */

const { isNetworkError } = require('../results/networkError.js');
const { responseDetailsOf, readText } = require('../results/pipelineResponse.js');
const { trackProgress } = require('../transport/requestProgress.js');
const { ConnectionError, HttpError } = require('../results/errors.js');

/** The text of what was thrown, which may be anything: a symbol, an object without a text. */
function textOf(thrown) {
  try {
    return String(thrown?.message ?? thrown);
  } catch {
    return 'something was thrown that has no text';
  }
}

/** What the run is told of a request whose failure cannot be described: the run waits for every request, and ends with it. */
function mistake(error, callerErrors) {
  callerErrors.mistake = callerErrors.mistake || { error };
  return { message: textOf(error), maybeProcessed: true, input: true };
}

/** What the run is told of a request that failed. */
function describeFailure(error, stage, callerErrors) {
  const { code, cause } = error || {};
  // Only our own error is the response to this request; another error with a status may stand for another response.
  if (error instanceof HttpError) {
    const { status, retryAfter } = /** @type {*} */ (error);
    if (status === 401 || status === 403) callerErrors.refusal = error;
    return { status, body: textOf(error), retryAfter, ...responseDetailsOf(error) };
  }
  // The platform's `fetch` gives the reason only in `cause`.
  const failure = { message: [error, cause].filter(Boolean).map(textOf).join(': ') || textOf(error) };
  const named = code === undefined ? cause?.code : code;
  if (typeof named === 'string') failure.code = named;
  failure.maybeProcessed = !stage.isUnsent;
  if (error instanceof ConnectionError || isNetworkError(error)) return failure;
  // The caller's code threw, or asks for something that cannot be sent: the run ends with this error.
  callerErrors.mistake = callerErrors.mistake || { error };
  return { ...failure, input: true };
}

/**
 * Sends one request of the run.
 *
 * @param {GenericResource} resource The resource whose objects are closed.
 * @param {BulkRequest} request The request.
 * @param {AbortSignal|undefined} signal The caller's signal.
 * @param {object} callerErrors As for `serve`.
 * @returns {Promise<BulkResponse>} What became of it.
 */
async function sendOne(resource, { path, method, body }, signal, callerErrors) {
  // The run retries by itself: it reads a record back before it sends it again.
  const options = { maxRetries: 0 };
  const stage = trackProgress(options);
  try {
    if (method !== 'GET') Object.assign(options, { method, body: JSON.parse(body) });
    if (signal !== undefined) options.signal = signal;
    const response = await resource.fetch(path, options);
    return {
      status: response.status || 200,
      body: await readText(response),
      redirected: response.redirected === true,
    };
  } catch (error) {
    return describeSafely(() => describeFailure(error, stage, callerErrors), error, callerErrors);
  }
}

/** Describes what was thrown, even if that throws when it is inspected. */
function describeSafely(describe, error, callerErrors) {
  try {
    return describe();
  } catch {
    return mistake(error, callerErrors);
  }
}

/**
 * Tells the run what became of a request. A foreign response may have a status that is no number.
 *
 * @param {BulkRun} run The run.
 * @param {number} number The request's number.
 * @param {BulkResponse} result What became of it.
 * @param {object} callerErrors As for `serve`.
 */
function answer(run, number, result, callerErrors) {
  try {
    run.answer(number, result);
  } catch (cause) {
    // No TypeError, which would say that nothing was sent.
    const error = Object.assign(
      new Error('closeMany: a response cannot be read; its status must be a number'),
      { cause },
    );
    run.answer(number, mistake(error, callerErrors));
  }
}

/**
 * Sends the requests of a run through the pipeline, in the caller's asynchronous context, as many at once as the run
 * asks for.
 *
 * @param {BulkRun} run The run.
 * @param {Source} source Its records.
 * @param {GenericResource} resource The resource whose objects are closed.
 * @param {AbortSignal|undefined} signal The caller's signal.
 * @param {object} callerErrors Gets the errors of the caller's realm that end the run: `refusal`, of a response, and
 *   `mistake`, of the caller's own code, as `{ error }`.
 * @returns {Promise<void>} Resolves when there are no more requests.
 */
async function serve(run, source, resource, signal, callerErrors) {
  for (;;) {
    const request = await run.next(source.isOver);
    if (request === null) return;
    if (request === undefined) await source.moved();
    else
      sendOne(resource, request, signal, callerErrors).then((result) =>
        answer(run, request.number, result, callerErrors),
      );
  }
}

module.exports = { serve };
