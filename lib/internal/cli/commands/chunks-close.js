'use strict';

/** `chunks close`: by their ids, or by a file with an invoice for each. The run is `closeMany` of usage chunks. */

const { CHUNK_COLUMNS } = require('../chunkColumns.js');
const { confirm } = require('../confirm.js');
const { checkHeaders } = require('../close/headers.js');
const { checkedInvoice } = require('../close/invoice.js');
const { Refused, refusedFile } = require('../close/refused.js');
const { UsageError, describeError, errorText, wholeNumber } = require('../errors.js');
const { ID, INVOICE, NOTE } = require('../fields.js');
const { withFlags } = require('../flagNames.js');
const { KINDS, kindOf, readIds, splitIds } = require('../ids.js');
const { onInterrupt } = require('../interrupt.js');
const { plain, write, writeJson } = require('../io.js');
const { makeBar } = require('../progressBar.js');
const { YES } = require('../actions.js');
const { RecordTable } = require('../../tables/readRecords.js');
const { TableError } = require('../../results/errors.js');

/** How many chunks are read at a time. */
const READS = 4;

/** How many lines of one kind are printed. */
const MAX_LINES = 100;

/** What `chunks list --out` writes. */
const LISTED = new Set(CHUNK_COLUMNS.map(({ header }) => header));

