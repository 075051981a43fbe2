'use strict';

/** The report of a run, for people. */

const { counted } = require('./overview.js');
const { section } = require('./section.js');
const { withFlags } = require('../flagNames.js');

/** What a run came to. */
function describeReport(report, total) {
  const { closed, alreadyClosed, failed, conflicts, unknown, notSent, requests, elapsedMs } = report;
  const seconds = Math.max(elapsedMs / 1000, 0.001);
  const rate = Math.round((closed + alreadyClosed) / seconds);
  const lines = [
    `closed ${closed} of ${total} records`,
    ...(alreadyClosed > 0 ? [`${alreadyClosed} were already closed with the same invoice`] : []),
    ...section(
      'could not be closed',
      failed,
      ({ id, errorCodes = '', errorDetails = '' }) => `${id} ${errorCodes} ${errorDetails}`,
    ),
    ...section(
      'are closed with another invoice',
      conflicts,
      ({ id, externalBillingId }) => `${id} ${externalBillingId ?? '(none)'}`,
    ),
    ...section(
      'may or may not be closed; run the same command again to find out',
      unknown,
      ({ id, code, message }) => [id, code, message].filter(Boolean).join(' '),
    ),
    ...(notSent > 0 ? [`${notSent} were not sent`] : []),
    `${seconds.toFixed(2)} s, ${rate} records per second, ${counted(requests, 'request')}`,
  ];
  return `${withFlags(lines.join('\n'))}\n`;
}

/** The exit code of a run. */
function exitCode({ failed, conflicts, unknown, notSent }) {
  if (unknown.length > 0) return 3;
  return failed.length + conflicts.length + notSent > 0 ? 1 : 0;
}

module.exports = { describeReport, exitCode };
