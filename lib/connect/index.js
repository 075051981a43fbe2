'use strict';

const { APIError, ConnectionError, HttpError, StateError, TimeoutError } = require('./api/errors');
const ConnectClient = require('./client');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http');
const debugLog = require('../internal/events/debugLog');
const { readRecords } = require('../internal/tables/readRecords');
const { TableError } = require('../internal/tables/TableError');
const { writeRecords } = require('../internal/tables/writeRecords');

debugLog.start();

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
  // Literal `require`s, in which Node finds the names that ES modules can import.
  ...require('./ops'),
  ...require('./api'),
};
