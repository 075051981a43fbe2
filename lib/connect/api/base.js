'use strict';

module.exports = require('../../internal/resources/defineResource').define('GenericResource');
