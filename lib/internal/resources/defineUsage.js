'use strict';

/** Defines the methods of the usage module that are more than an endpoint each. */

const { onDemand } = require('../onDemand');
const { defineMethod, internalMethods } = require('./defineNativeMethods');
const { define } = require('./defineResource');

const bulk = onDemand(() => require('../bulk/closeMany'));
const multipart = onDemand(() => require('../transport/multipart'));

const GenericResource = define('GenericResource');
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
        return GenericResource.prototype.create.call(this, object, /* the options of the call */ uploadNote);
      }
      return internalMethods
        .get('UsageReconciliationResource')
        .createFromFile.call(this, object, uploadNote, ...rest);
    },
  }.create,
);

module.exports = { UsageChunkResource, UsageReconciliationResource, UsageRecordResource };
