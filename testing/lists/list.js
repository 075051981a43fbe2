'use strict';

/** Lists: filtered, ordered, and returned in pages with their place in `Content-Range`. */

const { invalid, json } = require('../replies.js');
const { plan } = require('./plan.js');
const { RqlError, decodeQuery } = require('./rql.js');

// The API documents neither; its paginator is named for 1000, and 100 is what its clients ask for.
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** A count of a query; one that is negative or not a number is ignored. */
function count(text, fallback) {
  if (text === undefined || !/^\s*\+?\d+\s*$/.test(text)) return fallback;
  // A larger number would be written with an exponent in `Content-Range`.
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** Sorts as a database does: missing values first, equal ones in their old order. */
function ordered(objects, ordering) {
  const keyed = objects.map((object) => ({ object, keys: ordering.map((by) => by.read(object) ?? null) }));
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
  return keyed.map((entry) => entry.object);
}

/** The page and the total; all objects are copied only to order them. */
function select(objects, { predicate, ordering }, offset, limit) {
  const page = [];
  if (ordering.length > 0) {
    const all = [...objects.values()];
    const found = ordered(predicate ? all.filter(predicate) : all, ordering);
    return { page: found.slice(offset, offset + limit), total: found.length };
  }
  let total = 0;
  for (const object of objects.values()) {
    if (predicate && !predicate(object)) continue;
    if (total >= offset && page.length < limit) page.push(object);
    else if (!predicate && page.length === limit) return { page, total: sizeOf(objects) };
    total += 1;
  }
  return { page, total };
}

const sizeOf = (objects) => (Array.isArray(objects) ? objects.length : objects.size);

/**
 * Handles a list.
 *
 * @param {Map<string, object> | object[]} objects what it lists
 * @param {Map<string, object>} fields the fields that it is filtered and ordered by
 * @param {string} query the query string, still encoded, without `?`
 * @param {(page: object[]) => unknown[]} [show] makes the API's form of a page
 * @returns {{ status: number, headers: string[], body: string }} the reply
 */
function list(objects, fields, query, show = (page) => page) {
  let wanted;
  try {
    wanted = plan(decodeQuery(query), fields);
  } catch (error) {
    if (error instanceof RqlError) return invalid(error.message);
    throw error;
  }
  const limit = Math.min(count(wanted.limit, DEFAULT_LIMIT), MAX_LIMIT);
  const offset = limit === 0 ? 0 : count(wanted.offset, 0);
  const { page, total } = select(objects, wanted, offset, limit);
  const last = offset + Math.max(page.length - 1, 0);
  return json(200, show(page), ['Content-Range', `items ${offset}-${last}/${total}`]);
}

module.exports = { list };
