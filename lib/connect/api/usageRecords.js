'use strict';

module.exports = require('../../internal/resources/defineUsage').UsageRecordResource;
