'use strict';

const { GenericResource, UsageRecordResource } = require('./api');
const { APIError, ConnectionError, HttpError, TimeoutError } = require('./api/errors');
const ConnectClient = require('./client');
const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./http');

module.exports = {
  AbstractHttpAdapter,
  APIError,
  ConnectClient,
  ConnectionError,
  DefaultHttpAdapter,
  GenericResource,
  HttpError,
  TimeoutError,
  UsageRecordResource,
};
