'use strict';

/** @import ConnectClient from '../client' */

const { defineNativeMethods } = require('../../internal/resources/defineNativeMethods');
const { registerOriginals } = require('../../internal/transport/fastPath');
const { checkStatus } = require('../../internal/results/pipelineResponse');

/**
 * The base class of all resources, with `get`, `create`, `update`, `delete` and `search`. Extend it for a path that
 * has no class.
 */
class GenericResource {
  /**
   * @param {ConnectClient} client The client to send with.
   * @param {string} baseUri The resource's path below the endpoint, such as `/usage/records`.
   */
  constructor(client, baseUri) {
    this._client = client;
    this._baseUri = baseUri;
  }

  /** The resource's path. Every method reads it, so a subclass may override it. */
  get baseUri() {
    return this._baseUri;
  }

  /**
   * Lists all objects that match a filter, page after page.
   *
   * @param {object} [filters] The filter.
   * @param {object} [options] `pageSize`, `limit`, `snapshot`, and those of a call; see `types/lists.d.ts`.
   * @returns {List} The list, an async iterable. Throws a TypeError for an invalid option or filter.
   */
  list(filters, options) {
    const { List } = require('../../internal/resources/list');
    return new List(/** @type {*} */ (this), filters, options);
  }

  /**
   * Sends a request and checks its status.
   *
   * @param {string} url The path below the endpoint.
   * @param {object} [options] As for `fetch`.
   * @returns {Promise<Response>} The response; rejects with HttpError or APIError if its status is not 2xx.
   */
  async fetch(url, options) {
    return checkStatus(this._client.fetch(url, options), url, options, this._client._apiKey);
  }
}

defineNativeMethods(GenericResource, 'GenericResource');
registerOriginals({ resourceFetch: GenericResource.prototype.fetch });

module.exports = GenericResource;
