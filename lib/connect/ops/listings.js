'use strict';

/**
 * The requests to list a product in a marketplace, and the steps that each of them goes through.
 *
 * Every method is a call of the client's `listingRequests`, and settles as that call does: it rejects with
 * HttpError or APIError if the answer is not a success.
 */
class Listings {
  /** @param {ConnectClient} client The client to send with. */
  constructor(client) {
    this._client = client;
  }

  /**
   * Finds listing requests.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The requests found.
   */
  async searchListingRequests(query) {
    return this._client.listingRequests.search(query);
  }

  /**
   * Makes a listing request.
   *
   * @param {object} request The request to make.
   * @returns {Promise<object>} The request made.
   */
  async createListingRequest(request) {
    return this._client.listingRequests.create(request);
  }

  /**
   * Reads one listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The request.
   */
  async getListingRequest(id) {
    return this._client.listingRequests.get(id);
  }

  /**
   * Submits a listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing, once it is done.
   */
  async submitListingRequest(id) {
    return this._client.listingRequests.submit(id);
  }

  /**
   * Cancels a listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing, once it is done.
   */
  async cancelListingRequest(id) {
    return this._client.listingRequests.cancel(id);
  }

  /**
   * Sends a listing request back to be refined.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing, once it is done.
   */
  async refineListingRequest(id) {
    return this._client.listingRequests.refine(id);
  }

  /**
   * Completes a listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing, once it is done.
   */
  async completeListingRequest(id) {
    return this._client.listingRequests.complete(id);
  }

  /**
   * Moves a listing request on to its deployment.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing, once it is done.
   */
  async deployListingRequest(id) {
    return this._client.listingRequests.deploy(id);
  }
}

module.exports = Listings;
