'use strict';

const { AbstractHttpAdapter, DefaultHttpAdapter } = require('./adapter');

module.exports = { AbstractHttpAdapter, DefaultHttpAdapter };
