'use strict';

const { APIError, ConnectionError, HttpError, TimeoutError } = require('./api/errors');
const ConnectClient = require('./client');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http');
const log = require('./log');

log.start();

module.exports = {
  AbstractHttpAdapter,
  APIError,
  ConnectClient,
  ConnectionError,
  DefaultHttpAdapter,
  HttpError,
  TimeoutError,
  // As literal requires, in which Node finds the names that ES modules can import.
  ...require('./ops'),
  ...require('./api'),
};
