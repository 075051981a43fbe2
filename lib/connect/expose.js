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
const { NO_OPTIONS, carryOut, readCall } = require('./call');
const { clone } = require('./http/clone');
const { closeStream } = require('./http/streams');
const { isUntouched, mostParsed, nativeClient } = require('./native');
const { rehome } = require('./realm');
const { failureOf, readAnswer, readFile, readPage, settle } = require('./settle');

/**
 * What Rust declares, by class name: `{ className, property, path, methods: [{ name, arity, answer, takes }],
 * children: [{ name, className }] }`.
 */
const surface = new Map();
for (const resource of binding.surface()) surface.set(resource.className, resource);

/** Resources below an object whose id cannot be used, with the native instance that says so. */
const refused = new WeakMap();

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
    const refusal = refused.get(resource);
    if (refusal !== undefined && refusal.baseUri === base) return refusal;
    const known = instances.get(resource);
    if (known !== undefined && known.client === client && known.base === base) return known.native;
    const native = new Native(client, `${base}`);
    instances.set(resource, { client, base, native });
    return native;
  };
}

/** What the pipeline of the original is given: the request's own values, and an options object of this realm. */
function handTo(resource, { takes, answer }, call) {
  return async (path, method, fields, hasBody, body) => {
    // A GET is passed no options at all (fact 36), unless there are some; those that give a file name their method.
    if (method === 'GET') {
      const options = answer === 'bytes' ? { method, ...call } : call;
      return options === NO_OPTIONS ? resource.fetch(path) : resource.fetch(path, { ...options });
    }
    if (takes === 'file') {
      const { formOf, isFile } = require('./http/form');
      if (isFile(fields[1])) {
        const { headers, body: form } = await formOf(fields);
        const all = call.headers === undefined ? headers : { ...call.headers, ...headers };
        return resource.fetch(path, { method, ...call, headers: all, body: form });
      }
    }
    const options = { method, ...call };
    if (fields) {
      options.body = {};
      for (let i = 0; i < fields.length; i += 2) options.body[fields[i]] = fields[i + 1];
    } else if (hasBody) {
      // Records come as text, for Rust has written them in the API's spelling.
      options.body = takes === 'records' ? JSON.parse(body) : body;
    }
    return resource.fetch(path, options);
  };
}

/** Carries a call out through `resource.fetch`, hooks and adapter: the road of whoever customised the client. */
async function throughPipeline(resource, native, method, args, call) {
  let sent = false;
  const hand = handTo(resource, method, call);
  const pipeline = (...request) => {
    sent = true;
    return hand(...request);
  };
  const result = native[method.name](...args, { pipeline });
  // Without a request there can only be a refusal of the arguments.
  if (!sent) throw failureOf(result);
  const response = await result;
  if (method.answer === 'bytes') return readFile(response, call.to);
  if (method.answer === 'page') return readPage(response);
  return method.answer === 'json' ? readAnswer(response) : undefined;
}

/**
 * The arguments as the engine reads them: what becomes the body is copied as the pipeline's hooks and adapter copy it
 * (fact 25), so that an instance of a class is written the same whether a client has a hook or not.
 */
function forEngine({ ids, verb }, args) {
  if (verb === 'GET') return args;
  let read = args;
  for (let i = ids; i < args.length; i += 1) {
    if (typeof args[i] === 'object' && args[i] !== null) {
      // The pipeline, should the engine not know the value, is given the caller's own.
      if (read === args) read = [...args];
      read[i] = clone(args[i]);
    }
  }
  return read;
}

/** One method: an async function, so that every mistake is a rejection and stacks reach the caller. */
function makeMethod(method, nativeOf) {
  const { name, arity, answer, verb } = method;
  const made = {
    async [name](...args) {
      const call = readCall(method, args[arity]);
      args.length = arity;
      const client = this._client;
      try {
        const native = nativeOf(this);
        if (!isUntouched(this, client)) return await throughPipeline(this, native, method, args, call);
        const read = forEngine(method, args);
        const outcome = await carryOut(client, verb, call, (told) => native[name](...read, told));
        // A form, a stream, a map: what only JavaScript can read takes JavaScript's road.
        if (outcome.foreign === true) return await throughPipeline(this, native, method, args, call);
        const most = answer === 'bytes' ? mostParsed(client) : undefined;
        return settle(outcome, answer, { key: client._apiKey, to: call.to, most });
      } catch (error) {
        // Where it was called off before anybody took the stream, nobody else closes it.
        if (call.signal?.aborted) for (const argument of args) closeStream(argument, error);
        throw rehome(error);
      }
    },
  }[name];
  return Object.defineProperty(made, 'length', { value: arity, configurable: true });
}

/**
 * Puts a method onto a class: writable, configurable and not enumerable, as the methods of any class are.
 *
 * @param {Function} Class The class.
 * @param {string} name The method's name.
 * @param {Function} value The method.
 */
function put(Class, name, value) {
  Object.defineProperty(Class.prototype, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/** The methods that serve other methods, by class name and name: `internals.get('GenericResource').page`. */
const internals = new Map();

/**
 * Puts onto a class the methods that Rust declares for it.
 *
 * @param {Function} Class The class to complete.
 * @param {string} className Its name in Rust; bundlers give classes names of their own.
 * @returns {Function} The class.
 */
function expose(Class, className) {
  const nativeOf = instancesOf(binding[className]);
  const hidden = {};
  for (const method of surface.get(className).methods) {
    const made = makeMethod(method, nativeOf);
    if (method.isInternal) hidden[method.name] = made;
    else put(Class, method.name, made);
  }
  internals.set(className, hidden);
  return Class;
}

/**
 * Puts onto a class the method that gives the resource below one of its objects. It never throws: with an id
 * that cannot be used, the methods of what it gives reject.
 *
 * @param {Function} Class The class to complete.
 * @param {string} className Its name in Rust.
 * @param {object} child What Rust declares: the method's `name`.
 * @param {Function} Child The class of what it gives.
 */
function makeChild(Class, className, { name }, Child) {
  const nativeOf = instancesOf(binding[className]);
  const made = {
    [name](id) {
      const native = nativeOf(this)[name](id);
      const resource = new Child(this._client, native.baseUri);
      if (native.isRefused) refused.set(resource, native);
      return resource;
    },
  }[name];
  put(Class, name, made);
}

module.exports = { expose, internals, makeChild, put, surface };
