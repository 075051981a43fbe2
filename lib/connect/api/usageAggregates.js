'use strict';

module.exports = require('../resource').define('UsageAggregateResource');
