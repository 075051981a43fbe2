'use strict';

/**
 * Request headers as a flat list: names and values in turn. Names that differ in case stay apart, as in the original.
 */

const binding = require('../../../binding.js');

/** The last key that passed the check: most requests have the same as the one before. */
let checkedKey;

/** Refuses a key that no header may hold; the engine makes the same check on the fast path. */
function checkKey(key) {
  if (key === checkedKey) return;
  const refused = binding.checkKey(key === undefined || key === null ? key : `${key}`);
  if (refused === undefined) {
    checkedKey = key;
    return;
  }
  // `closeMany` needs to know that nothing was sent.
  throw Object.defineProperty(new TypeError(refused.failure.message), 'maybeProcessed', { value: false });
}

/**
 * Lists headers.
 *
 * @param {object} [headers] A plain object, a Headers instance, or pairs.
 * @returns {string[]} `[name, value, ...]`; throws a TypeError for a key that cannot be sent.
 */
function listHeaders(headers) {
  const pairs =
    headers && typeof headers[Symbol.iterator] === 'function' ? [...headers] : Object.entries(headers || {});
  const flat = [];
  for (const [name, value] of pairs) {
    // A hook that wants no key leaves an empty one.
    if (value !== '' && `${name}`.toLowerCase() === 'authorization') checkKey(value);
    flat.push(`${name}`, `${value}`);
  }
  return flat;
}

/** The value of the first header with this name, which is given in lower case. */
function findHeader(flat, name) {
  const index = flat.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name);
  return index < 0 ? undefined : flat[index + 1];
}

/** Merges two lists of headers; those of the second replace those of the same name. */
function mergeHeaders(headers, added) {
  const names = added.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const kept = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!names.includes(headers[i].toLowerCase())) kept.push(headers[i], headers[i + 1]);
  }
  return [...kept, ...added];
}

module.exports = { findHeader, listHeaders, mergeHeaders };
