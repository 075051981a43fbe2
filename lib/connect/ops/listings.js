'use strict';

/** @import ConnectClient from '../client' */

const { forward } = require('../../internal/options.js');

/**
 * The requests to list a product in a marketplace, and the steps that each of them goes through.
 *
 * Every method calls the client's `listingRequests`, and rejects with HttpError or APIError if the status is not 2xx.
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
  async searchListingRequests(query, ...rest) {
    return this._client.listingRequests.search(query, ...forward(rest));
  }

  /**
   * Makes a listing request.
   *
   * @param {object} request The request to make.
   * @returns {Promise<object>} The request made.
   */
  async createListingRequest(request, ...rest) {
    return this._client.listingRequests.create(request, ...forward(rest));
  }

  /**
   * Reads one listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The request.
   */
  async getListingRequest(id, ...rest) {
    return this._client.listingRequests.get(id, ...forward(rest));
  }

  /**
   * Submits a listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing.
   */
  async submitListingRequest(id, ...rest) {
    return this._client.listingRequests.submit(id, ...forward(rest));
  }

  /**
   * Cancels a listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing.
   */
  async cancelListingRequest(id, ...rest) {
    return this._client.listingRequests.cancel(id, ...forward(rest));
  }

  /**
   * Sends a listing request back to be refined.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing.
   */
  async refineListingRequest(id, ...rest) {
    return this._client.listingRequests.refine(id, ...forward(rest));
  }

  /**
   * Completes a listing request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing.
   */
  async completeListingRequest(id, ...rest) {
    return this._client.listingRequests.complete(id, ...forward(rest));
  }

  /**
   * Moves a listing request on to its deployment.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing.
   */
  async deployListingRequest(id, ...rest) {
    return this._client.listingRequests.deploy(id, ...forward(rest));
  }
}

module.exports = Listings;
