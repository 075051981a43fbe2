'use strict';

const { UsageError } = require('../errors.js');
const { INVOICE } = require('../fields.js');
const { plain } = require('../io.js');
const { nearest } = require('../nearest.js');

/**
 * Refuses a file whose column of invoices is misspelt. Where each row needs an invoice, the file lacks the column; where one
 * flag says what all rows get, the invoices of the file would be passed over.
 *
 * @param {string} name The file.
 * @param {{ columns: Record<string, *>, ignored: string[] }} file What its header says.
 */
function checkHeaders(name, { columns, ignored }) {
  if (typeof columns.externalBillingId === 'string') return;
  const misspelt = ignored.find((header) => nearest(header, [INVOICE]) !== undefined);
  if (misspelt === undefined) return;
  throw new UsageError(
    `cannot use ${name}: it has a column '${plain(misspelt)}', and none named ${INVOICE}; correct the name, or delete the column`,
  );
}

module.exports = { checkHeaders };
