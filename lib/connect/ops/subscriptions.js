'use strict';

/** @import ConnectClient from '../client' */

const { forward } = require('../../internal/options.js');

/**
 * What is paid again and again: the recurring assets, and the requests to bill them.
 *
 * Every method is a call of the client's `billingRequests` or `recurringAssets`, and settles as that call
 * does: it rejects with HttpError or APIError if the status is not 2xx.
 */
class Subscriptions {
  /** @param {ConnectClient} client The client to send with. */
  constructor(client) {
    this._client = client;
  }

  /**
   * Finds billing requests.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The requests found.
   */
  async searchBillingRequests(query, ...rest) {
    return this._client.billingRequests.search(query, ...forward(rest));
  }

  /**
   * Makes a billing request.
   *
   * @param {object} request The request to make.
   * @returns {Promise<object>} The request made.
   */
  async createBillingRequest(request, ...rest) {
    return this._client.billingRequests.create(request, ...forward(rest));
  }

  /**
   * Reads one billing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The request.
   */
  async getBillingRequest(id, ...rest) {
    return this._client.billingRequests.get(id, ...forward(rest));
  }

  /**
   * Changes the attributes of a billing request.
   *
   * @param {string} id The request's id.
   * @param {object} body The attributes to change.
   * @returns {Promise<object>} The response.
   */
  async updateBillingRequestAttributes(id, body, ...rest) {
    return this._client.billingRequests.updateAttributes(id, body, ...forward(rest));
  }

  /**
   * Finds recurring assets.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The assets found.
   */
  async searchRecurringAssets(query, ...rest) {
    return this._client.recurringAssets.search(query, ...forward(rest));
  }

  /**
   * Reads one recurring asset.
   *
   * @param {string} id The asset's id.
   * @returns {Promise<object>} The asset.
   */
  async getRecurringAsset(id, ...rest) {
    return this._client.recurringAssets.get(id, ...forward(rest));
  }
}

module.exports = Subscriptions;
