'use strict';

/** `connect-usage preview`, and `close --dry-run`: asks the server what closing the records of files would do. */

const { wholeNumber } = require('./errors.js');
const { write, writeJson } = require('./io.js');
const { narrowed } = require('./recordFilters.js');
const { checkedInvoice } = require('./close/invoice.js');
const { describeOverview, overviewOf } = require('./close/overview.js');
const { describePreview, previewExitCode, previewOf } = require('./close/preview.js');
const { readFiles } = require('./close/readFiles.js');
const { checkResults, writeResults } = require('./close/results.js');

/** What a state is called in the results. */
const RESULTS = {
  approved: 'would be closed',
  closed: 'closed',
  'closed otherwise': 'closed otherwise',
  other: 'cannot be closed',
  unknown: 'unknown to the server',
};

/** `connect-usage preview`. */
async function previewFiles(context) {
  const { values, args, io } = context;
  const { results, json } = values;
  checkResults(results, args);
  // Those of close, which are wrong here, too.
  for (const name of ['concurrency', 'batch-size']) wholeNumber(values, name);
  const filters = narrowed(values);
  const billingId = await checkedInvoice(values);
  const { usageRecords } = context.client;
  const { files, records } = await readFiles(context, billingId);
  const overview = overviewOf({ files, records });
  if (!json) await write(io.stdout, describeOverview(overview));
  const say = (line) => io.stderr.write(`connect-usage: ${line}\n`);
  const { preview, stateOf } = await previewOf(usageRecords, records, filters, say);
  if (json) await writeJson(io, { ...overview, ...preview });
  else await write(io.stdout, describePreview(preview));
  if (results !== undefined) {
    await writeResults(results, records, (id) => {
      const { state, reason } = stateOf(id);
      return { result: RESULTS[state], reason };
    });
  }
  return previewExitCode(preview);
}

module.exports = { previewFiles };
