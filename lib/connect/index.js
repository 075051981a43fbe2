'use strict';

const api = require('./api/index.js');
const ConnectClient = require('./client.js');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http/adapter.js');
const { exportOnDemand, onDemand } = require('../internal/onDemand.js');
const {
  APIError,
  ConnectionError,
  HttpError,
  StateError,
  TableError,
  TimeoutError,
} = require('../internal/results/errors.js');

const ops = onDemand(() => require('./ops/index.js'));
const reading = onDemand(() => require('../internal/tables/readRecords.js'));
const writing = onDemand(() => require('../internal/tables/writeRecords.js'));

if (process.env.CONNECT_LOG === 'debug') require('../internal/events/debugLog.js').start();

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

// Never executed: here Node finds the names that ES modules can import.
0 &&
  // biome-ignore lint/suspicious/noAssignInExpressions: the form that Node's lexer recognises.
  (module.exports = {
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
    ...require('./ops/index.js'),
    ...require('./api/index.js'),
  });
