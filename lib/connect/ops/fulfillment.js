'use strict';

/** @import ConnectClient from '../client' */

const { forward } = require('../../internal/options.js');

/**
 * What a vendor does with the requests that arrive: those for assets, and those for tier configurations.
 *
 * Every method is a call of the client's `requests`, `tierConfigRequests` or `products`, and settles as that
 * call does: it rejects with HttpError or APIError if the status is not 2xx. Methods reach each other
 * and the client through `this`, so that replacing one takes effect everywhere.
 */
class Fulfillment {
  /** @param {ConnectClient} client The client to send with. */
  constructor(client) {
    this._client = client;
  }

  /**
   * Finds asset requests.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The requests found.
   */
  async searchRequests(query, ...rest) {
    return this._client.requests.search(query, ...forward(rest));
  }

  /**
   * Fails an asset request.
   *
   * @param {string} id The request's id.
   * @param {string} reason Why it cannot be fulfilled.
   * @returns {Promise<object>} The failed request.
   */
  async failRequest(id, reason, ...rest) {
    return this._client.requests.fail(id, reason, ...forward(rest));
  }

  /**
   * Changes an asset request.
   *
   * @param {string} id The request's id.
   * @param {object} body What to change.
   * @returns {Promise<object>} The changed request.
   */
  async updateRequest(id, body, ...rest) {
    return this._client.requests.update(id, body, ...forward(rest));
  }

  /**
   * Makes an asset request.
   *
   * @param {object} request The request to make.
   * @returns {Promise<object>} The request made.
   */
  async createRequest(request, ...rest) {
    return this._client.requests.create(request, ...forward(rest));
  }

  /**
   * Sets parameters of the asset of a request.
   *
   * @param {string} id The request's id.
   * @param {object[]} params The parameters, each with its `id` and what to set.
   * @param {string} [note] A note for the request. Only undefined leaves it as it is; null and '' are sent.
   * @returns {Promise<object>} The changed request.
   */
  async updateRequestParameters(id, params, note, ...rest) {
    const body = { asset: { params } };
    if (note !== undefined) body.note = note;
    return this.updateRequest(id, body, ...forward(rest));
  }

  /**
   * Asks the customer for what is missing: sets the parameters first, then moves the request to inquiring.
   * If setting them fails, the request is not moved.
   *
   * @param {string} id The request's id.
   * @param {object} body What to inquire with, such as `{ template_id }`.
   * @param {object[]} params The parameters in question.
   * @param {string} [note] A note for the request; see `updateRequestParameters`.
   * @returns {Promise<object>} The inquiring request.
   */
  async inquireRequest(id, body, params, note, ...rest) {
    await this.updateRequestParameters(id, params, note, ...forward(rest));
    return this._client.requests.inquire(id, body, ...forward(rest));
  }

  /**
   * Asks the customer for what is missing, through a template; see `inquireRequest`.
   *
   * @param {string} id The request's id.
   * @param {string} templateId The template that the customer sees.
   * @param {object[]} params The parameters in question.
   * @param {string} [note] A note for the request.
   * @returns {Promise<object>} The inquiring request.
   */
  async inquireRequestWithTemplate(id, templateId, params, note, ...rest) {
    return this.inquireRequest(id, { template_id: templateId }, params, note, ...forward(rest));
  }

  /**
   * Approves an asset request.
   *
   * @param {string} id The request's id.
   * @param {object} body What to approve with: `{ template_id }` or `{ activation_tile }`.
   * @returns {Promise<object>} The approved request.
   */
  async approveRequest(id, body, ...rest) {
    return this._client.requests.approve(id, body, ...forward(rest));
  }

  /**
   * Approves an asset request through a template.
   *
   * @param {string} id The request's id.
   * @param {string} templateId The template that the customer sees.
   * @returns {Promise<object>} The approved request.
   */
  async approveRequestWithTemplate(id, templateId, ...rest) {
    return this.approveRequest(id, { template_id: templateId }, ...forward(rest));
  }

  /**
   * Moves an asset request back to pending.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The pending request.
   */
  async pendingRequest(id, ...rest) {
    return this._client.requests.pending(id, ...forward(rest));
  }

  /**
   * Reads one asset request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The request.
   */
  async getRequest(id, ...rest) {
    return this._client.requests.get(id, ...forward(rest));
  }

  /**
   * Finds tier configuration requests.
   *
   * @param {object} [query] A filter, as for `search` of a resource.
   * @returns {Promise<object[]>} The requests found.
   */
  async searchTierConfigRequests(query, ...rest) {
    return this._client.tierConfigRequests.search(query, ...forward(rest));
  }

