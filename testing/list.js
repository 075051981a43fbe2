'use strict';

/** `GET /usage/records`: filter, order, cut out a page, say where it lies in `Content-Range`. */

const { invalid, json } = require('./replies.js');
const { plan } = require('./filters.js');
const { RqlError, decodeQuery } = require('./rql.js');

// The API documents neither; its paginator is named for 1000, and 100 is what its clients ask for.
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** A count from a query: not a number, or a negative one, counts as not given. */
function count(text, fallback) {
  return text !== undefined && /^\s*\+?\d+\s*$/.test(text) ? Number(text) : fallback;
}

/** Sorts like a database: values in turn, a missing one first, equal ones as they were. */
function ordered(records, ordering) {
  const keyed = records.map((record) => ({ record, keys: ordering.map((by) => by.read(record) ?? null) }));
  keyed.sort((a, b) => {
    for (let at = 0; at < ordering.length; at += 1) {
      const one = a.keys[at];
      const other = b.keys[at];
      if (one === other) continue;
      const before = one === null || (other !== null && one < other);
      return before === ordering[at].descending ? 1 : -1;
    }
    return 0;
  });
  return keyed.map((entry) => entry.record);
}

/** The page and the total, without copying all records when nothing is filtered and nothing ordered. */
function select(records, { predicate, ordering }, offset, limit) {
  const page = [];
  if (ordering.length > 0) {
    const all = [...records.values()];
    const found = ordered(predicate ? all.filter(predicate) : all, ordering);
    return { page: found.slice(offset, offset + limit), total: found.length };
  }
  let total = 0;
  for (const record of records.values()) {
    if (predicate && !predicate(record)) continue;
    if (total >= offset && page.length < limit) page.push(record);
    else if (!predicate && page.length === limit) return { page, total: records.size };
    total += 1;
  }
  return { page, total };
}

/**
 * Answers the list.
 *
 * @param {{ records: Map<string, object> }} state the sandbox's state
 * @param {string} query the query string as it came, without `?`
 * @returns {{ status: number, headers: string[], body: string }} the reply
 */
function list(state, query) {
  let wanted;
  try {
    wanted = plan(decodeQuery(query));
  } catch (error) {
    if (error instanceof RqlError) return invalid(error.message);
    throw error;
  }
  const limit = Math.min(count(wanted.limit, DEFAULT_LIMIT), MAX_LIMIT);
  const offset = limit === 0 ? 0 : count(wanted.offset, 0);
  const { page, total } = select(state.records, wanted, offset, limit);
  const last = offset + Math.max(page.length - 1, 0);
  return json(200, page, ['Content-Range', `items ${offset}-${last}/${total}`]);
}

module.exports = { list };
