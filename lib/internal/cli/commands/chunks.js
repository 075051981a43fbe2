'use strict';

/** Chunks: how they are listed, read, downloaded and made anew. Closing them is in `chunks-close.js`. */

const { metadata } = require('../../resources/defineNativeMethods.js');
const { actionCommand } = require('../actions.js');
const { CHUNK_COLUMNS } = require('../chunkColumns.js');
const { OUT, printSaved, targetOf } = require('../downloads.js');
const { UsageError } = require('../errors.js');
const { getCommand } = require('../get.js');
const { KINDS, checkId, readId } = require('../ids.js');
const { byId, listCommand } = require('../lists.js');
const { waitCommand } = require('../waits.js');

/** @typedef {import('../main').Command} Command */

const ID = KINDS.chunk;
const CLASS = 'UsageChunkResource';

const list = listCommand({
  name: 'chunks list',
  noun: 'chunks',
  summary: 'Lists chunks; with --out, as the file that chunks close reads once it has invoices',
  examples: [
    'connect-usage chunks list --file UF-2021-01-3453-7567',
    'connect-usage chunks list --status ready --out chunks.xlsx',
  ],
  of: (client) => client.usageChunks,
  // The only one that Connect documents.
  ordering: 'usagefile.id',
  filters: {
    status: {
      field: 'status',
      value: 'STATE',
      help: metadata.get(CLASS).states.join(', '),
      choices: metadata.get(CLASS).states,
    },
    file: byId('usagefile.id', KINDS.file, 'only chunks of this usage file'),
    hub: byId('binding.hub.id', KINDS.hub, 'only chunks of this hub'),
    provider: { field: 'provider.id', value: 'PA-...', help: 'only chunks of this distributor' },
  },
  columns: CHUNK_COLUMNS,
});

const get = getCommand({ name: 'chunks get', kind: ID, of: (client) => client.usageChunks });

/** @type {Command} */
const download = {
  name: 'chunks download',
  summary: 'Downloads a chunk as a workbook',
  usage: 'UFC-... [options]',
  options: /** @type {*} */ (OUT),
  examples: ['connect-usage chunks download UFC-2020-07-8349-4102-001 --out hub-1.xlsx'],
  async run(context) {
    const { values, args, io } = context;
    const id = readId(args, ID, 'chunks download');
    const to = targetOf(values, `${id}.xlsx`);
    await printSaved(io, await context.client.usageChunks.download(id, { to }), values);
    return 0;
  },
};

const regenerate = actionCommand({
  name: 'chunks regenerate',
  summary: 'Makes chunks anew, after their records have changed',
  examples: ['connect-usage chunks regenerate UFC-2020-07-8349-4102-001'],
  kind: ID,
  look: 'chunks get',
  act: (client, id) => client.usageChunks.regenerate(id),
});

/** The chunks of the usage file that `--file` names. */
async function chunksOfFile(context) {
  const { values, args } = context;
  const { file } = values;
  if (file === undefined) return undefined;
  if (args.length > 0) throw new UsageError('chunks wait takes ids of chunks, or --file, not both');
  checkId(file, KINDS.file, '--file');
  const chunks = await context.client.usageChunks.list({ 'usagefile.id': file }).toArray();
  if (chunks.length > 0) return chunks.map(({ id }) => id);
  throw new Error(`${file} has no chunks, or none yet: Connect makes them when the file is accepted`);
}

const wait = waitCommand({
  name: 'chunks wait',
  summary: 'Waits until chunks are ready, or in another state, and shows it as it changes',
  examples: [
    'connect-usage chunks wait UFC-2020-07-8349-4102-001',
    'connect-usage chunks wait --file UF-2021-01-3453-7567',
  ],
  options: { file: { type: 'string', value: 'UF-...', help: 'wait for all chunks of this usage file' } },
  find: chunksOfFile,
  kind: ID,
  className: CLASS,
  usual: ['ready'],
  of: (client) => client.usageChunks,
});

module.exports = [list, get, download, require('./chunks-close.js'), regenerate, wait];
