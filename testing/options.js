'use strict';

/** The options of `startSandbox`. */

const DEFAULT_API_KEY = 'ApiKey SU-000-000:sandbox';
const DEFAULT_KEEP_REQUESTS = 1000;

function integer(options, name, fallback, max) {
  const value = options[name] ?? fallback;
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new TypeError(`startSandbox: ${name} must be an integer from 0 to ${max}`);
  }
  return value;
}

/** Checks the options, and adds the defaults. */
function readOptions(options) {
  const known = [
    'records',
    'files',
    'chunks',
    'products',
    'hubs',
    'processingMs',
    'apiKey',
    'port',
    'latencyMs',
    'legacyCloseRecords',
    'keepRequests',
    'now',
    'faults',
    'seed',
  ];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`startSandbox: unknown option '${unknown}'`);
  const apiKey = options.apiKey ?? DEFAULT_API_KEY;
  if (typeof apiKey !== 'string' || apiKey === '') {
    throw new TypeError('startSandbox: apiKey must be a non-empty string');
  }
  const now = options.now ?? (() => new Date());
  if (typeof now !== 'function')
    throw new TypeError('startSandbox: now must be a function that returns a Date');
  const legacyCloseRecords = options.legacyCloseRecords ?? false;
  if (typeof legacyCloseRecords !== 'boolean')
    throw new TypeError('startSandbox: legacyCloseRecords must be true or false');
  return {
    apiKey,
    now,
    records: options.records,
    files: options.files,
    chunks: options.chunks,
    products: options.products,
    hubs: options.hubs,
    processingMs: integer(options, 'processingMs', 0, 2 ** 31 - 1),
    port: integer(options, 'port', 0, 65535),
    latencyMs: integer(options, 'latencyMs', 0, 2 ** 31 - 1),
    keepRequests: integer(options, 'keepRequests', DEFAULT_KEEP_REQUESTS, Number.MAX_SAFE_INTEGER),
    legacyCloseRecords,
    seed: integer(options, 'seed', 1, 2 ** 32 - 1),
    faults: options.faults ?? [],
  };
}

module.exports = { readOptions };
