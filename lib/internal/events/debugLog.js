'use strict';

/** `CONNECT_LOG=debug`: writes a line to standard error for each event of a request. */

const { channel } = require('diagnostics_channel');

const LINES = {
  start: ({ method, url, apiKey }) => `${method} ${url} ${apiKey}`,
  retry: ({ attempt, waitMs, status, code }) =>
    `attempt ${attempt} ${status === undefined ? `failed${code ? ` (${code})` : ''}` : `returned status ${status}`}, retrying in ${Math.round(waitMs)} ms`,
  end: ({ status, attempts, durationMs }) => `${status} in ${Math.round(durationMs)} ms${times(attempts)}`,
  error: ({ error, attempts, durationMs }) =>
    `failed after ${Math.round(durationMs)} ms${times(attempts)}: ${error && (error.message || error)}`,
};

function times(attempts) {
  return attempts > 1 ? `, ${attempts} attempts` : '';
}

/** Subscribes to the events. */
function start() {
  for (const [name, line] of Object.entries(LINES)) {
    channel(`cloudblue-connect:request:${name}`).subscribe((/** @type {*} */ message) => {
      process.stderr.write(`cloudblue-connect [${message.id}] ${line(message)}\n`);
    });
  }
}

module.exports = { start };
