'use strict';

module.exports = require('./lib/connect/index.js');
