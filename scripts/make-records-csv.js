'use strict';

/** Writes examples/records.csv, the records of the quick start: `node scripts/make-records-csv.js`. */

const fs = require('fs');
const path = require('path');

const { COUNT } = require('../examples/month.js');
const { recordId } = require('../testing');

const RECORDS_PER_INVOICE = 100;

const lines = ['id,external_billing_id,external_billing_note'];
for (let index = 0; index < COUNT; index += 1) {
  const invoice = `INV-2021-01-${String(Math.floor(index / RECORDS_PER_INVOICE) + 1).padStart(4, '0')}`;
  lines.push(`${recordId(index)},${invoice},"January 2021, line ${(index % RECORDS_PER_INVOICE) + 1}"`);
}

const file = path.join(__dirname, '..', 'examples', 'records.csv');
fs.writeFileSync(file, lines.join('\n') + '\n');
console.log(`${path.relative(process.cwd(), file)}: ${COUNT} records`);
