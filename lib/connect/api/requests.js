'use strict';

module.exports = require('../resource').define('RequestResource');
