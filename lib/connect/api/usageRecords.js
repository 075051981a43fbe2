'use strict';

const { internals, put } = require('../expose');
const { define } = require('../resource');

const UsageRecordResource = define('UsageRecordResource');
const { closeRecords: closeDocumented } = UsageRecordResource.prototype;

// The original's form, or a list of records, which is what the API really has.
put(
  UsageRecordResource,
  'closeRecords',
  {
    async closeRecords(id, recordId, externalBillingId, externalBillingNote, ...rest) {
      if (!Array.isArray(id)) {
        return closeDocumented.call(this, id, recordId, externalBillingId, externalBillingNote, ...rest);
      }
      // The options of the call stand behind its only argument.
      return internals.get('UsageRecordResource').closeBatch.call(this, id, recordId);
    },
  }.closeRecords,
);

put(
  UsageRecordResource,
  'closeMany',
  {
    async closeMany(records, options) {
      const { closeMany } = require('../bulk');
      return closeMany(this, records, options);
    },
  }.closeMany,
);

module.exports = UsageRecordResource;
