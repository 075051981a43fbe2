'use strict';

module.exports = require('../../internal/resources/defineResource.js').define('RecurringAssetResource');
