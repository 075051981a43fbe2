'use strict';

/** The API itself: a function from a request to a reply, without I/O. Faults are applied around it. */

const { decoded } = require('./decoded.js');
const { readForm } = require('./forms.js');
const { MEDIA_PATH, media } = require('./objects/media.js');
const { LEGACY, ROUTES } = require('./operations.js');
const replies = require('./replies.js');
const { isObject } = require('./seeds/values.js');

/** Where the API lives below the host, as the real one does. */
const BASE_PATH = '/public/v1';

const PREFIX = `${BASE_PATH}/`;

/** What the API has besides the usage module. */
const OTHER_MODULES = new Set([
  'accounts',
  'assets',
  'conversations',
  'helpdesk',
  'hubs',
  'listing-requests',
  'marketplaces',
  'notifications',
  'products',
  'requests',
  'subscriptions',
  'tier',
]);

/**
 * @typedef {object} Call a request as it is recorded in `requests`
 * @property {number} number from 1, in the order of arrival
 * @property {string} method
 * @property {string} path without the query
 * @property {string} query without `?`; empty if there is none
 * @property {string} body as text; empty if there is none
 */

/** The operations of a path by verb, and the id in it; undefined if the usage module has no such path. */
function route(state, segments) {
  const [collection, id, action, ...rest] = segments;
  if (rest.length > 0) return undefined;
  if (id === undefined) return { verbs: ROUTES.get(collection) };
  const literal = action === undefined ? ROUTES.get(`${collection}/${id}`) : undefined;
  if (literal !== undefined) return { verbs: literal };
  if (id === '') return undefined;
  if (action === undefined) return { verbs: ROUTES.get(`${collection}/{id}`), id: decoded(id) };
  const isLegacy =
    collection === 'records' && action === 'close-records' && state.settings.legacyCloseRecords;
  return { verbs: isLegacy ? LEGACY : ROUTES.get(`${collection}/{id}/${action}`), id: decoded(id) };
}

/** Parses a JSON body; none counts as `{}`, as in the framework of the real API. */
function parseJson(call, operation, { type }) {
  if (call.body === '') return { body: {} };
  if (type !== undefined && !/json/i.test(type)) return { refused: replies.wrongType(type) };
  let body;
  try {
    body = JSON.parse(call.body);
  } catch (error) {
    return { refused: replies.invalid(`JSON parse error - ${error.message}`) };
  }
  if (operation.body === 'json' && !isObject(body)) {
    return { refused: replies.invalid('Invalid data. Expected a JSON object.') };
  }
  return { body };
}

async function runWithForm(context, operation, { type = '', bytes }) {
  if (!/^multipart\/form-data\b/i.test(type)) return replies.wrongType(type);
  let form;
  try {
    form = await readForm(bytes, type);
  } catch (error) {
    return replies.invalid(`Multipart form parse error - ${error.message}`);
  }
  return operation.run({ ...context, form });
}

function run(context, operation, request) {
  if (operation.body === 'form') return runWithForm(context, operation, request);
  if (operation.body === undefined) return operation.run(context);
  const { body, refused } = parseJson(context.call, operation, request);
  return refused ?? operation.run({ ...context, body });
}

/**
 * Processes one request.
 *
 * @param {object} state the sandbox's state
 * @param {Call} call the request
 * @param {{ authorization?: string, type?: string, bytes: Buffer }} request what else it brought
 * @returns {object | Promise<object>} the reply: `{ status, headers, body }`
 */
function answer(state, call, request) {
  state.clock.settle();
  if (call.path.startsWith(MEDIA_PATH)) {
    if (call.method !== 'GET') return replies.wrongVerb(call.method, ['GET']);
    return media(state, call.path.slice(MEDIA_PATH.length));
  }
  const caller = state.users.get(request.authorization);
  if (caller === undefined) return replies.unauthorized();
  if (!call.path.startsWith(PREFIX)) return replies.unknownPath();
  const [module, ...segments] = call.path.slice(PREFIX.length).split('/');
  if (OTHER_MODULES.has(module)) return replies.notSimulated(`/${module}, only /usage`);
  const found = module === 'usage' && segments.length > 0 ? route(state, segments) : undefined;
  if (found?.verbs === undefined) return replies.unknownPath();
  const { verbs, id } = found;
  if (!Object.hasOwn(verbs, call.method)) return replies.wrongVerb(call.method, Object.keys(verbs));
  const operation = verbs[call.method];
  const { role, user } = caller;
  if (operation.role !== undefined && role !== 'all' && role !== operation.role)
    return replies.forbidden(role);
  const object = operation.of === undefined ? undefined : state[operation.of].get(id);
  if (operation.of !== undefined && object === undefined) return replies.notFound(id);
  return run({ state, call, user, object, operation: operation.name }, operation, request);
}

module.exports = { BASE_PATH, answer };
