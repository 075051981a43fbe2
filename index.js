'use strict';

const api = require('./lib/connect/api/index.js');
const ConnectClient = require('./lib/connect/client.js');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./lib/connect/http/adapter.js');
const { exportOnDemand, onDemand } = require('./lib/internal/onDemand.js');
const {
  APIError,
  ConnectionError,
  HttpError,
  StateError,
  TableError,
  TimeoutError,
} = require('./lib/internal/results/errors.js');

const ops = onDemand(() => require('./lib/connect/ops/index.js'));
const reading = onDemand(() => require('./lib/internal/tables/readRecords.js'));
const writing = onDemand(() => require('./lib/internal/tables/writeRecords.js'));

if (process.env.CONNECT_LOG === 'debug') require('./lib/internal/events/debugLog.js').start();

/** Reads records from a table; see `types/tables.d.ts`. */
function readRecords(input, ...rest) {
  return reading().readRecords(input, ...rest);
}

/** Writes records as a table; see `types/tables.d.ts`. */
async function writeRecords(path, records, ...rest) {
  return writing().writeRecords(path, records, ...rest);
}

module.exports = {
  AbstractHttpAdapter,
  APIError,
  ConnectClient,
  ConnectionError,
  DefaultHttpAdapter,
  HttpError,
  StateError,
  readRecords,
  TableError,
  TimeoutError,
  writeRecords,
  ...api,
};

exportOnDemand(module.exports, ['Fulfillment', 'Directory', 'Inventory', 'Subscriptions', 'Listings'], ops);

// Never executed: here Node finds, besides the names above, those that ES modules can import.
0 &&
  // biome-ignore lint/suspicious/noAssignInExpressions: the form that Node's lexer recognises.
  (module.exports = {
    ...require('./lib/connect/ops/index.js'),
    ...require('./lib/connect/api/index.js'),
  });
