'use strict';

/** @import ConnectClient from '../client' */

const { forward } = require('../../internal/options.js');

/**
 * What there is to look up: assets, tier configurations and tier accounts, and the requests to change the
 * accounts.
 *
 * Every method calls a resource of the client, and rejects with HttpError or APIError if the status is not 2xx.
 */
class Directory {
  /** @param {ConnectClient} client The client to send with. */
  constructor(client) {
    this._client = client;
  }

  /**
   * Finds assets.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The assets found.
   */
  async searchAssets(query, ...rest) {
    return this._client.assets.search(query, ...forward(rest));
  }

  /**
   * Finds tier configurations.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The configurations found.
   */
  async searchTierConfigurations(query, ...rest) {
    return this._client.tierConfigs.search(query, ...forward(rest));
  }

  /**
   * Finds tier accounts.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The accounts found.
   */
  async searchTierAccounts(query, ...rest) {
    return this._client.tierAccounts.search(query, ...forward(rest));
  }

  /**
   * Reads one tier account.
   *
   * @param {string} id The account's id.
   * @returns {Promise<object>} The account.
   */
  async getTierAccount(id, ...rest) {
    return this._client.tierAccounts.get(id, ...forward(rest));
  }

  /**
   * Finds the assets of a product that carry an external id.
   *
   * @param {string} productId The product's id.
   * @param {string} externalId The id that the assets have outside Connect.
   * @returns {Promise<object[]>} The assets found.
   */
  async getAssetsByProductIdExternalId(productId, externalId, ...rest) {
    // In this order they end up in the query string.
    return this._client.assets.search({ external_id: externalId, 'product.id': productId }, ...forward(rest));
  }

  /**
   * Makes a request to change a tier account.
   *
   * @param {object} request The request to make.
   * @returns {Promise<object>} The request made.
   */
  async createTierAccountRequest(request, ...rest) {
    return this._client.tierAccountRequests.create(request, ...forward(rest));
  }

  /**
   * Finds tier account requests.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The requests found.
   */
  async searchTierAccountRequests(query, ...rest) {
    return this._client.tierAccountRequests.search(query, ...forward(rest));
  }

  /**
   * Reads one tier account request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The request.
   */
  async getTierAccountRequest(id, ...rest) {
    return this._client.tierAccountRequests.get(id, ...forward(rest));
  }

  /**
   * Accepts a tier account request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The accepted request.
   */
  async acceptTierAccountRequest(id, ...rest) {
    return this._client.tierAccountRequests.accept(id, ...forward(rest));
  }

  /**
   * Ignores a tier account request.
   *
   * @param {string} id The request's id.
   * @param {string} reason Why it is ignored.
   * @returns {Promise<object>} The ignored request.
   */
  async ignoreTierAccountRequest(id, reason, ...rest) {
    return this._client.tierAccountRequests.ignore(id, reason, ...forward(rest));
  }

  /**
   * Reads a tier account as it was in one of its versions.
   *
   * @param {string} id The account's id.
   * @param {number|string} version The version's number.
   * @returns {Promise<object>} The account in that version.
   */
  async getTierAccountVersion(id, version, ...rest) {
    return this._client.tierAccounts.versions(id).get(version, ...forward(rest));
  }
}

module.exports = Directory;
