'use strict';

const { defineMethod, internalMethods } = require('../../internal/resources/defineNativeMethods');
const { defineCloseMany } = require('../../internal/bulk/defineCloseMany');
const { define } = require('../../internal/resources/defineResource');

const UsageRecordResource = define('UsageRecordResource');
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

module.exports = UsageRecordResource;
