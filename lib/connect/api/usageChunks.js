'use strict';

const { defineCloseMany } = require('../../internal/bulk/defineCloseMany');
const { define } = require('../../internal/resources/defineResource');

const UsageChunkResource = define('UsageChunkResource');

defineCloseMany(UsageChunkResource, 'UsageChunkResource');

module.exports = UsageChunkResource;
