'use strict';

/**
 * What there is to look up: assets, tier configurations and tier accounts, and the requests to change the
 * accounts.
 *
 * Every method is a call of a resource of the client, and settles as that call does: it rejects with
 * HttpError or APIError if the answer is not a success.
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
  async searchAssets(query) {
    return this._client.assets.search(query);
  }

  /**
   * Finds tier configurations.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The configurations found.
   */
  async searchTierConfigurations(query) {
    return this._client.tierConfigs.search(query);
  }

  /**
   * Finds tier accounts.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The accounts found.
   */
  async searchTierAccounts(query) {
    return this._client.tierAccounts.search(query);
  }

  /**
   * Reads one tier account.
   *
   * @param {string} id The account's id.
   * @returns {Promise<object>} The account.
   */
  async getTierAccount(id) {
    return this._client.tierAccounts.get(id);
  }

  /**
   * Finds the assets of a product that carry an external id.
   *
   * @param {string} productId The product's id.
   * @param {string} externalId The id that the assets have outside Connect.
   * @returns {Promise<object[]>} The assets found.
   */
  async getAssetsByProductIdExternalId(productId, externalId) {
    // In this order they end up in the query string.
    return this._client.assets.search({ external_id: externalId, 'product.id': productId });
  }

  /**
   * Makes a request to change a tier account.
   *
   * @param {object} request The request to make.
   * @returns {Promise<object>} The request made.
   */
  async createTierAccountRequest(request) {
    return this._client.tierAccountRequests.create(request);
  }

  /**
   * Finds tier account requests.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The requests found.
   */
  async searchTierAccountRequests(query) {
    return this._client.tierAccountRequests.search(query);
  }

  /**
   * Reads one tier account request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The request.
   */
  async getTierAccountRequest(id) {
    return this._client.tierAccountRequests.get(id);
  }

  /**
   * Accepts a tier account request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The accepted request.
   */
  async acceptTierAccountRequest(id) {
    return this._client.tierAccountRequests.accept(id);
  }

  /**
   * Ignores a tier account request.
   *
   * @param {string} id The request's id.
   * @param {string} reason Why it is ignored.
   * @returns {Promise<object>} The ignored request.
   */
  async ignoreTierAccountRequest(id, reason) {
    return this._client.tierAccountRequests.ignore(id, reason);
  }

  /**
   * Reads a tier account as it was in one of its versions.
   *
   * @param {string} id The account's id.
   * @param {number|string} version The version's number.
   * @returns {Promise<object>} The account in that version.
   */
  async getTierAccountVersion(id, version) {
    return this._client.tierAccounts.versions(id).get(version);
  }
}

module.exports = Directory;
