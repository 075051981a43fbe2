'use strict';

/** Aggregates: the usage of each item of each asset. */

const { FILTERS } = require('../lists/filters.js');
const { list } = require('../lists/list.js');
const { createdTime } = require('../seeds/records.js');
const { isoText } = require('../clock.js');

const isCounted = ({ status, item, asset }) =>
  status !== 'invalid' && status !== 'rejected' && item !== undefined && asset !== undefined;

/** When a record was imported, in the API's form. */
function reportedAt(record) {
  const created = createdTime(record);
  return typeof created === 'number' ? isoText(created) : created;
}

function add(aggregate, record) {
  const isAccepted = record.status === 'approved' || record.status === 'closed';
  aggregate.consumed += record.usage ?? 0;
  if (isAccepted) aggregate.accepted += record.usage ?? 0;
  aggregate.amount += record.amount ?? 0;
  const at = reportedAt(record);
  if (at !== undefined && !(at <= aggregate.at)) aggregate.at = at;
}

function aggregatesOf(state) {
  const found = new Map();
  for (const record of state.records.values()) {
    if (!isCounted(record)) continue;
    const { item, asset, usagefile } = record;
    const key = `${asset.id} ${item.id}`;
    let aggregate = found.get(key);
    if (aggregate === undefined) {
      aggregate = {
        item,
        asset,
        amount: 0,
        currency: usagefile?.currency ?? null,
        consumed: 0,
        accepted: 0,
        at: undefined,
      };
      found.set(key, aggregate);
    }
    add(aggregate, record);
  }
  return [...found.values()];
}

/** An aggregate as the API shows it. */
function show(state, { at, amount, consumed, accepted, ...rest }) {
  const by = state.users.get(state.keys.vendor).user;
  return {
    ...rest,
    amount: Math.round(amount * 100) / 100,
    consumed: Math.round(consumed),
    accepted: Math.round(accepted),
    events: at === undefined ? {} : { last_reported: { at, by } },
  };
}

/** `GET /usage/aggregates`. */
const listAll = ({ state, call }) =>
  list(aggregatesOf(state), FILTERS.aggregates, call.query, (page) =>
    page.map((aggregate) => show(state, aggregate)),
  );

module.exports = { list: listAll };
