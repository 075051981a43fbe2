'use strict';

/** The columns of a table of records, which the core names. In the API the fields of a record have the same names. */

const binding = require('../../../binding.js');

const [ID, INVOICE, NOTE] = binding.csvHeader().trim().split(',');

module.exports = { ID, INVOICE, NOTE };
