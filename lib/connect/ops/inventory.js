'use strict';

/** @import ConnectClient from '../client' */

const { forward } = require('../../internal/options.js');

const forAssets = (template) => template.scope === 'asset';

/** Keeps the templates for assets. */
function keepForAssets(templates) {
  // A stub or an adapter may return something else than an array. As in the original, its own `filter` is called if
  // it has one, and an object is filtered by its values.
  if (!Array.isArray(templates)) {
    if (typeof templates.filter === 'function') return templates.filter(forAssets);
    if (Object.prototype.toString.call(templates) === '[object Object]') {
      return Object.fromEntries(Object.entries(templates).filter(([, value]) => forAssets(value)));
    }
  }
  // By index: a hole is an error as null is, and the result is a plain array.
  return Array.from({ length: templates.length }, (_, i) => templates[i]).filter(forAssets);
}

/**
 * What belongs to a product: its parameters, templates and actions.
 *
 * Every method calls the client's `products`, and rejects with HttpError or APIError if the status is not 2xx.
 */
class Inventory {
  /** @param {ConnectClient} client The client to send with. */
  constructor(client) {
    this._client = client;
  }

  /**
   * Reads the parameters of a product.
   *
   * @param {string} productId The product's id.
   * @returns {Promise<object[]>} The parameters.
   */
  async getParametersByProduct(productId, ...rest) {
    return this._client.products
      .parameters(productId)
      .search(...(forward(rest).length > 0 ? [undefined, ...forward(rest)] : []));
  }

  /**
   * Reads the parameters of a product that are filled in for an asset while it is fulfilled.
   *
   * @param {string} productId The product's id.
   * @returns {Promise<object[]>} The parameters.
   */
  async getAssetParametersForFulfillmentByProduct(productId, ...rest) {
    return this._client.products
      .parameters(productId)
      .search({ scope: 'asset', phase: 'fulfillment' }, ...forward(rest));
  }

  /**
   * Reads the templates of a product.
   *
   * @param {string} productId The product's id.
   * @returns {Promise<object[]>} The templates.
   */
  async getProductTemplates(productId, ...rest) {
    return this._client.products.getTemplates(productId, ...forward(rest));
  }

  /**
   * Reads the templates of a product, and keeps those for assets. All are fetched.
   *
   * @param {string} productId The product's id.
   * @returns {Promise<object[]>} The templates whose scope is `asset`; rejects also if a template is null.
   */
  async getProductAssetTemplates(productId, ...rest) {
    return keepForAssets(await this.getProductTemplates(productId, ...forward(rest)));
  }

  /**
   * Reads the link that carries out an action of a product for an asset.
   *
   * @param {string} productId The product's id.
   * @param {string} actionId The action's id.
   * @param {string} assetId The asset's id.
   * @returns {Promise<object>} The link.
   */
  async getProductActionLink(productId, actionId, assetId, ...rest) {
    return this._client.products.actions(productId).link(actionId, assetId, ...forward(rest));
  }

  /**
   * Finds parameters of a product.
   *
   * @param {string} productId The product's id.
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The parameters found.
   */
  async searchProductParameters(productId, query, ...rest) {
    return this._client.products.parameters(productId).search(query, ...forward(rest));
  }
}

module.exports = Inventory;
