'use strict';

const { surface } = require('../expose');
const { define } = require('../resource');
// It has more than Rust's table says.
require('./usageRecords');

/**
 * The classes of the client's resources, and what they extend. Each is also in a file of its own, as in the original;
 * the others are not loaded here, for twenty files would be a good part of the time that the package takes to load.
 */
const api = { GenericResource: define('GenericResource') };
for (const { className, property } of surface.values()) {
  if (property !== '') api[className] = define(className);
}

module.exports = api;

// Never carried out: by these words Node finds the names that ES modules can import.
0 &&
  // biome-ignore lint/suspicious/noAssignInExpressions: the form that Node's lexer knows.
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
    UsageReconciliationResource,
    UsageRecordResource,
    WebhookResource,
  });
