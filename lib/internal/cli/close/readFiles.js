'use strict';

const { readInput } = require('./input.js');
const { Refused } = require('./refused.js');
const { writeRefused } = require('./results.js');
const { writeJson } = require('../io.js');

/**
 * Reads the files of a command. If rows of them are refused, that is printed as JSON where that is asked for, and written to the
 * results.
 *
 * @param {{ values: Record<string, *>, args: string[], io: import('../io').Io }} context The command's.
 * @param {string | undefined} billingId The invoice for rows without one.
 * @returns {Promise<{ files: import('./input').InputFile[], records: import('./input').InputRecord[] }>} All rows; rejects
 *   with `Refused`.
 */
async function readFiles({ values, args, io }, billingId) {
  const { sheet, hidden, note, json, results, 'without-invoice': withoutInvoice } = values;
  try {
    return await readInput(args, { stdin: io.stdin, sheet, hidden, billingId, note, withoutInvoice });
  } catch (error) {
    if (error instanceof Refused) {
      if (json) await writeJson(io, error);
      if (results !== undefined) await writeRefused(results, error);
    }
    throw error;
  }
}

module.exports = { readFiles };
