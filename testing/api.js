'use strict';

/**
 * The API itself: from a request, as a value, to a reply, as a value. Nothing here waits, reads or sends;
 * whatever is to go wrong on the way in or out can be put around `answer` without touching it.
 */

const { closeLegacy, closeMany, closeOne, update } = require('./close.js');
const { invalid, json, unauthorized, unknownPath, unknownRecord, wrongVerb } = require('./replies.js');
const { list } = require('./list.js');

/** Where the API lives below the host, as the real one does. */
const BASE_PATH = '/public/v1';

const COLLECTION = `${BASE_PATH}/usage/records`;

/**
 * @typedef {object} Call a request as it is remembered in `requests`, and its key
 * @property {number} number from 1, in the order of arrival
 * @property {string} method
 * @property {string} path without the query
 * @property {string} query without `?`; empty if there is none
 * @property {string} body as text; empty if there is none
 */

/** The handlers of a path by verb; undefined if the API has no such path. */
function route(state, path) {
  if (path === COLLECTION) return { GET: (call) => list(state, call.query) };
  if (!path.startsWith(COLLECTION + '/')) return undefined;
  const [rawId, action, ...rest] = path.slice(COLLECTION.length + 1).split('/');
  if (rest.length > 0 || rawId === '') return undefined;
  if (action === undefined)
    return rawId === 'close-records' ? batchRoute(state) : recordRoute(state, decoded(rawId));
  if (action === 'close') return closeRoute(state, decoded(rawId));
  if (action === 'close-records' && state.legacyCloseRecords) return legacyRoute(state);
  return undefined;
}

function recordRoute(state, id) {
  return {
    GET: () => {
      const record = state.records.get(id);
      return record ? json(200, record) : unknownRecord(id);
    },
    PUT: (call) => withJson(call, (body) => update(state, id, body)),
  };
}

function closeRoute(state, id) {
  return { POST: (call) => withJson(call, (body) => closeOne(state, id, body, call.number)) };
}

function batchRoute(state) {
  return { POST: (call) => withJson(call, (body) => closeMany(state, body, call)) };
}

function legacyRoute(state) {
  return { POST: (call) => withJson(call, (body) => closeLegacy(state, body, call.number)) };
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch (_error) {
    return segment; // not an escape: no record has such an id, and the 404 names it as it came
  }
}

/** Parses the body; none at all counts as `{}`, as it does to the real API's framework. */
function withJson(call, handle) {
  let body = {};
  if (call.body !== '') {
    try {
      body = JSON.parse(call.body);
    } catch (error) {
      return invalid(`JSON parse error - ${error.message}`);
    }
  }
  return handle(body);
}

/**
 * Processes one request.
 *
 * @param {object} state records, closures, apiKey and the options that change an answer
 * @param {Call} call the request
 * @param {string | undefined} authorization the header as it came
 * @returns {{ status: number, headers: string[], body: string }} what to answer
 */
function answer(state, call, authorization) {
  if (authorization !== state.apiKey) return unauthorized();
  const verbs = route(state, call.path);
  if (!verbs) return unknownPath();
  if (!Object.hasOwn(verbs, call.method)) return wrongVerb(call.method, Object.keys(verbs));
  return verbs[call.method](call);
}

module.exports = { BASE_PATH, answer };
