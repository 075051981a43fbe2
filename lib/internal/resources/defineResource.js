'use strict';

/**
 * @import ConnectClient from '../../connect/client'
 * @import { List } from './list'
 */

/**
 * Defines the classes of the resources from what Rust declares in `src/core/resources`: name, path, methods, and the
 * resources below.
 */

const {
  defineChildFactory,
  defineMethod,
  defineNativeMethods,
  internalMethods,
  metadata,
} = require('./defineNativeMethods.js');
const { onDemand } = require('../onDemand.js');
const { registerOriginals } = require('../transport/fastPath.js');

const lists = onDemand(() => require('./list.js'));
const pipelineResponse = onDemand(() => require('../results/pipelineResponse.js'));
const waiting = onDemand(() => require('./waitFor.js'));
const bulk = onDemand(() => require('../bulk/closeMany.js'));
const multipart = onDemand(() => require('../transport/multipart.js'));

/**
 * The base class of all resources, with `get`, `create`, `update`, `delete` and `search`. Extend it for a path that
 * has no class.
 */
class GenericResource {
  /**
   * @param {ConnectClient} client The client to send with.
   * @param {string} baseUri The resource's path below the endpoint, such as `/usage/records`.
   */
  constructor(client, baseUri) {
    this._client = client;
    this._baseUri = baseUri;
  }

  /** The resource's path. Every method reads it, so a subclass may override it. */
  get baseUri() {
    return this._baseUri;
  }

  /**
   * Lists all objects that match a filter, page after page.
   *
   * @param {object} [filters] The filter.
   * @param {object} [options] `pageSize`, `limit`, `snapshot`, and those of a call; see `types/lists.d.ts`.
   * @returns {List} The list, an async iterable. Throws a TypeError for an invalid option or filter.
   */
  list(filters, options) {
    return new (lists().List)(/** @type {*} */ (this), filters, options);
  }

  /**
   * Sends a request and checks its status.
   *
   * @param {string} url The path below the endpoint.
   * @param {object} [options] As for `fetch`.
   * @returns {Promise<Response>} The response; rejects with HttpError or APIError if its status is not 2xx.
   */
  async fetch(url, options) {
    const { checkStatus } = pipelineResponse();
    return checkStatus(this._client.fetch(url, options), url, options, this._client._apiKey);
  }
}

defineNativeMethods(GenericResource, 'GenericResource');
registerOriginals({ resourceFetch: GenericResource.prototype.fetch });

/**
 * The classes defined so far, by name; one may be below several others.
 *
 * @type {Map<string, any>}
 */
const classes = new Map([['GenericResource', GenericResource]]);

/**
 * Makes a factory return the same object for the same id, as in the original: `products.parameters(id).search` can be
 * replaced.
 */
function memoize(resource, factory) {
  // Made with the first object: a client has a dozen of these, and most of them are never called.
  let created;
  return (id) => {
    created = created || new Map();
    // `1` and `'1'` are the same id; a value that is no id is not the same as its text.
    const key = ['number', 'bigint'].includes(typeof id) ? `${id}` : id;
    if (!created.has(key)) created.set(key, factory.call(resource, id));
    return created.get(key);
  };
}

/** Defines `waitFor` on the class of objects that have states. */
function defineWaitFor(Class, className) {
  const { waitFor } = {
    async waitFor(id, states, options) {
      return waiting().waitFor(/** @type {*} */ (this), className, id, states, options);
    },
  };
  defineMethod(Class, 'waitFor', waitFor);
}

/**
 * Defines the class of a resource, unless it is defined already.
 *
 * @param {string} className Its name, as Rust declares it.
 * @returns {new (client: object, baseUri?: string) => any} The class; its constructor takes the client and,
 *   optionally, another path.
 */
function define(className) {
  if (classes.has(className)) return classes.get(className);
  const { path, children, states } = metadata.get(className);
  const Class = {
    [className]: class extends GenericResource {
      constructor(client, baseUri = path) {
        super(client, baseUri);
        // Own properties, as in the original, which shadow the methods of the prototype.
        for (const { name } of children) this[name] = memoize(this, this[name]);
      }
    },
  }[className];
  classes.set(className, Class);
  for (const child of children) defineChildFactory(Class, className, child, define(child.className));
  if (states.length > 0) defineWaitFor(Class, className);
  return defineNativeMethods(Class, className);
}

// The methods of the usage module that are more than an endpoint each.
const UsageChunkResource = define('UsageChunkResource');
const UsageRecordResource = define('UsageRecordResource');
const UsageReconciliationResource = define('UsageReconciliationResource');

/**
 * Defines `closeMany`, which is not an endpoint but a run of many requests.
 *
 * @param {Function} Resource The class.
 * @param {string} className Its name, as Rust knows it.
 */
function defineCloseMany(Resource, className) {
  defineMethod(
    Resource,
    'closeMany',
    {
      async closeMany(records, options) {
        return bulk().closeMany(className, /** @type {*} */ (this), records, options);
      },
    }.closeMany,
  );
}

const { closeRecords: closeOriginal } = UsageRecordResource.prototype;

// The original's arguments, or a list of records: the API's own endpoint.
defineMethod(
  UsageRecordResource,
  'closeRecords',
  {
    async closeRecords(id, recordId, externalBillingId, externalBillingNote, ...rest) {
      if (!Array.isArray(id)) {
        return closeOriginal.call(this, id, recordId, externalBillingId, externalBillingNote, ...rest);
      }
      return internalMethods
        .get('UsageRecordResource')
        .closeBatch.call(this, id, /* the options of the call */ recordId);
    },
  }.closeRecords,
);

defineCloseMany(UsageRecordResource, 'UsageRecordResource');
defineCloseMany(UsageChunkResource, 'UsageChunkResource');

/** Whether the argument of `create` is a file. Text is one that was meant: Rust says how a path is passed. */
function isMeantAsFile(object) {
  if (typeof object === 'string') return true;
  if (typeof object !== 'object' || object === null) return false;
  const { isFile } = multipart();
  if (isFile(object)) return true;
  if (Object.values(object).some(isFile)) {
    throw new TypeError(
      "create: a file must be the first argument, and the note the second: create({ path: 'file.xlsx' }, 'note')",
    );
  }
  return false;
}

// A file and a note, or an object as every resource takes it.
defineMethod(
  UsageReconciliationResource,
  'create',
  {
    async create(object, uploadNote, ...rest) {
      if (!isMeantAsFile(object)) {
        const { create } = /** @type {*} */ (GenericResource.prototype);
        return create.call(this, object, /* the options of the call */ uploadNote);
      }
      return internalMethods
        .get('UsageReconciliationResource')
        .createFromFile.call(this, object, uploadNote, ...rest);
    },
  }.create,
);

module.exports = { define };
