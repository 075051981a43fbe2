'use strict';

const api = require('./api');
const { APIError, ConnectionError, HttpError, TimeoutError } = require('./api/errors');
const ConnectClient = require('./client');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http');
const ops = require('./ops');

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