  /**
   * Fails a tier configuration request.
   *
   * @param {string} id The request's id.
   * @param {string} reason Why it cannot be fulfilled.
   * @returns {Promise<void>} Nothing.
   */
  async failTierConfigRequest(id, reason, ...rest) {
    return this._client.tierConfigRequests.fail(id, reason, ...forward(rest));
  }

  /**
   * Approves a tier configuration request.
   *
   * @param {string} id The request's id.
   * @param {object} body What to approve with: `{ template: { id } }`.
   * @returns {Promise<object>} The response.
   */
  async approveTierConfigRequest(id, body, ...rest) {
    return this._client.tierConfigRequests.approve(id, body, ...forward(rest));
  }

  /**
   * Approves a tier configuration request through a template.
   *
   * @param {string} id The request's id.
   * @param {string} templateId The template that is shown. It is nested here, unlike for an asset request.
   * @returns {Promise<object>} The response.
   */
  async approveTierConfigRequestWithTemplate(id, templateId, ...rest) {
    return this.approveTierConfigRequest(id, { template: { id: templateId } }, ...forward(rest));
  }

  /**
   * Changes a tier configuration request.
   *
   * @param {string} id The request's id.
   * @param {object} body What to change.
   * @returns {Promise<object>} The changed request.
   */
  async updateTierConfigRequest(id, body, ...rest) {
    return this._client.tierConfigRequests.update(id, body, ...forward(rest));
  }

  /**
   * Sets parameters of a tier configuration request.
   *
   * @param {string} id The request's id.
   * @param {object[]} params The parameters, each with its `id` and what to set.
   * @param {string} [notes] Notes for the request. Only undefined leaves them; null and '' are sent.
   * @returns {Promise<object>} The changed request.
   */
  async updateTierConfigRequestParameters(id, params, notes, ...rest) {
    const body = { params };
    // The plural is the API's: an asset request has a `note`.
    if (notes !== undefined) body.notes = notes;
    return this.updateTierConfigRequest(id, body, ...forward(rest));
  }

  /**
   * Makes a tier configuration request.
   *
   * @param {object} request The request to make.
   * @returns {Promise<object>} The request made.
   */
  async createTierConfigRequest(request, ...rest) {
    return this._client.tierConfigRequests.create(request, ...forward(rest));
  }

  /**
   * Makes a request that updates an existing tier configuration.
   *
   * @param {string} configurationId The id of the configuration (not of a request).
   * @param {object[]} params The parameters to set.
   * @returns {Promise<object>} The request made.
   */
  async createUpdateTierConfigRequest(configurationId, params, ...rest) {
    return this.createTierConfigRequest({ configuration: { id: configurationId }, params }, ...forward(rest));
  }

  /**
   * Asks for what is missing: sets the parameters first, then moves the request to inquiring. If setting them
   * fails, the request is not moved.
   *
   * @param {string} id The request's id.
   * @param {object[]} params The parameters in question.
   * @param {string} [notes] Notes for the request; see `updateTierConfigRequestParameters`.
   * @returns {Promise<void>} Nothing.
   */
  async inquireTierConfigRequest(id, params, notes, ...rest) {
    await this.updateTierConfigRequestParameters(id, params, notes, ...forward(rest));
    return this._client.tierConfigRequests.inquire(id, ...forward(rest));
  }

  /**
   * Moves a tier configuration request back to pending.
   *
   * @param {string} id The request's id.
   * @returns {Promise<void>} Nothing.
   */
  async pendingTierConfigRequest(id, ...rest) {
    return this._client.tierConfigRequests.pending(id, ...forward(rest));
  }

  /**
   * Reads one tier configuration request.
   *
   * @param {string} id The request's id.
   * @returns {Promise<object>} The request.
   */
  async getTierConfigRequest(id, ...rest) {
    return this._client.tierConfigRequests.get(id, ...forward(rest));
  }

  /**
   * Finds the connection between a product and a hub.
   *
   * @param {string} productId The product's id.
   * @param {string} hubId The hub's id.
   * @returns {Promise<string|null>} The connection's id; null if there is none, or more than one.
   */
  async getConnectionIdByProductAndHub(productId, hubId, ...rest) {
    const found = await this._client.products
      .connections(productId)
      .search({ 'hub.id': hubId }, ...forward(rest));
    return found.length === 1 ? found[0].id : null;
  }
}

module.exports = Fulfillment;
