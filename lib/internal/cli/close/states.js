'use strict';

/** What the server says of records: by listing them in pages; what the list lacks is read singly. */

const { counted } = require('./overview.js');
const { HttpError } = require('../../results/errors.js');

const PAGE_SIZE = 1000;

/** How many records are read at once. */
const CONCURRENCY = 4;

/** How many records a list has; undefined if the server does not say. */
async function countOf(list) {
  try {
    return await list.count();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Reads pages until all records are found. */
async function readPages(list, wanted, found, requests) {
  for await (const page of list.pages()) {
    requests.count += 1;
    for (const record of page) if (wanted.has(record.id)) found.set(record.id, record);
    if (found.size === wanted.size) return;
  }
}

/** A record; undefined if the server does not know it. */
async function readOne(usageRecords, id) {
  try {
    return await usageRecords.get(id);
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return undefined;
    throw error;
  }
}

/** Reads records one by one. */
async function readSingly(usageRecords, ids, found, requests) {
  const left = ids[Symbol.iterator]();
  const reader = async () => {
    for (const id of left) {
      const record = await readOne(usageRecords, id);
      requests.count += 1;
      if (record !== undefined) found.set(id, record);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, reader));
}

/**
 * Asks the server for records.
 *
 * @param {object} usageRecords The resource.
 * @param {string[]} ids Which.
 * @param {object} filters What narrows the list.
 * @param {(line: string) => void} say Is told how many requests each step takes, before it.
 * @returns {Promise<{ found: Map<string, object>, requests: number }>} Those that the server knows.
 */
async function readStates(usageRecords, ids, filters, say) {
  const wanted = new Set(ids);
  const found = new Map();
  if (wanted.size === 0) return { found, requests: 0 };
  const list = usageRecords.list(filters, { pageSize: PAGE_SIZE });
  const requests = { count: 1 };
  const total = await countOf(list);
  const pages = total === undefined ? undefined : Math.ceil(total / PAGE_SIZE);
  // A list that takes more requests than the records by themselves is not worth reading.
  if (pages === 0) say('the list is empty');
  else if (pages === undefined || pages <= wanted.size) {
    const size = pages === undefined ? '' : ` of ${counted(total, 'record')}: ${counted(pages, 'request')}`;
    say(`asking the server for the list${size}`);
    await readPages(list, wanted, found, requests);
  } else {
    say(`the list has ${counted(total, 'record')}; --file, --product, --from and --to narrow it`);
  }
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) {
    say(`reading ${counted(missing.length, 'record')} singly: ${counted(missing.length, 'request')}`);
    await readSingly(usageRecords, missing, found, requests);
  }
  return { found, requests: requests.count };
}

module.exports = { readStates };
