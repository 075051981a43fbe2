'use strict';

/** What `close` would do with records, by what the server says of them. Nothing is changed. */

const { DecimalSum } = require('../decimal.js');
const { inColumns } = require('../columns.js');
const { INVOICE } = require('../fields.js');
const { section } = require('./section.js');
const { readStates } = require('./states.js');

const invoiceName = (invoice) => invoice ?? 'without an invoice';

/** What would become of a record: its state, and why. */
function stateOf({ externalBillingId }, found) {
  if (found === undefined) return { state: 'unknown', reason: 'the server has no such record; check its id' };
  const { status, [INVOICE]: invoice } = found;
  const other = invoice === undefined || invoice === null ? null : `${invoice}`;
  if (status === 'approved') {
    // A reconciliation gives invoices to records that are not closed.
    if (other === null || other === '' || other === externalBillingId) return { state: 'approved' };
    return { state: 'approved', other, reason: `has the invoice ${other} now` };
  }
  if (status !== 'closed') return { state: 'other', reason: `is ${status}; only an approved one is closed` };
  return other === externalBillingId
    ? { state: 'closed', reason: 'is closed with this invoice' }
    : {
        state: 'closed otherwise',
        other,
        reason: `is closed ${other === null ? '' : 'with '}${invoiceName(other)}`,
      };
}

/** The sums of records of one state, invoice and currency. */
class Totals {
  constructor() {
    this._rows = new Map();
  }

  add(state, { externalBillingId }, { usage, amount, usagefile }) {
    const currency = usagefile?.currency ?? null;
    const key = JSON.stringify([state, externalBillingId, currency]);
    let row = this._rows.get(key);
    if (row === undefined) {
      const sums = { usage: new DecimalSum(), amount: new DecimalSum() };
      row = { state, externalBillingId, currency, records: 0, ...sums };
      this._rows.set(key, row);
    }
    row.records += 1;
    row.usage.add(usage);
    row.amount.add(amount);
  }

  /** The sums as texts, whose digits are exact; null where no record has a number. */
  toArray() {
    const textOf = (sum) => (sum.count === 0 ? null : `${sum}`);
    return [...this._rows.values()].map((row) => ({
      ...row,
      usage: textOf(row.usage),
      amount: textOf(row.amount),
      withoutAmount: row.records - row.amount.count,
    }));
  }
}

/**
 * Asks the server what would become of records.
 *
 * @param {object} usageRecords The resource.
 * @param {import('./input').InputRecord[]} records All rows.
 * @param {object} filters What narrows the list.
 * @param {(line: string) => void} say Is told how many requests each step takes, before it.
 * @returns {Promise<object>} `{ preview, stateOf }`: the counts and sums, and the state of each id.
 */
async function previewOf(usageRecords, records, filters, say) {
  const distinct = records.filter(({ first }) => first === undefined);
  const ids = distinct.map(({ id }) => id);
  const { found, requests } = await readStates(usageRecords, ids, filters, say);
  const states = new Map();
  const totals = new Totals();
  const preview = {
    approved: 0,
    replaced: [],
    alreadyClosed: 0,
    conflicts: [],
    otherStates: [],
    unknown: [],
  };
  for (const record of distinct) {
    const { id } = record;
    const is = stateOf(record, found.get(id));
    states.set(id, is);
    if (is.state === 'approved') {
      preview.approved += 1;
      if (is.other !== undefined) preview.replaced.push({ id, externalBillingId: is.other });
    } else if (is.state === 'closed') preview.alreadyClosed += 1;
    else if (is.state === 'closed otherwise') preview.conflicts.push({ id, externalBillingId: is.other });
    else if (is.state === 'other') preview.otherStates.push({ id, status: found.get(id).status });
    else preview.unknown.push({ id });
    if (found.has(id)) totals.add(is.state, record, found.get(id));
  }
  return { preview: { ...preview, totals: totals.toArray(), requests }, stateOf: (id) => states.get(id) };
}

/** The sums of a state. */
function describeTotals(title, totals) {
  if (totals.length === 0) return [];
  const rows = totals.map(({ externalBillingId, currency, records, usage, amount }) => [
    invoiceName(externalBillingId),
    currency ?? '-',
    records,
    usage ?? '-',
    amount ?? '-',
  ]);
  const lines = inColumns(['invoice', 'currency', 'records', 'usage', 'amount'], rows);
  return [title, ...lines.map((line) => `  ${line}`)];
}

/** The preview, for people. */
function describePreview({ approved, replaced, alreadyClosed, conflicts, otherStates, unknown, totals }) {
  const of = (state) => totals.filter((row) => row.state === state);
  const missing = of('approved').reduce((sum, { withoutAmount }) => sum + withoutAmount, 0);
  const lines = [
    `${approved} are approved: close would close them`,
    ...section('of these have another invoice now, as a reconciliation gives it', replaced, (record) => {
      return `${record.id} ${record.externalBillingId}`;
    }),
    ...(alreadyClosed > 0 ? [`${alreadyClosed} are closed already with this invoice`] : []),
    ...section('are closed with another invoice', conflicts, (record) => {
      return `${record.id} ${invoiceName(record.externalBillingId)}`;
    }),
    ...section(
      'are in another state, and cannot be closed',
      otherStates,
      ({ id, status }) => `${id} ${status}`,
    ),
    ...section('are unknown to the server', unknown, ({ id }) => id),
    ...describeTotals('to be closed:', of('approved')),
    ...(missing > 0 ? [`  ${missing} of these records have no amount`] : []),
    ...describeTotals('closed already with this invoice:', of('closed')),
  ];
  return `${lines.join('\n')}\n`;
}

/** The exit code: whether close would close all of them. */
function previewExitCode({ conflicts, otherStates, unknown }) {
  return conflicts.length + otherStates.length + unknown.length > 0 ? 1 : 0;
}

module.exports = { describePreview, previewExitCode, previewOf };
