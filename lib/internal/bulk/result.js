'use strict';

/** What a run of `closeMany` came to: its report, and the error that it rejects with. */

const { abortError } = require('../transport/abort.js');
const { toError, toHttpError } = require('../results/errors.js');

/** The error of a run that ended early, with the report of what it did until then. */
function withReport(error, report) {
  if (typeof error === 'object' && error !== null && Object.isExtensible(error)) {
    Object.defineProperty(error, 'report', { value: report, configurable: true, writable: true });
  }
  return error;
}

/**
 * Separates what Rust says of a finished run into the report, and the error with which the run ended early.
 *
 * @param {object} result As `BulkRun.settled` resolves it.
 * @param {AbortSignal|undefined} signal The caller's signal.
 * @param {object} callerErrors The errors of the pipeline that ended the run, see `serve`.
 * @param {string} [key] The API key, to be masked in errors.
 * @returns {object} `{ report, error, hasError }`; the error itself may be undefined, if the caller's code threw that.
 */
function resultOf({ stopped, refusal, aborted, ...report }, signal, callerErrors, key) {
  // Why the run ended early, also if it resolves.
  if (report.cause !== undefined) report.stopped = report.cause.message;
  if (aborted) {
    return { report, error: signal ? abortError(signal) : undefined, hasError: signal !== undefined };
  }
  if (refusal !== undefined) {
    // The error of the caller's pipeline comes first, except for a 404: the run's message is more specific.
    const own = refusal.status === 404 ? undefined : callerErrors.refusal;
    return { report, error: own || toHttpError(refusal, key), hasError: true };
  }
  if (stopped === undefined) return { report, hasError: false };
  const isMistake = stopped.failure.kind === 'input' && callerErrors.mistake !== undefined;
  return { report, error: isMistake ? callerErrors.mistake.error : toError(stopped, key), hasError: true };
}

module.exports = { resultOf, withReport };
