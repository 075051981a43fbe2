'use strict';

/**
 * The events of requests, for tracing, metrics and logs: four channels of Node's `diagnostics_channel`. Without
 * subscribers they cost nothing.
 *
 * Every request that starts ends with exactly one `end` (there is a response, whatever its status) or `error` (there
 * is none). All messages of a call have the same `id`.
 */

const { channel } = require('diagnostics_channel');

const START = channel('cloudblue-connect:request:start');
const RETRY = channel('cloudblue-connect:request:retry');
const END = channel('cloudblue-connect:request:end');
const ERROR = channel('cloudblue-connect:request:error');

/** Whether anybody subscribes to the events. */
function isWatched() {
  return START.hasSubscribers || RETRY.hasSubscribers || END.hasSubscribers || ERROR.hasSubscribers;
}

module.exports = { END, ERROR, RETRY, START, isWatched };
