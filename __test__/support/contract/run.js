'use strict';

/** Runs a case of an operation in a sandbox of its own, and judges the answer. */

const { startSandbox } = require('../../../testing');
const { faultsOf } = require('./document.js');
const { examples } = require('./examples.js');
const { send } = require('./requests.js');

/** Longer than a sandbox takes to process a file. */
const PROCESSING_MS = 3_600_000;

/** The key of a role that may call the operation. */
function keyOf({ keys }, { definition }, role) {
  return keys[role ?? definition['x-roles']?.[0] ?? 'provider'];
}

/** The object of an example, put into the state that the case is about; undefined for a list. */
async function prepare(sandbox, { of, state, before }, { state: other }) {
  if (!of) return undefined;
  if (before) {
    await send(sandbox, { ...(await before(sandbox)), key: sandbox.apiKey });
    await sandbox.advance(PROCESSING_MS);
  }
  const [object] = sandbox[of].values();
  if (!object) throw new Error(`the sandbox has no ${of}`);
  if (other ?? state) object.status = other ?? state;
  return object;
}

/** What a sandbox holds, as text. */
function contents({ records, files, chunks, reconciliations }) {
  return JSON.stringify([records, files, chunks, reconciliations].map((objects) => [...objects]));
}

/** The value of a body; undefined if it is no JSON, which the contract has something to say about. */
function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The start of a body, on one line. */
const startOf = ({ bytes }) => JSON.stringify(bytes.toString('utf8', 0, 300));

/** What is wrong with an answer, besides what the contract says of its status. */
function faultsOfCase(one, answer) {
  const isExpected = answer.status === one.status || (one.isOpen && answer.status === 400);
  if (!isExpected) return [`answered ${answer.status}, not ${one.status}: ${startOf(answer)}`];
  const json = parsed(answer.bytes);
  const faults = one.check?.(answer, json) ?? [];
  const isNamed = !one.says || json?.errors?.some((error) => error.includes(one.says));
  return isNamed ? faults : [...faults, `no error names ${one.says}`];
}

/**
 * The body of an example, with which the cases of its operation are made.
 *
 * @param {string} name the operation's id
 * @returns {Promise<object>} `json` or `form`, the states of the object, and more cases
 */
async function exampleOf(name) {
  const example = examples[name];
  if (!example) throw new Error(`there is no example of ${name}`);
  const sandbox = await startSandbox({ records: 3 });
  try {
    const object = await prepare(sandbox, example, {});
    return {
      states: example.states,
      more: example.more,
      json: example.json?.(object.id, object),
      form: example.form?.(),
    };
  } finally {
    await sandbox.close();
  }
}

/**
 * Sends the request of a case.
 *
 * @param {import('./document.js').Operation} operation the operation
 * @param {import('./cases.js').Case} one the case
 * @returns {Promise<{ status: number, faults: string[] }>} how it was answered, and what is wrong with that
 */
async function runCase(operation, one) {
  const example = examples[operation.id];
  const sandbox = await startSandbox({ records: 3 });
  try {
    const object = await prepare(sandbox, example, one);
    const id = one.id ?? example.id?.(sandbox) ?? object?.id;
    const request = {
      method: operation.method,
      path: operation.path.replace('{id}', id),
      key: keyOf(sandbox, operation, one.role),
      json: example.json?.(object.id, object),
      form: example.form?.(),
      ...one.request,
    };
    if (one.request?.json !== undefined) delete request.form;
    const before = contents(sandbox);
    const answer = await send(sandbox, request);
    const faults = [...faultsOf(operation, answer), ...faultsOfCase(one, answer)];
    if (answer.status >= 400 && contents(sandbox) !== before)
      faults.push('the refused request changed something');
    return { status: answer.status, faults: faults.map((fault) => `${one.name}: ${fault}`) };
  } finally {
    await sandbox.close();
  }
}

module.exports = { exampleOf, runCase };
