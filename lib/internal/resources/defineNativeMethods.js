'use strict';

/**
 * Defines ordinary ES classes from the metadata of the Rust classes.
 *
 * The addon's own classes belong to the realm that loaded it, which under Jest is not the test's, and all test files
 * of a worker would share them. So each Rust class gets a class of the caller's realm with the same name and methods,
 * and each method calls the Rust method of the same name. Verbs, paths and body keys are declared in Rust only.
 */

const binding = require('../../../binding.js');
const { deepCopy, rewrapError } = require('../copies.js');
const { isWatched } = require('../events/channels.js');
const { onDemand } = require('../onDemand.js');
const { NO_OPTIONS, readCallOptions } = require('../options.js');
const { pathOf, toError } = require('../results/errors.js');
const { toResult } = require('../results/toResult.js');
const { canUseFastPath, maxParsedBytes, nativeClient } = require('../transport/fastPath.js');

const engineCall = onDemand(() => require('./engineCall.js'));
const pipelineResponse = onDemand(() => require('../results/pipelineResponse.js'));
const multipart = onDemand(() => require('../transport/multipart.js'));
const streams = onDemand(() => require('../transport/streams.js'));

/**
 * What Rust declares, by class name: `{ className, property, path, methods: [{ name, arity, response, encoding }],
 * children: [{ name, className }], states }`.
 */
const metadata = new Map();
for (const resource of binding.metadata()) metadata.set(resource.className, resource);

/** The native instances of resources below an object whose id cannot be used; each of their methods rejects. */
const refused = new WeakMap();

/** The refused instance of a resource; undefined if it has none, or its path has been changed since. */
function refusedInstance(resource) {
  const native = refused.get(resource);
  return native !== undefined && native.baseUri === resource.baseUri ? native : undefined;
}

/**
 * Returns a function that gives the native instance of a resource. It is created on first use: most scripts use few
 * resources.
 */
function instancesOf(Native) {
  const instances = new WeakMap();
  return (resource) => {
    const client = nativeClient(resource._client);
    // Read on every call: a subclass may override `baseUri`, and `_baseUri` may be assigned.
    const base = resource.baseUri;
    const known = instances.get(resource);
    if (known !== undefined && known.client === client && known.base === base) return known.native;
    const native = new Native(client, `${base}`);
    instances.set(resource, { client, base, native });
    return native;
  };
}

/**
 * Returns a function that sends a native request through `resource.fetch`, with the arguments that the original
 * passes to it.
 *
 * @param {object} resource The resource.
 * @param {object} method The metadata of the method.
 * @param {object} call The options of the call.
 */
function pipelineSender(resource, { encoding, response }, call) {
  return async (path, method, fields, hasBody, body) => {
    // As in the original, a GET without options gets none at all. A download names its method.
    if (method === 'GET') {
      const options = response === 'bytes' ? { method, ...call } : call;
      return options === NO_OPTIONS ? resource.fetch(path) : resource.fetch(path, { ...options });
    }
    if (encoding === 'file') {
      const { createForm, isFile } = multipart();
      if (isFile(fields[1])) {
        const { headers, body: form } = await createForm(fields);
        const all = call.headers === undefined ? headers : { ...call.headers, ...headers };
        return resource.fetch(path, { method, ...call, headers: all, body: form });
      }
    }
    const options = { method, ...call };
    if (fields) {
      options.body = {};
      for (let i = 0; i < fields.length; i += 2) options.body[fields[i]] = fields[i + 1];
    } else if (hasBody) {
      // Records come as JSON text: Rust has written them in the API's spelling.
      options.body = encoding === 'records' ? JSON.parse(body) : body;
    }
    return resource.fetch(path, options);
  };
}

/** Calls a method on the pipeline: Rust checks the arguments and builds the request, `resource.fetch` sends it. */
async function callThroughPipeline(resource, native, method, args, call) {
  const { readFile, readJson, readPage } = pipelineResponse();
  let isSent = false;
  const send = pipelineSender(resource, method, call);
  const pipeline = (...request) => {
    isSent = true;
    return send(...request);
  };
  const result = native[method.name](...args, { pipeline });
  // There is no request if Rust refuses the arguments.
  if (!isSent) throw toError(result);
  const response = await result;
  if (method.response === 'bytes') return readFile(response, call.to);
  if (method.response === 'page') return readPage(response);
  return method.response === 'json' ? readJson(response) : undefined;
}

/**
 * The arguments for the engine. Those that become the body are copied as the pipeline's adapter copies them, so that
 * an instance of a class is serialised in the same way on both paths.
 */
