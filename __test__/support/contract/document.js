'use strict';

/** The contract of the usage module: its operations, and what an answer has that the contract does not allow. */

const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;
const contract = require('../../contract/usage.openapi.json');

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * @typedef {object} Operation
 * @property {string} id such as `usageRecords.close`
 * @property {string} method in capitals
 * @property {string} path with `{id}`
 * @property {string[]} verbs all methods of the path
 * @property {object} definition the operation of the document
 */

// Not strict: the document around the schemas is none itself.
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(contract, 'contract');

/** The object that a reference leads to, or the object itself. */
function resolve(object) {
  if (object?.$ref === undefined) return object;
  const keys = object.$ref.slice('#/'.length).split('/');
  return resolve(keys.reduce((value, key) => value[key], contract));
}

function operationsOf([path, item]) {
  const methods = METHODS.filter((method) => item[method]);
  const verbs = methods.map((method) => method.toUpperCase());
  return methods.map((method) => {
    const definition = item[method];
    return { id: definition.operationId, method: method.toUpperCase(), path, verbs, definition };
  });
}

/** @type {Operation[]} */
const operations = Object.entries(contract.paths).flatMap(operationsOf);

/** The query parameters of an operation. */
const queryOf = ({ definition }) =>
  (definition.parameters ?? []).map(resolve).filter((parameter) => parameter.in === 'query');

/** The media type and the schema of the body that an operation takes; undefined if it takes none. */
function bodyOf({ definition }) {
  if (!definition.requestBody) return undefined;
  const [[type, { schema }]] = Object.entries(definition.requestBody.content);
  return { type, schema, required: definition.requestBody.required === true };
}

/** The successful status of an operation. */
const successOf = ({ definition }) =>
  Number(Object.keys(definition.responses).find((status) => status.startsWith('2')));

const compiled = new WeakMap();

function faultsBySchema(schema, value) {
  if (!compiled.has(schema)) compiled.set(schema, ajv.compile(absolute(schema)));
  const validate = compiled.get(schema);
  if (validate(value)) return [];
  return validate.errors.map(({ instancePath, message }) => `${instancePath || 'the body'} ${message}`);
}

/** A copy of a schema whose references name the document: it is compiled on its own. */
function absolute(schema) {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === '$ref' && value.startsWith('#') ? `contract${value}` : value,
  );
}

function faultsOfHeaders({ headers = {} }, answer) {
  return Object.entries(headers).flatMap(([name, reference]) => {
    const { required, schema } = resolve(reference);
    const value = answer.headers[name.toLowerCase()];
    if (value === undefined) return required ? [`the header ${name} is missing`] : [];
    return faultsBySchema(schema, value).map((fault) => `the header ${name} is ${value}: ${fault}`);
  });
}

function faultsOfBody({ content }, { headers, bytes }) {
  const type = (headers['content-type'] ?? 'none').split(';')[0].trim();
  if (!Object.hasOwn(content, type)) return [`the content type is ${type}`];
  if (type !== 'application/json') return isWorkbook(bytes) ? [] : ['the body is no workbook'];
  try {
    return faultsBySchema(content[type].schema, JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    return [`the body is no JSON: ${error.message}`];
  }
}

/** Whether bytes are a ZIP archive, which a workbook is. */
const isWorkbook = (bytes) => bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'));

/**
 * What an answer has that the contract does not allow.
 *
 * @param {Operation} operation the operation that was called
 * @param {{ status: number, headers: object, bytes: Buffer }} answer what came back
 * @returns {string[]} each fault
 */
function faultsOf({ definition }, answer) {
  const response = resolve(definition.responses[answer.status]);
  if (!response) return [`the status ${answer.status} is not documented`];
  return [...faultsOfHeaders(response, answer), ...faultsOfBody(response, answer)];
}

module.exports = { bodyOf, contract, faultsOf, operations, queryOf, resolve, successOf };
