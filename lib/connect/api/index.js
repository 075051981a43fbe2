'use strict';

const { metadata } = require('../../internal/resources/defineNativeMethods.js');
const { define } = require('../../internal/resources/defineResource.js');

/**
 * The classes of the resources and their base class. As in the original each is also in a file of its own; those
 * files are not loaded here, because twenty files would be a good part of the package's loading time.
 */
const api = { GenericResource: define('GenericResource') };
for (const { className, property } of metadata.values()) {
  if (property !== '') api[className] = define(className);
}

module.exports = api;

// Never executed: here Node finds the names that ES modules can import.
0 &&
  // biome-ignore lint/suspicious/noAssignInExpressions: the form that Node's lexer recognises.
  (module.exports = {
    AccountResource,
    AssetResource,
    BillingRequestResource,
    CaseResource,
    ConversationResource,
    GenericResource,
    HubResource,
    ListingRequestResource,
    ProductResource,
    RecurringAssetResource,
    RequestResource,
    TierAccountRequestResource,
    TierAccountResource,
    TierConfigRequestResource,
    TierConfigResource,
    UsageAggregateResource,
    UsageChunkResource,
    UsageFileResource,
    UsageProductResource,
    UsageReconciliationResource,
    UsageRecordResource,
    WebhookResource,
  });