function copyBodyArguments({ ids, verb }, args) {
  if (verb === 'GET') return args;
  let copied = args;
  for (let i = ids; i < args.length; i += 1) {
    if (typeof args[i] === 'object' && args[i] !== null) {
      // `args` keeps the caller's own values, for the pipeline.
      if (copied === args) copied = [...args];
      copied[i] = deepCopy(args[i]);
    }
  }
  return copied;
}

/**
 * Sends a request of the engine.
 *
 * @param {object} client The client, for its endpoint and key.
 * @param {string} method The HTTP method.
 * @param {object} call The options of the call.
 * @param {Function} send Sends; gets the options for the engine, or undefined.
 * @returns {Promise<*>|*} The engine's result; rejects with the signal's reason.
 */
function callEngine(client, method, call, send) {
  if (call === NO_OPTIONS && !isWatched()) return send();
  return engineCall().callWithOptions(client, method, call, send);
}

/**
 * The `method` and `path` of a request that was sent, for the error of its response. Rust builds them a second time, so that
 * a call without an error does not pay for them. Undefined if the caller has since made an argument invalid.
 */
function describeRequest(native, { name }, args) {
  let request;
  const pipeline = (url, method) => {
    request = { method, path: pathOf(url) };
  };
  native[name](...args, { pipeline });
  return request;
}

/**
 * Creates a method. It is an async function, so that every error is a rejection and stack traces reach the caller.
 */
function createMethod(method, nativeOf) {
  const { name, arity, response, verb } = method;
  const created = {
    async [name](...args) {
      const call = readCallOptions(method, args[arity]);
      args.length = arity;
      const client = this._client;
      try {
        // Now, not when the call is aborted: a failure to load it would hide what became of a request that was sent.
        if (call.signal !== undefined) streams();
        const refusal = refusedInstance(this)?.refusal;
        if (refusal !== undefined) throw toError(refusal);
        const native = nativeOf(this);
        if (!canUseFastPath(this, client)) return await callThroughPipeline(this, native, method, args, call);
        const copied = copyBodyArguments(method, args);
        const result = await callEngine(client, verb, call, (options) => native[name](...copied, options));
        // Only JavaScript can read a form, a stream or a map.
        if (result.foreign === true) return await callThroughPipeline(this, native, method, args, call);
        const maxBytes = response === 'bytes' ? maxParsedBytes(client) : undefined;
        const describe = () => describeRequest(native, method, copied);
        return toResult(result, response, { key: client._apiKey, to: call.to, maxBytes, describe });
      } catch (error) {
        // An aborted call may have ended before anything took the stream.
        if (call.signal?.aborted) for (const argument of args) streams().closeStream(argument, error);
        throw rewrapError(error);
      }
    },
  }[name];
  return Object.defineProperty(created, 'length', { value: arity, configurable: true });
}

/**
 * Defines a method on a class: writable, configurable and not enumerable, as the methods of any class.
 *
 * @param {Function} Class The class.
 * @param {string} name The method's name.
 * @param {Function} value The method.
 */
function defineMethod(Class, name, value) {
  Object.defineProperty(Class.prototype, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/**
 * The methods that only other methods call, by class name and name: `internalMethods.get('GenericResource').page`.
 */
const internalMethods = new Map();

/**
 * Defines the methods that Rust declares for a class.
 *
 * @template {Function} T
 * @param {T} Class The class.
 * @param {string} className Its name in Rust; bundlers may rename classes.
 * @returns {T} The class.
 */
function defineNativeMethods(Class, className) {
  const nativeOf = instancesOf(binding[className]);
  const internal = {};
  for (const method of metadata.get(className).methods) {
    const created = createMethod(method, nativeOf);
    if (method.isInternal) internal[method.name] = created;
    else defineMethod(Class, method.name, created);
  }
  internalMethods.set(className, internal);
  return Class;
}

/**
 * Defines the method that returns a resource below one of the class's objects. It never throws: with an id that
 * cannot be used, the methods of the resource reject.
 *
 * @param {Function} Class The class.
 * @param {string} className Its name in Rust.
 * @param {{ name: string }} child What Rust declares: the method's name.
 * @param {new (client: object, baseUri: string) => object} Child The class of the resource.
 */
function defineChildFactory(Class, className, { name }, Child) {
  const nativeOf = instancesOf(binding[className]);
  const created = {
    [name](id) {
      const native = (refusedInstance(this) || nativeOf(this))[name](id);
      const resource = new Child(this._client, native.baseUri);
      if (native.refusal !== undefined) refused.set(resource, native);
      return resource;
    },
  }[name];
  defineMethod(Class, name, created);
}

module.exports = { defineChildFactory, defineMethod, defineNativeMethods, internalMethods, metadata };