/** The lines of a list, and how many more there are. */
function firstLines(lines) {
  const more = lines.length - MAX_LINES;
  return [...lines.slice(0, MAX_LINES), ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** The chunks of a file; all that cannot be used are listed. */
async function readFile(file, values, stderr) {
  const options = {
    subject: 'chunks',
    sheet: values.sheet,
    hidden: values.hidden,
    requireBillingId: values['billing-id'] === undefined,
  };
  const table = new RecordTable(file, options);
  const chunks = [];
  try {
    const { columns, ignored } = await table.describe();
    checkHeaders(file, { columns, ignored });
    for await (const chunk of table) chunks.push(chunk);
    // Those that chunks list writes are no reason to warn: a misspelt one stands out.
    const other = ignored.filter((header) => !LISTED.has(header)).map(plain);
    if (other.length > 0) stderr.write(`connect-usage: columns that are not read: ${other.join(', ')}\n`);
    return chunks;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (!(error instanceof TableError)) throw new UsageError(withFlags(error.message));
    throw new Refused([refusedFile(file, error)]);
  }
}

/** What is to be closed: the ids of the command line, or a file. */
async function readChunks({ args, values, io }) {
  const [first, ...more] = args;
  if (first === undefined) {
    throw new UsageError(
      `chunks close takes the ids of chunks, with --billing-id, or a CSV or Excel file: connect-usage chunks close ${KINDS.chunk.example} --billing-id INV-7`,
    );
  }
  // An id of another kind is no file that was forgotten.
  const areIds = splitIds(args).every((id) => kindOf(id) !== undefined);
  if (!areIds && more.length === 0) {
    try {
      return await readFile(first, values, io.stderr);
    } catch (error) {
      if (values.json && error instanceof Refused) await writeJson(io, error);
      throw error;
    }
  }
  const ids = readIds(args, KINDS.chunk, 'chunks close');
  if (values['billing-id'] === undefined) {
    throw new UsageError(
      'chunks close needs --billing-id ID, the invoice of the chunks, or a file that has them',
    );
  }
  return ids.map((id) => ({ id }));
}

/** Reads the chunks as they are now. None is closed if one of them is not there. */
async function lookUp(client, chunks) {
  const ids = [...new Set(chunks.map(({ id }) => id))];
  const found = new Map();
  const missing = [];
  const next = ids.values();
  const readNext = async () => {
    for (const id of next) {
      try {
        found.set(id, await client.usageChunks.get(id));
      } catch (error) {
        if (error.status !== 404 || error.errorCode === undefined) throw error;
        missing.push(`  ${id}: ${describeError(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: READS }, readNext));
  if (missing.length > 0) {
    throw new UsageError(
      [`Connect does not know ${missing.length} of the chunks:`, ...firstLines(missing)].join('\n'),
    );
  }
  return found;
}

/** Says what would be closed. */
function preview(chunks, found, billingId) {
  const lines = chunks.map(({ id, externalBillingId }) => {
    const { status, outdated, binding, stats } = found.get(id);
    const facts = [
      `  ${id}  ${externalBillingId ?? billingId}`,
      outdated ? `${status}, outdated` : status,
      stats?.accepted !== undefined && `${stats.accepted} accepted records`,
      binding?.hub?.name ?? binding?.hub?.id,
    ];
    return facts.filter(Boolean).join('  ');
  });
  return `${firstLines(lines).join('\n')}\n`;
}

/**
 * The chunks that a dry run leaves for sending, and that Connect does not close as they are.
 *
 * @param {*} report The report of the dry run.
 * @param {Map<string, *>} found The chunks as they are now.
 * @returns {{ id: string, status: string }[]} Those that are not ready.
 */
function notReady({ failed, alreadyClosedIds }, found) {
  const settled = new Set([...failed.map(({ id }) => id), ...alreadyClosedIds]);
  return [...found.values()]
    .filter(({ id, status }) => status !== 'ready' && !settled.has(id))
    .map(({ id, status }) => ({ id, status }));
}

/** How to find out the invoice of a chunk: its records have one each. */
function lookUpCommand(chunk) {
  const file = chunk?.usagefile?.id;
  const hub = chunk?.binding?.hub?.id;
  return file && hub
    ? [`    connect-usage records list --status closed --file ${file} --hub ${hub} --csv`]
    : [];
}

/** The report of a run, for people. */
function summary(report, total, found) {
  const { closed, alreadyClosed, failed, conflicts, unknown, notSent, duplicates, otherStates } = report;
  const isDry = otherStates !== undefined;
  const lines = [
    isDry
      ? `dry run: ${notSent - otherStates.length} of ${total} chunks would be closed; nothing was sent`
      : `closed ${closed} of ${total} chunks`,
  ];
  const section = (text, items) => {
    if (items.length > 0) lines.push(`${items.length} ${text}`, ...firstLines(items));
  };
  if (alreadyClosed > 0) lines.push(`${alreadyClosed} were closed before, as the journal says`);
  if (duplicates > 0) lines.push(`${duplicates} came twice with the same invoice, and count once`);
  section(
    'could not be closed:',
    failed.map(({ id, errorCodes, errorDetails }) =>
      [`  ${id}`, errorCodes, errorDetails].filter(Boolean).join(' '),
    ),
  );
  section(
    'could not be closed, as only a chunk that is ready can be:',
    (otherStates ?? []).map(({ id, status }) => `  ${id} is ${status}`),
  );
  section(
    'are closed with another invoice:',
    conflicts.map(({ id, externalBillingId }) => `  ${id} ${externalBillingId ?? '(none)'}`),
  );
  section(
    'may be closed with this invoice, or not; look each of them up before it is billed again:',
    unknown.map(({ id, message }) => [`  ${id} ${message}`, ...lookUpCommand(found.get(id))].join('\n')),
  );
  if (notSent > 0 && !isDry) lines.push(`${notSent} were not sent`);
  return `${lines.join('\n')}\n`;
}

function exitCode({ failed, conflicts, unknown, notSent, otherStates }) {
  if (unknown.length > 0) return 3;
  const left = otherStates === undefined ? notSent : otherStates.length;
  return failed.length + conflicts.length + left > 0 ? 1 : 0;
}

/** Closes the chunks, and prints the report. */
async function close(context, { chunks, found, billingId }) {
  const { client, values, io } = context;
  const { signal, unsubscribe } = onInterrupt();
  const bar = makeBar(io);
  const isDry = values['dry-run'];
  const total = new Set(chunks.map(({ id }) => id)).size;
  const print = (report) =>
    values.json ? writeJson(io, report) : write(io.stdout, summary(report, total, found));
  try {
    const result = await client.usageChunks.closeMany(
      chunks.map((chunk) => ({ ...chunk, outdated: found.get(chunk.id).outdated })),
      {
        journal: values.journal,
        dryRun: isDry,
        listClosed: isDry,
        stopOnError: values['stop-on-error'],
        concurrency: wholeNumber(values, 'concurrency'),
        externalBillingId: billingId,
        externalBillingNote: values.note,
        signal,
        onProgress: bar.show,
      },
    );
    bar.end();
    const { closedIds: _closedIds, alreadyClosedIds: _alreadyClosedIds, ...counts } = result;
    const report = isDry ? { ...counts, otherStates: notReady(result, found) } : counts;
    await print(report);
    return exitCode(report);
  } catch (error) {
    bar.end();
    if (error.report === undefined) throw error;
    await print(error.report);
    const why = error.code === 'ABORT_ERR' ? error.cause : error;
    io.stderr.write(withFlags(errorText(why, 'the run ended early: ')));
    return error.report.unknown.length > 0 ? 3 : 1;
  } finally {
    unsubscribe();
  }
}

/** @type {import('../main').Command} */
module.exports = {
  name: 'chunks close',
  summary: 'Closes chunks with their invoices; that cannot be undone',
  usage: 'UFC-... [UFC-...] --billing-id ID | FILE [options]',
  details: `A file is CSV or Excel (xlsx). Its first row names the columns ${ID}, ${INVOICE} and, if you like,
${NOTE}: fill in what chunks list --out writes. If a row cannot be used, nothing is sent.`,
  options: {
    'billing-id': {
      type: 'string',
      value: 'ID',
      help: 'invoice of the chunks, or of those rows of a file that have none',
    },
    note: { type: 'string', value: 'TEXT', help: 'note for chunks without one' },
    journal: {
      type: 'string',
      value: 'FILE',
      help: 'record the run in a file, from which the same command resumes it',
    },
    'dry-run': { type: 'boolean', help: 'show what would be closed, and close nothing' },
    'stop-on-error': { type: 'boolean', help: 'stop at the first chunk that cannot be closed' },
    concurrency: { type: 'string', value: 'N', help: 'concurrent requests (default 4)' },
    sheet: {
      type: 'string',
      value: 'NAME',
      help: 'sheet of an xlsx file (default: the one named records, or the only one)',
    },
    hidden: { type: 'boolean', help: 'close the chunks of hidden and filtered rows, too' },
    .../** @type {*} */ (YES),
  },
  examples: [
    'connect-usage chunks close UFC-2020-07-8349-4102-001 --billing-id INV-7',
    'connect-usage chunks close chunks.xlsx --journal january-chunks.journal',
  ],
  async run(context) {
    const { values, io } = context;
    wholeNumber(values, 'concurrency');
    if (values.journal === '') throw new UsageError('--journal is empty; give the name of a file');
    const billingId = await checkedInvoice(/** @type {*} */ (values));
    const chunks = await readChunks(context);
    const found = await lookUp(context.client, chunks);
    const isAsked = io.isTerminal && !values.yes;
    if (isAsked || values['dry-run']) io.stderr.write(preview(chunks, found, billingId));
    if (!values['dry-run']) {
      const question = `Close ${found.size} chunk${found.size === 1 ? '' : 's'}? This cannot be undone.`;
      if (!(await confirm(io, question, values))) return 1;
    }
    return close(context, { chunks, found, billingId });
  },
};
