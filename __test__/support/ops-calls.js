'use strict';

/** The calls that each method makes when it is called with 'a', 'b', 'c', ...: one argument more than it takes. */
const CALLS = {
  Fulfillment: {
    searchRequests: ["requests.search('a')"],
    failRequest: ["requests.fail('a', 'b')"],
    updateRequest: ["requests.update('a', 'b')"],
    createRequest: ["requests.create('a')"],
    updateRequestParameters: ["requests.update('a', { asset: { params: 'b' }, note: 'c' })"],
    inquireRequest: [
      "requests.update('a', { asset: { params: 'c' }, note: 'd' })",
      "requests.inquire('a', 'b')",
    ],
    inquireRequestWithTemplate: [
      "requests.update('a', { asset: { params: 'c' }, note: 'd' })",
      "requests.inquire('a', { template_id: 'b' })",
    ],
    approveRequest: ["requests.approve('a', 'b')"],
    approveRequestWithTemplate: ["requests.approve('a', { template_id: 'b' })"],
    pendingRequest: ["requests.pending('a')"],
    getRequest: ["requests.get('a')"],
    searchTierConfigRequests: ["tierConfigRequests.search('a')"],
    failTierConfigRequest: ["tierConfigRequests.fail('a', 'b')"],
    approveTierConfigRequest: ["tierConfigRequests.approve('a', 'b')"],
    approveTierConfigRequestWithTemplate: ["tierConfigRequests.approve('a', { template: { id: 'b' } })"],
    updateTierConfigRequest: ["tierConfigRequests.update('a', 'b')"],
    updateTierConfigRequestParameters: ["tierConfigRequests.update('a', { params: 'b', notes: 'c' })"],
    createTierConfigRequest: ["tierConfigRequests.create('a')"],
    createUpdateTierConfigRequest: ["tierConfigRequests.create({ configuration: { id: 'a' }, params: 'b' })"],
    inquireTierConfigRequest: [
      "tierConfigRequests.update('a', { params: 'b', notes: 'c' })",
      "tierConfigRequests.inquire('a')",
    ],
    pendingTierConfigRequest: ["tierConfigRequests.pending('a')"],
    getTierConfigRequest: ["tierConfigRequests.get('a')"],
    getConnectionIdByProductAndHub: [
      "products.connections('a')",
      "products.connections('a').search({ 'hub.id': 'b' })",
    ],
  },
  Directory: {
    searchAssets: ["assets.search('a')"],
    searchTierConfigurations: ["tierConfigs.search('a')"],
    searchTierAccounts: ["tierAccounts.search('a')"],
    getTierAccount: ["tierAccounts.get('a')"],
    getAssetsByProductIdExternalId: ["assets.search({ external_id: 'b', 'product.id': 'a' })"],
    createTierAccountRequest: ["tierAccountRequests.create('a')"],
    searchTierAccountRequests: ["tierAccountRequests.search('a')"],
    getTierAccountRequest: ["tierAccountRequests.get('a')"],
    acceptTierAccountRequest: ["tierAccountRequests.accept('a')"],
    ignoreTierAccountRequest: ["tierAccountRequests.ignore('a', 'b')"],
    getTierAccountVersion: ["tierAccounts.versions('a')", "tierAccounts.versions('a').get('b')"],
  },
  Inventory: {
    getParametersByProduct: ["products.parameters('a')", "products.parameters('a').search()"],
    getAssetParametersForFulfillmentByProduct: [
      "products.parameters('a')",
      "products.parameters('a').search({ scope: 'asset', phase: 'fulfillment' })",
    ],
    getProductTemplates: ["products.getTemplates('a')"],
    getProductAssetTemplates: ["products.getTemplates('a')"],
    getProductActionLink: ["products.actions('a')", "products.actions('a').link('b', 'c')"],
    searchProductParameters: ["products.parameters('a')", "products.parameters('a').search('b')"],
  },
  Subscriptions: {
    searchBillingRequests: ["billingRequests.search('a')"],
    createBillingRequest: ["billingRequests.create('a')"],
    getBillingRequest: ["billingRequests.get('a')"],
    updateBillingRequestAttributes: ["billingRequests.updateAttributes('a', 'b')"],
    searchRecurringAssets: ["recurringAssets.search('a')"],
    getRecurringAsset: ["recurringAssets.get('a')"],
  },
  Listings: {
    searchListingRequests: ["listingRequests.search('a')"],
    createListingRequest: ["listingRequests.create('a')"],
    getListingRequest: ["listingRequests.get('a')"],
    submitListingRequest: ["listingRequests.submit('a')"],
    cancelListingRequest: ["listingRequests.cancel('a')"],
    refineListingRequest: ["listingRequests.refine('a')"],
    completeListingRequest: ["listingRequests.complete('a')"],
    deployListingRequest: ["listingRequests.deploy('a')"],
  },
};

module.exports = { CALLS };
