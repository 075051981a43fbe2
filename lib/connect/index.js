'use strict';

const api = require('./api');
const ConnectClient = require('./client');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http/adapter');
const { exportOnDemand, onDemand } = require('../internal/onDemand');
const {
  APIError,
  ConnectionError,
  HttpError,
  StateError,
  TableError,
  TimeoutError,
} = require('../internal/results/errors');

const ops = onDemand(() => require('./ops'));
const reading = onDemand(() => require('../internal/tables/readRecords'));
const writing = onDemand(() => require('../internal/tables/writeRecords'));

if (process.env.CONNECT_LOG === 'debug') require('../internal/events/debugLog').start();

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
    ...require('./ops'),
    ...require('./api'),
  });
