'use strict';

/** The cases of an operation, made from the contract: valid requests, and every way in which one can be wrong. */

const { bodyOf, successOf } = require('./document.js');
const { casesOfList } = require('./lists.js');
const { doubtfulValues, wrongValues } = require('./bodies.js');

const VERBS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];
const ROLES = ['vendor', 'provider'];
const MISSING = 'XX-0000-0000-0000';
const FORM = 'multipart/form-data';

/**
 * @typedef {object} Case
 * @property {string} name what is special about it
 * @property {number} [status] what it is answered with; by default as documented
 * @property {boolean} [isOpen] it may be refused with 400 as well
 * @property {string} [role] the role that calls it
 * @property {object} [request] what replaces parts of the valid request
 * @property {string} [id] another id than that of the object
 * @property {string} [state] the status that the object has before
 * @property {string} [says] what one of the errors contains
 * @property {(answer: object, json: any) => string[]} [check] what else is wrong with the answer
 */

/** Who may not call it. A key of one role is sent by default, of the other here. */
function casesOfKeys({ definition }) {
  const roles = definition['x-roles'] ?? ROLES;
  return [
    { name: 'without a key', status: 401, request: { key: '' } },
    { name: 'with a wrong key', status: 401, request: { key: 'ApiKey SU-000-000:wrong' } },
    { name: 'with a key of another form', status: 401, request: { key: 'Bearer x' } },
    ...ROLES.filter((role) => !roles.includes(role)).map((role) => ({
      name: `as ${role}`,
      status: 403,
      role,
    })),
  ];
}

function casesOfPath({ path, verbs }) {
  const others = VERBS.filter((verb) => !verbs.includes(verb)).map((method) => ({
    name: `with ${method}`,
    status: 405,
    request: { method },
    check: ({ headers }) => (allows(headers.allow, verbs) ? [] : [`Allow is ${headers.allow}`]),
  }));
  if (!path.includes('{id}')) return others;
  return [...others, { name: 'of a missing object', status: 404, id: MISSING, says: MISSING }];
}

const allows = (header, verbs) =>
  String(header)
    .split(/,\s*/)
    .filter((verb) => VERBS.includes(verb))
    .sort()
    .join() === [...verbs].sort().join();

function casesOfJson({ schema }, valid) {
  const unread = ['{', '{"a":}', 'text', '[1,]', '\ufeff{}x'].map((text) => ({
    name: `with the body ${JSON.stringify(text)}`,
    status: 400,
    request: { raw: { type: 'application/json', text } },
  }));
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'].map((type) => ({
    name: `with a body of ${type}`,
    status: 415,
    request: { raw: { type, text: '{}' } },
  }));
  const values = wrongValues(schema, valid).map(({ what, value, isOwn }) => ({
    name: `with a body that ${what}`,
    request: { json: value },
    ...(isOwn ? { check: failed } : { status: 400 }),
  }));
  const doubtful = doubtfulValues(schema, valid).map(({ what, value }) => ({
    name: `with ${what}`,
    isOpen: true,
    request: { json: value },
  }));
  return [...unread, ...types, ...values, ...doubtful];
}

/** The results of a body with one item say that it failed. */
const failed = (_answer, results) =>
  results[0]?.error_codes ? [] : ['the result of the item is no failure'];

function casesOfForm({ schema }, valid) {
  const required = schema.required ?? [];
  const without = required.map((name) => {
    const { [name]: _left, ...rest } = valid;
    return { name: `without ${name}`, status: 400, request: { form: { other: 'text', ...rest } } };
  });
  const asText = required.map((name) => ({
    name: `with ${name} as text`,
    status: 400,
    request: { form: { ...valid, [name]: 'text' } },
  }));
  const wrong = [
    { name: 'with a body of JSON', status: 415, request: { json: { [required[0]]: {} } } },
    { name: 'with a body of text', status: 415, request: { raw: { type: 'text/plain', text: 'text' } } },
    { name: 'with a form without a boundary', status: 400, request: { raw: { type: FORM, text: 'text' } } },
    {
      name: 'with a form that is cut off',
      status: 400,
      request: { raw: { type: `${FORM}; boundary=x`, text: '--x\r\nContent-Disposition: form-data' } },
    },
  ];
  return [...without, ...asText, ...wrong];
}

function casesOfBody(operation, valid) {
  const body = bodyOf(operation);
  if (!body) return [];
  return body.type === FORM ? casesOfForm(body, valid.form) : casesOfJson(body, valid.json);
}

function casesOfStates({ definition }, states) {
  const allowed = definition['x-states'];
  if (!allowed) return [];
  return states.map((state) => ({
    name: `in the state ${state}`,
    state,
    ...(allowed.includes(state) ? {} : { status: 400 }),
  }));
}

const isList = ({ definition }) => definition['x-ordering'] !== undefined;

/**
 * All cases of an operation.
 *
 * @param {import('./document.js').Operation} operation the operation
 * @param {object} example its valid request (`json` or `form`), the `states` of its object, and `more` cases
 * @returns {Case[]} the cases, the valid request first
 */
function casesOf(operation, example) {
  const lists = isList(operation)
    ? casesOfList(operation).map(({ query, ...rest }) => ({ ...rest, request: { query } }))
    : [];
  return [
    { name: 'as documented' },
    ...casesOfKeys(operation),
    ...casesOfPath(operation),
    ...casesOfBody(operation, example),
    ...casesOfStates(operation, example.states ?? []),
    ...(example.more ?? []),
    ...lists,
  ].map((one) => ({ ...one, status: one.status ?? successOf(operation) }));
}

module.exports = { casesOf, isList };
