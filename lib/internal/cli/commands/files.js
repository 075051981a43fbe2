'use strict';

/** Usage files: how they are listed, read, made and uploaded. What is done with one is in `file-actions.js`. */

const { metadata } = require('../../resources/defineNativeMethods.js');
const { OUT, checkUpload, downloadLink, printSaved, targetOf } = require('../downloads.js');
const { readProxy } = require('../environment.js');
const { UsageError } = require('../errors.js');
const { getCommand } = require('../get.js');
const { KINDS, checkId, readId, readIds } = require('../ids.js');
const { byId, listCommand } = require('../lists.js');
const { printObject } = require('../output.js');
const { WAIT_OPTIONS, readTimeout, uploadOne, waitCommand } = require('../waits.js');

/** @typedef {import('../main').Command} Command */

const ID = KINDS.file;
const CLASS = 'UsageFileResource';

/** After an upload Connect's documents have either. */
const UPLOADED = ['ready', 'uploaded'];

const list = listCommand({
  name: 'files list',
  noun: 'usage files',
  summary: 'Lists usage files',
  examples: [
    'connect-usage files list --status pending',
    'connect-usage files list --product PRD-000-000-000 --from 2021-01-01 --to 2021-01-31 --out files.xlsx',
  ],
  of: (client) => client.usageFiles,
  filters: {
    status: {
      field: 'status',
      value: 'STATE',
      help: metadata.get(CLASS).states.join(', '),
      choices: metadata.get(CLASS).states,
    },
    product: byId('product.id', KINDS.product, 'only files of this product'),
    contract: byId('contract.id', KINDS.contract, 'only files of this contract'),
    vendor: { field: 'vendor.id', value: 'VA-...', help: 'only files of this vendor' },
    provider: { field: 'provider.id', value: 'PA-...', help: 'only files of this distributor' },
    marketplace: { field: 'marketplace.id', value: 'MP-...', help: 'only files of this marketplace' },
    'external-id': { field: 'external_id', value: 'ID', help: 'only the file that its vendor calls so' },
    schema: { field: 'schema', value: 'SCHEMA', help: 'tr, pr, qt or cr' },
    environment: { field: 'environment', value: 'NAME', help: 'test, preview or production' },
  },
  // Connect documents no filter by the period that a file is about.
  dateField: 'created.at',
  ordering: 'id',
  columns: [
    { header: 'id', of: ({ id }) => id },
    { header: 'status', of: ({ status }) => status },
    { header: 'from', of: ({ period }) => period?.from },
    { header: 'to', of: ({ period }) => period?.to },
    { header: 'records', of: ({ stats }) => stats?.uploaded },
    { header: 'closed', of: ({ stats }) => stats?.closed },
    { header: 'product', of: ({ product }) => product?.name ?? product?.id },
    { header: 'name', of: ({ name }) => name },
    { header: 'product_id', of: ({ product }) => product?.id, wide: true },
    { header: 'schema', of: ({ schema }) => schema, wide: true },
    { header: 'currency', of: ({ currency }) => currency, wide: true },
    { header: 'accepted', of: ({ stats }) => stats?.accepted, wide: true },
    { header: 'billed', of: ({ stats }) => stats?.billed, wide: true },
    { header: 'external_id', of: ({ external_id: id }) => id, wide: true },
    { header: 'vendor', of: ({ vendor }) => vendor?.name ?? vendor?.id, wide: true },
    { header: 'provider', of: ({ provider }) => provider?.name ?? provider?.id, wide: true },
    { header: 'contract', of: ({ contract }) => contract?.id, wide: true },
    { header: 'created', of: ({ events }) => events?.created?.at, wide: true },
    { header: 'note', of: ({ note }) => note, wide: true },
    { header: 'acceptance_note', of: (file) => file.acceptance_note, wide: true },
    { header: 'rejection_note', of: (file) => file.rejection_note, wide: true },
    { header: 'error_detail', of: (file) => file.error_detail, wide: true },
  ],
});

const get = getCommand({ name: 'files get', kind: ID, of: (client) => client.usageFiles });

/** The body of a new file. */
function draftOf(values) {
  const { name, product, contract, from, to, currency, description, note, schema } = values;
  if (product === undefined) throw new UsageError('files create needs --product PRD-...');
  checkId(product, KINDS.product, '--product');
  if (contract !== undefined) checkId(contract, KINDS.contract, '--contract');
  if ((from === undefined) !== (to === undefined)) {
    throw new UsageError(`--from and --to go together; --${from === undefined ? 'from' : 'to'} is missing`);
  }
  return {
    name,
    product: { id: product },
    contract: contract && { id: contract },
    period: from && { from, to },
    external_id: values['external-id'],
    currency,
    description,
    note,
    schema,
  };
}

