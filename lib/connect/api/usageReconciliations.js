'use strict';

const GenericResource = require('./base');
const { defineMethod, internalMethods } = require('../../internal/resources/defineNativeMethods');
const { define } = require('../../internal/resources/defineResource');

const UsageReconciliationResource = define('UsageReconciliationResource');

/** Whether the argument of `create` is a file. Text is one that was meant: Rust says how a path is passed. */
function isMeantAsFile(object) {
  if (typeof object === 'string') return true;
  if (typeof object !== 'object' || object === null) return false;
  const { isFile } = require('../../internal/transport/multipart');
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

module.exports = UsageReconciliationResource;
