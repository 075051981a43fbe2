'use strict';

const GenericResource = require('./base');
const UsageRecordResource = require('./usageRecords');

module.exports = { GenericResource, UsageRecordResource };
