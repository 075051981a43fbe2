'use strict';

/**
 * Makes ordinary ES classes of what Rust declares.
 *
 * The addon's own classes belong to the realm that loaded it: under Jest that is not the test's, and one
 * class object would be shared by every test file of a worker. So each Rust class gets a class of the
 * caller's realm with the same name, constructor and methods, and each method does nothing but call the
 * Rust method of the same name. No verb, path or body key is written here.
 */

const binding = require('../../binding.js');
const { isUntouched, nativeClient } = require('./native');
const { rehome, settle, readAnswer, failureOf } = require('./settle');

/** What Rust declares, by class name: `{ className, property, path, methods: [{ name, arity, answer }] }`. */
const surface = new Map();
for (const resource of binding.surface()) surface.set(resource.className, resource);

/**
 * Finds the native instance that serves a resource, and makes it on first use: a client has twenty
 * resources, of which a script uses two.
 */
function instancesOf(Native) {
  const instances = new WeakMap();
  return (resource) => {
    const client = nativeClient(resource._client);
    // Read at call time: subclasses override `baseUri`, and `_baseUri` may be changed (fact 35).
    const base = resource.baseUri;
    const known = instances.get(resource);
    if (known !== undefined && known.client === client && known.base === base) return known.native;
    const native = new Native(client, `${base}`);
    instances.set(resource, { client, base, native });
    return native;
  };
}

/** What the pipeline of the original is given: the request's own values, and an options object of this realm. */
function handTo(resource) {
  return (path, method, fields, hasBody, body) => {
    // A GET is passed no options at all (fact 36).
    if (method === 'GET') return resource.fetch(path);
    const options = { method };
    if (fields) {
      options.body = {};
      for (let i = 0; i < fields.length; i += 2) options.body[fields[i]] = fields[i + 1];
    } else if (hasBody) {
      options.body = body;
    }
    return resource.fetch(path, options);
  };
}

/** Carries a call out through `resource.fetch`, hooks and adapter: the road of whoever customised the client. */
async function throughPipeline(resource, native, { name, answer }, args) {
  let sent = false;
  const hand = handTo(resource);
  const pipeline = (...request) => {
    sent = true;
    return hand(...request);
  };
  const result = native[name](...args, { pipeline });
  // Without a request there can only be a refusal of the arguments.
  if (!sent) throw failureOf(result);
  const response = await result;
  return answer === 'json' ? readAnswer(response) : undefined;
}

/** One method: an async function, so that every mistake is a rejection and stacks reach the caller. */
function makeMethod(method, nativeOf) {
  const { name, arity, answer } = method;
  const made = {
    async [name](...args) {
      // What follows the documented arguments is not ours: `ids.map(records.get, records)` keeps working.
      args.length = arity;
      const client = this._client;
      try {
        const native = nativeOf(this);
        if (!isUntouched(this, client)) return await throughPipeline(this, native, method, args);
        const pending = native[name](...args);
        // A form, a stream, a map: what only JavaScript can read takes JavaScript's road.
        if (pending.foreign === true) return await throughPipeline(this, native, method, args);
        return settle(await pending, answer);
      } catch (error) {
        throw rehome(error);
      }
    },
  }[name];
  return Object.defineProperty(made, 'length', { value: arity, configurable: true });
}

/**
 * Puts onto a class the methods that Rust declares for the class of its name; writable, configurable and not
 * enumerable, as the methods of any class are.
 *
 * @param {Function} Class The class to complete.
 * @returns {Function} The class.
 */
function expose(Class) {
  const nativeOf = instancesOf(binding[Class.name]);
  for (const method of surface.get(Class.name).methods) {
    Object.defineProperty(Class.prototype, method.name, {
      value: makeMethod(method, nativeOf),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  return Class;
}

/** The path below the endpoint that Rust declares for a class. */
function pathOf(Class) {
  return surface.get(Class.name).path;
}

module.exports = { expose, pathOf, surface };
