'use strict';

const { expose } = require('../expose');
const { remember } = require('../native');
const { check } = require('../settle');

/**
 * What every resource can do: `get`, `create`, `update`, `delete` and `search` below its own path. Also the
 * class to extend for a path that has no class yet.
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

  /** The resource's path. Every method reads it, so a subclass may override it (fact 35). */
  get baseUri() {
    return this._baseUri;
  }

  /**
   * All objects that match a filter, page after page.
   *
   * @param {object} [filters] What they must fulfil.
   * @param {object} [options] `pageSize`, `limit`, `snapshot`, and those of a call; see `index.d.ts`.
   * @returns {List} The list: an async iterable. Throws a TypeError for an option or a filter that cannot be used.
   */
  list(filters, options) {
    const { List } = require('../list');
    return new List(this, filters, options);
  }

  /**
   * Sends a request and checks its status.
   *
   * @param {string} url The path below the endpoint.
   * @param {object} [options] As for `fetch`.
   * @returns {Promise<Response>} The response; rejects with HttpError or APIError if it is not a success.
   */
  async fetch(url, options) {
    return check(this._client.fetch(url, options), url, options, this._client._apiKey);
  }
}

expose(GenericResource, 'GenericResource');
remember({ resourceFetch: GenericResource.prototype.fetch });

module.exports = GenericResource;
