'use strict';

const {
  APIError,
  ConnectionError,
  HttpError,
  StateError,
  TimeoutError,
} = require('../../internal/results/errors.js');

module.exports = { APIError, ConnectionError, HttpError, StateError, TimeoutError };
