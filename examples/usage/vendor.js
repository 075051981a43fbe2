'use strict';

/**
 * A vendor's month: the template, an upload with a mistake, the mended upload, and the submission. It runs against the
 * sandbox, in which some requests go wrong.
 *
 *   node examples/usage/vendor.js
 */

const { ConnectClient, StateError } = require('cloudblue-connect-native');
const { startSandbox } = require('cloudblue-connect-native/testing');

const PRODUCT = 'PRD-736-723-721';

const FAULTS = [
  { kind: 'throttle', perSecond: 20, burst: 5 },
  { kind: 'status', status: 502, when: { method: 'GET' }, rate: 0.2 },
  { kind: 'resetAfter', when: { path: '/submit' }, times: 1 },
];

const HEADER = [
  'record_id,item_search_criteria,item_search_value,quantity,start_time_utc,end_time_utc',
  'asset_search_criteria,asset_search_value,amount',
].join(',');

/** The usage of two subscriptions, as the vendor's own system has it. */
function sheet(item) {
  const rows = ['2009295', '2009296'].map((asset, number) => {
    const period = '2021-01-01 00:00:00,2021-01-31 00:00:00';
    return `usage-${number + 1},item.mpn,${item},${10 + number},${period},asset.external_id,${asset},12.50`;
  });
  return Buffer.from([HEADER, ...rows, ''].join('\n'));
}

/** Uploads a sheet, and waits until Connect has processed it. */
async function upload(client, id, bytes) {
  await client.usageFiles.upload(id, bytes);
  return client.usageFiles.waitFor(id, ['ready', 'uploaded']);
}

/** Submits the file. If the answer is lost, the file says whether it was submitted. */
async function submit(client, id) {
  try {
    return await client.usageFiles.submit(id);
  } catch (error) {
    if (!error.maybeProcessed) throw error;
    console.log('the answer to the submission was lost; the file is read');
    const file = await client.usageFiles.get(id);
    return file.status === 'pending' ? file : submit(client, id);
  }
}

async function report(client) {
  const { template_link: link } = await client.usageProducts.template(PRODUCT);
  console.log(`the template is at ${new URL(link).pathname}`);
  const { id } = await client.usageFiles.create({
    name: 'January 2021',
    product: { id: PRODUCT },
    period: { from: '2021-01-01', to: '2021-01-31' },
    currency: 'USD',
  });
  try {
    await upload(client, id, sheet('VMH-9'));
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    console.log(`${error.object.status}: ${error.detail}`);
  }
  const file = await upload(client, id, sheet('VMH-1'));
  console.log(`${file.status}: ${file.records.valid} records are valid`);
  return submit(client, id);
}

async function main() {
  const sandbox = await startSandbox({ records: 0, faults: FAULTS });
  try {
    const client = new ConnectClient(sandbox.url, sandbox.keys.vendor);
    const file = await report(client);
    console.log(
      `the file is ${file.status}, submitted ${count(sandbox, file.id, 'usageFiles.submit')} time(s)`,
    );
  } finally {
    await sandbox.close();
  }
}

const count = (sandbox, id, operation) =>
  sandbox.changes.get(id).filter((change) => change.operation === operation).length;

main();
