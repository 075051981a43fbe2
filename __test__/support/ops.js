'use strict';

/**
 * What the tests of the operation classes share. The published SDK is the reference: every method is called on its class
 * and on ours, with the same recording client; the calls that they make and how they end have to be the same.
 */

const { inspect } = require('util');
const sdk = require('sdk22');
const ours = require('../../lib/connect/ops');

const classNames = ['Fulfillment', 'Directory', 'Inventory', 'Subscriptions', 'Listings'];
const methodsOf = (Class) =>
  Object.getOwnPropertyNames(Class.prototype).filter((name) => name !== 'constructor');
const everyMethod = classNames.flatMap((name) => methodsOf(sdk[name]).map((method) => [name, method]));

/** The methods of a client's resource that give another resource instead of a promise. */
const children = new Set(['actions', 'connections', 'parameters', 'versions']);

const show = (value) => inspect(value, { depth: 9, breakLength: Infinity, compact: true });
const shown = (values) => values.map(show).join(', ');

/** Resolves each call to an object that names the call. */
const byName = (call) => Promise.resolve({ answerTo: call });

/**
 * A client that has every resource and every method, and logs each call: `products.get('PRD-1')`.
 * A line `settled` follows when the answer is there, so that calls at the same time look different.
 */
function recordingClient(log, answer) {
  const resource = (path) =>
    new Proxy(
      {},
      {
        get(_target, name, receiver) {
          return function called(...args) {
            const call = `${path}.${String(name)}(${shown(args)})`;
            log.push(this === receiver ? call : `detached ${call}`);
            if (children.has(name)) return resource(call);
            const answered = answer(`${path}.${String(name)}`);
            if (answered instanceof Promise) {
              const settled = () => log.push('settled');
              answered.then(settled, settled);
            }
            return answered;
          };
        },
      },
    );
  return new Proxy({}, { get: (_target, name) => resource(String(name)) });
}

/** How a call ends: what it resolves to, or the class and message of what it rejects with or throws. */
async function outcomeOf(call) {
  const describeError = (error) => ({ name: error.constructor.name, message: error.message });
  let promise;
  try {
    promise = call();
  } catch (error) {
    return { threw: describeError(error) };
  }
  if (!(promise instanceof Promise)) return { returned: promise };
  try {
    return { resolved: await promise };
  } catch (error) {
    return { rejected: describeError(error) };
  }
}

/** Calls a method, and records what it called, what it read from `this`, and how it ended. */
async function traceOf(library, className, method, args, answer = byName) {
  const calls = [];
  const read = [];
  const target = new library[className](recordingClient(calls, answer));
  const self = new Proxy(target, {
    get(object, name, receiver) {
      read.push(String(name));
      return Reflect.get(object, name, receiver);
    },
  });
  const outcome = await outcomeOf(() => self[method](...args));
  return { calls, read, outcome };
}

/** Compares the two libraries, and resolves to what both did. */
async function same(className, method, args, answer) {
  const [expected, actual] = await Promise.all(
    [sdk, ours].map((library) => traceOf(library, className, method, args, answer)),
  );
  // As text too: it tells absent from undefined, and the order of keys, which ends up in a request.
  expect(show(actual)).toBe(show(expected));
  expect(actual).toEqual(expected);
  return actual;
}

/** The methods that make something of the answer; all others pass it on. */
const judging = ['getConnectionIdByProductAndHub', 'getProductAssetTemplates'];

module.exports = {
  byName,
  classNames,
  everyMethod,
  judging,
  methodsOf,
  ours,
  outcomeOf,
  recordingClient,
  same,
  sdk,
  show,
  shown,
  traceOf,
};
