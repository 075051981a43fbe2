'use strict';

/** Reconciliations: files that give the records of a usage file their invoices. */

const { OUT, checkUpload, printSaved, targetOf } = require('../downloads.js');
const { readInput } = require('../close/input.js');
const { Refused } = require('../close/refused.js');
const { UsageError } = require('../errors.js');
const { INVOICE, NOTE } = require('../fields.js');
const { getCommand } = require('../get.js');
const { KINDS, checkId, readId } = require('../ids.js');
const { byId, listCommand } = require('../lists.js');
const { WAIT_OPTIONS, readTimeout, uploadOne, waitCommand } = require('../waits.js');

/** @typedef {import('../main').Command} Command */

const ID = KINDS.reconciliation;

const list = listCommand({
  name: 'reconcile list',
  noun: 'reconciliations',
  summary: 'Lists reconciliations',
  examples: ['connect-usage reconcile list --file UF-2021-01-3453-7567'],
  of: (client) => client.usageReconciliations,
  ordering: 'usagefile.id',
  // Connect documents no filter by their status or their dates.
  filters: {
    file: byId('usagefile.id', KINDS.file, 'only those of this usage file'),
    chunk: byId('partusagefile.id', KINDS.chunk, 'only those of this chunk'),
    hub: byId('binding.hub.id', KINDS.hub, 'only those of this hub'),
    provider: { field: 'partusagefile.provider.id', value: 'PA-...', help: 'only those of this distributor' },
  },
  columns: [
    { header: 'id', of: ({ id }) => id },
    { header: 'status', of: ({ status }) => status },
    { header: 'file', of: ({ usagefile }) => usagefile?.id },
    { header: 'uploaded', of: ({ events }) => events?.uploaded?.at },
    { header: 'note', of: ({ notes }) => notes?.uploaded },
    { header: 'result', of: ({ notes, error }) => error?.detail ?? notes?.processing },
    { header: 'chunk', of: ({ partusagefile }) => partusagefile?.id, wide: true },
    { header: 'hub', of: ({ binding }) => binding?.hub?.name ?? binding?.hub?.id, wide: true },
  ],
});

const get = getCommand({ name: 'reconcile get', kind: ID, of: (client) => client.usageReconciliations });

/**
 * Checks the flags of an upload, which go together in some ways only.
 *
 * @param {{ file?: string, note?: string, wait?: boolean, timeout?: string }} values The flags.
 */
function checkUploadFlags({ file, note, wait, timeout }) {
  if (file !== undefined) {
    checkId(file, KINDS.file, '--file');
    if (note !== undefined)
      throw new UsageError('--note cannot be used with --file: Connect takes no note there');
    if (wait) {
      throw new UsageError(
        '--wait cannot be used with --file: Connect answers with the usage file; find it with connect-usage reconcile list --file, and wait for it',
      );
    }
  }
  if (timeout !== undefined && !wait) throw new UsageError('--timeout goes with --wait');
}

/**
 * Refuses a file with rows that close would refuse: Connect would take `1.23E+11` for an invoice. What is wrong with a file as
 * a whole is for Connect to say. It reads hidden rows, too.
 *
 * @param {string} file
 */
async function checkRows(file) {
  try {
    await readInput([file], { hidden: true, withoutInvoice: true });
  } catch (error) {
    if (error instanceof Refused && error.files.some(({ rows }) => rows.length > 0)) throw error;
  }
}

/** @type {Command} */
const upload = {
  name: 'reconcile upload',
  summary: 'Uploads a workbook that says on which invoice each record is',
  usage: 'FILE [options]',
  details: `The first row names the columns record_id, ${INVOICE} and, if you like, ${NOTE}. The records get
these invoices; they are not closed by that. If a row cannot be used, nothing is sent.`,
  options: {
    file: {
      type: 'string',
      value: 'UF-...',
      help: 'the usage file, if it is not to be found by its records',
    },
    note: { type: 'string', value: 'TEXT', help: 'a note' },
    wait: { type: 'boolean', help: 'wait until Connect has processed it' },
    .../** @type {*} */ (WAIT_OPTIONS),
  },
  examples: ['connect-usage reconcile upload billed.xlsx --note January --wait'],
  async run(context) {
    const { values, args, io } = context;
    const [file, ...more] = args;
    if (more.length > 0) throw new UsageError(`reconcile upload takes one file; got ${args.join(' ')}`);
    checkUploadFlags(values);
    const source = checkUpload(file, 'reconcile upload');
    const timeout = readTimeout(values);
    await checkRows(file);
    const { client } = context;
    const { usageReconciliations } = client;
    const send = async () => {
      if (values.file !== undefined) return client.usageFiles.reconciliation(values.file, source);
      const made = await usageReconciliations.create(source, values.note);
      // The wait may be interrupted: by then the id must be known.
      if (values.wait) io.stderr.write(`${made.id}  ${made.status}\n`);
      return made;
    };
    const look = () => 'reconcile list';
    return uploadOne(file, send, {
      io,
      values,
      resource: usageReconciliations,
      states: ['processed'],
      timeout,
      look,
    });
  },
};

/** @type {Command} */
const download = {
  name: 'reconcile download',
  summary: 'Downloads a reconciliation, by default as Connect has processed it',
  usage: 'RCF-... [options]',
  options: {
    kind: {
      type: 'string',
      value: 'KIND',
      help: 'processed (with what became of each row; default), or uploaded',
    },
    .../** @type {*} */ (OUT),
  },
  examples: ['connect-usage reconcile download RCF-2020-07-8349-4102-001 --out result.xlsx'],
  async run(context) {
    const { values, args, io } = context;
    const id = readId(args, ID, 'reconcile download');
    const kind = values.kind ?? 'processed';
    if (!['processed', 'uploaded'].includes(kind)) {
      throw new UsageError(`--kind must be processed or uploaded; got '${kind}'`);
    }
    const to = targetOf(values, `${id}-${kind}.xlsx`);
    const { usageReconciliations } = context.client;
    const saved =
      kind === 'processed'
        ? await usageReconciliations.processedFile(id, { to })
        : await usageReconciliations.uploadedFile(id, { to });
    await printSaved(io, saved, values);
    return 0;
  },
};

const wait = waitCommand({
  name: 'reconcile wait',
  summary: 'Waits until reconciliations are processed, and shows their state as it changes',
  examples: ['connect-usage reconcile wait RCF-2020-07-8349-4102-001'],
  kind: ID,
  className: 'UsageReconciliationResource',
  usual: ['processed'],
  of: (client) => client.usageReconciliations,
});

module.exports = [upload, wait, download, list, get];
