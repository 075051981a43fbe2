'use strict';

const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./adapter.js');

module.exports = { AbstractHttpAdapter, DefaultHttpAdapter };