/** @type {Command} */
const create = {
  name: 'files create',
  summary: 'Makes a draft, to which a vendor then uploads a workbook',
  usage: '--product PRD-... [options]',
  options: {
    product: { type: 'string', value: 'PRD-...', help: 'the product; required' },
    contract: { type: 'string', value: 'CRD-...', help: 'the contract with the distributor' },
    name: { type: 'string', value: 'TEXT', help: 'what the file is called' },
    from: { type: 'string', value: 'DAY', help: 'first day of the usage, such as 2021-01-01' },
    to: { type: 'string', value: 'DAY', help: 'last day of the usage' },
    currency: { type: 'string', value: 'CODE', help: 'currency of the amounts, such as USD' },
    schema: { type: 'string', value: 'SCHEMA', help: 'tr, pr, qt or cr' },
    'external-id': { type: 'string', value: 'ID', help: 'what you call the file' },
    description: { type: 'string', value: 'TEXT', help: 'a description' },
    note: { type: 'string', value: 'TEXT', help: 'a note' },
  },
  examples: [
    'connect-usage files create --product PRD-000-000-000 --contract CRD-00000-00000-00000 --name January --from 2021-01-01 --to 2021-01-31 --currency USD',
  ],
  async run(context) {
    const { values, args, io } = context;
    if (args.length > 0) throw new UsageError(`files create takes no arguments; got '${args[0]}'`);
    const draft = draftOf(values);
    const file = await context.client.usageFiles.create(draft);
    if (values.json) await printObject(io, file, values);
    else io.stdout.write(`${file.id}  ${file.status}\n`);
    return 0;
  },
};

/** @type {Command} */
const upload = {
  name: 'files upload',
  summary: 'Uploads a workbook to a usage file; what was uploaded before is replaced',
  usage: 'UF-... FILE [options]',
  options: {
    wait: { type: 'boolean', help: 'wait until Connect has processed it' },
    .../** @type {*} */ (WAIT_OPTIONS),
  },
  examples: ['connect-usage files upload UF-2021-01-3453-7567 january.xlsx --wait'],
  async run(context) {
    const { values, args, io } = context;
    const [id, file, ...more] = args;
    if (more.length > 0) throw new UsageError(`files upload takes one file; got ${args.slice(1).join(' ')}`);
    readIds(args.slice(0, 1), ID, 'files upload');
    const source = checkUpload(file, 'files upload');
    const timeout = readTimeout(values);
    const { usageFiles } = context.client;
    const send = async () => ({ id, ...(await usageFiles.upload(id, source)) });
    const look = () => `files get ${id}`;
    return uploadOne(id, send, { io, values, resource: usageFiles, states: UPLOADED, timeout, look });
  },
};

/** The links of a file, by the name that `--kind` has for them. */
const LINKS = {
  processed: 'processed_file_uri',
  uploaded: 'usage_file_uri',
  reconciliation: 'reconciliation_file_uri',
};

/** @type {Command} */
const download = {
  name: 'files download',
  summary: 'Downloads the workbook of a usage file, by default as Connect has processed it',
  usage: 'UF-... [options]',
  options: {
    kind: {
      type: 'string',
      value: 'KIND',
      help: 'processed (with the status and the errors of each row; default), uploaded, or reconciliation',
    },
    .../** @type {*} */ (OUT),
  },
  examples: [
    'connect-usage files download UF-2021-01-3453-7567 --out january-processed.xlsx',
    'connect-usage files download UF-2021-01-3453-7567 --kind uploaded',
  ],
  async run(context) {
    const { values, args, io } = context;
    const id = readId(args, ID, 'files download');
    const kind = values.kind ?? 'processed';
    if (!Object.hasOwn(LINKS, kind)) {
      throw new UsageError(`--kind must be one of ${Object.keys(LINKS).join(', ')}; got '${kind}'`);
    }
    const target = targetOf(values, `${id}-${kind}.xlsx`);
    const file = await context.client.usageFiles.get(id);
    const link = file[LINKS[kind]];
    if (!link) {
      io.stderr.write(`connect-usage: ${id} has no ${kind} file; it is ${file.status}\n`);
      return 1;
    }
    await printSaved(io, await downloadLink(link, target, readProxy(values, io.env)), values);
    return 0;
  },
};

/** @type {Command} */
const template = {
  name: 'files template',
  summary: 'Downloads the workbook that a vendor fills in for a product',
  usage: 'PRD-... [options]',
  options: /** @type {*} */ (OUT),
  examples: ['connect-usage files template PRD-000-000-000 --out january.xlsx'],
  async run(context) {
    const { values, args, io } = context;
    const id = readId(args, KINDS.product, 'files template');
    const target = targetOf(values, `${id}-template.xlsx`);
    const { template_link: link } = await context.client.usageProducts.template(id);
    await printSaved(io, await downloadLink(link, target, readProxy(values, io.env)), values);
    return 0;
  },
};

const wait = waitCommand({
  name: 'files wait',
  summary: 'Waits until usage files are in a state, and shows it as it changes',
  examples: [
    'connect-usage files wait UF-2021-01-3453-7567',
    'connect-usage files wait UF-2021-01-3453-7567 --for accepted --timeout 600',
  ],
  kind: ID,
  className: CLASS,
  usual: UPLOADED,
  of: (client) => client.usageFiles,
});

module.exports = [list, get, template, create, upload, wait, download, ...require('./file-actions.js')];
