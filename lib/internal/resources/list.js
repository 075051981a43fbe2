'use strict';

/** @import GenericResource from '../../connect/api/base' */

const binding = require('../../../binding.js');
const { isObjectStrict } = require('../../connect/utils.js');
const {
  CALL_OPTIONS,
  checkOptions,
  describeValue,
  isPlain,
  readCallOptions,
  wholeNumber,
} = require('../options.js');
const { abortable, followSignal } = require('../transport/abort.js');
const { nativeClient } = require('../transport/fastPath.js');
const { toResult } = require('../results/toResult.js');
const { internalMethods } = require('./defineNativeMethods.js');
const { engineOptions } = require('./engineCall.js');

const DEFAULT_PAGE_SIZE = 100;

const LIST_OPTIONS = {
  pageSize: wholeNumber(1),
  limit: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  snapshot: { check: () => true, wants: 'true or false' },
  ...CALL_OPTIONS,
};

function readOptions(options) {
  if (options === undefined || options === null) return { pageSize: DEFAULT_PAGE_SIZE, call: {} };
  if (!isPlain(options)) {
    throw new TypeError(`list: the options must be an object; got ${describeValue(options)}`);
  }
  checkOptions(LIST_OPTIONS, options, { prefix: 'list: ' });
  const { pageSize = DEFAULT_PAGE_SIZE, limit, snapshot, ...call } = options;
  return { pageSize, limit, call, snapshot: Boolean(snapshot) };
}

/**
 * @param {Record<string, any>} [filters]
 * @returns {Record<string, any>} The filter, checked.
 */
function readFilters(filters) {
  if (filters === undefined || filters === null) return {};
  if (!isObjectStrict(filters)) {
    throw new TypeError(`list: the filter must be an object; got ${describeValue(filters)}`);
  }
  if (filters.limit !== undefined || filters.offset !== undefined) {
    throw new TypeError(
      'list: the filter must not contain `limit` or `offset`; use the options limit and pageSize',
    );
  }
  return filters;
}

/**
 * The objects of a resource that match a filter: all of them, page after page. Nothing is sent before the first is
 * asked for, and each iteration reads the list anew.
 */
class List {
  /**
   * @param {GenericResource} resource The resource.
   * @param {object} [filters] The filter.
   * @param {object} [options] `pageSize`, `limit`, `snapshot`, and those of a call; see `index.d.ts`.
   */
  constructor(resource, filters, options) {
    this._resource = resource;
    this._filters = readFilters(filters);
    this._options = readOptions(options);
  }

  /**
   * Reads one page; resolves to its `items`, and what the engine makes of its place: `next`, `total`, `isRepeated`.
   */
  async _page(offset, limit, signal) {
    const { page } = internalMethods.get('GenericResource');
    const filters = { ...this._filters, limit, offset };
    const options = { ...this._options.call, signal };
    const { items, contentRange } = await page.call(this._resource, filters, options);
    if (!Array.isArray(items)) throw this._notAnArray();
    return { items, ...binding.pageEnd(offset, limit, items.length, contentRange) };
  }

  /** The error for a response that is no page of a list. */
  _notAnArray() {
    return new TypeError(`list: expected an array from ${this._resource.baseUri}`);
  }

  /**
   * Has a run read the list as a whole, in Rust: its objects do not come to JavaScript.
   *
   * @param {import('../../../binding.js').BulkRun} run The run.
   * @param {AbortSignal|undefined} signal Ends the reading.
   * @returns {Promise<number>} How many there are. Rejects as a loop over the list does.
   */
  async _collectInto(run, signal) {
    const { _client: client, baseUri } = this._resource;
    const { pageSize, limit, call } = this._options;
    const request = engineOptions(readCallOptions({ name: 'list', response: 'page' }, call));
    const result = await abortable(signal, (abort) =>
      run.collect(nativeClient(client), `${baseUri}`, this._filters, { pageSize, limit, ...request, abort }),
    );
    if (typeof result === 'number') return result;
    toResult(result, 'page', { key: client._apiKey });
    throw this._notAnArray();
  }

  /** The pages in turn. Each is requested while the caller works on the one before. */
  async *_pages(limit = Infinity) {
    const { pageSize } = this._options;
    const { signal, abort, unsubscribe } = followSignal(this._options.call.signal);
    let left = limit;
    /** @type {Promise<any> | undefined} */
    let pending;
    const request = (offset) => {
      pending = this._page(offset, Math.min(pageSize, left), signal);
      // It may fail after the caller has left the loop.
      pending.catch(() => undefined);
    };
    try {
      if (left > 0) request(0);
      while (pending !== undefined) {
        const { items, next, isRepeated } = await pending;
        pending = undefined;
        if (isRepeated || items.length === 0) return;
        const page = items.length > left ? items.slice(0, left) : items;
        left -= page.length;
        if (next !== undefined && left > 0) request(next);
        yield page;
      }
    } finally {
      if (pending !== undefined) abort();
      unsubscribe();
    }
  }

  /** The pages; with the option `snapshot` all of them are read before the first is given. */
  async *_snapshotOrPages(limit) {
    if (!this._options.snapshot) {
      yield* this._pages(limit);
      return;
    }
    const all = [];
    for await (const page of this._pages(limit)) all.push(page);
    yield* all;
  }

  /**
   * The objects in pages.
   *
   * @returns {AsyncGenerator<object[]>} Arrays of at most `pageSize` objects, none of them empty.
   */
  pages() {
    return this._snapshotOrPages(this._options.limit);
  }

  async *[Symbol.asyncIterator]() {
    for await (const page of this.pages()) yield* page;
  }

  /**
   * The first object.
   *
   * @returns {Promise<object|undefined>} The object; undefined if there is none.
   */
  async first() {
    if (this._options.limit === 0) return undefined;
    const { items } = await this._page(0, 1, this._options.call.signal);
    return items[0];
  }

  /**
   * How many objects there are, whatever the option `limit` says.
   *
   * @returns {Promise<number>} The number; rejects with a TypeError if the response does not say it.
   */
  async count() {
    return this._count(this._options.call.signal);
  }

  async _count(signal) {
    const { total } = await this._page(0, 0, signal);
    if (total === undefined) {
      throw new TypeError(
        `list: cannot count ${this._resource.baseUri}: the response has no Content-Range header`,
      );
    }
    return total;
  }

  /**
   * The objects as an array.
   *
   * @param {object} [options] `limit`: how many at most.
   * @returns {Promise<object[]>} The objects.
   */
  async toArray(options) {
    checkOptions({ limit: LIST_OPTIONS.limit }, { limit: options?.limit }, { prefix: 'list: ' });
    const limits = [options?.limit, this._options.limit].filter((limit) => limit !== undefined);
    const all = [];
    for await (const page of this._pages(Math.min(...limits))) all.push(...page);
    return all;
  }

  /**
   * The same list, read as a whole before the first object is given: closing what is listed would shorten the list
   * while it is read.
   *
   * @param {string} ordering The order, unless the filter has one.
   * @returns {List} The list.
   */
  snapshot(ordering) {
    const filters =
      this._filters.$ordering === undefined ? { ...this._filters, $ordering: ordering } : this._filters;
    const { call, ...options } = this._options;
    return new List(this._resource, filters, { ...options, ...call, snapshot: true });
  }
}

module.exports = { List };
