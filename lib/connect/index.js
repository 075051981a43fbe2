'use strict';

const api = require('./api');
const { APIError, ConnectionError, HttpError, TimeoutError } = require('./api/errors');
const ConnectClient = require('./client');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http');
const log = require('./log');
const ops = require('./ops');

log.start();

module.exports = {
  AbstractHttpAdapter,
  APIError,
  ConnectClient,
  ConnectionError,
  DefaultHttpAdapter,
  HttpError,
  TimeoutError,
  ...ops,
  ...api,
};
