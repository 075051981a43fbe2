'use strict';

const binding = require('../../binding.js');
const { internals } = require('./expose');
const { hear } = require('./http/abort');
const { CALL_RULES } = require('./options');
const { checkOptions, isPlain, shown, wholeNumber } = require('./rules');
const { isObjectStrict } = require('./utils');

const PAGE_SIZE = 100;

/** The options of a list that are not those of each call. */
const OWN_RULES = {
  pageSize: wholeNumber(1),
  limit: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  snapshot: { check: () => true, wants: 'true or false' },
};

const RULES = { ...OWN_RULES, ...CALL_RULES };

function readOptions(options) {
  if (options === undefined || options === null) return { pageSize: PAGE_SIZE, call: {} };
  if (!isPlain(options)) throw new TypeError(`list: the options must be an object; got ${shown(options)}`);
  checkOptions(RULES, options, { prefix: 'list: ' });
  const { pageSize = PAGE_SIZE, limit, snapshot, ...call } = options;
  return { pageSize, limit, call, snapshot: Boolean(snapshot) };
}

function readFilters(filters) {
  if (filters === undefined || filters === null) return {};
  if (!isObjectStrict(filters))
    throw new TypeError(`list: the filter must be an object; got ${shown(filters)}`);
  if (filters.limit !== undefined || filters.offset !== undefined) {
    throw new TypeError(
      'list: `limit` and `offset` are not given in the filter; the options have limit and pageSize',
    );
  }
  return filters;
}

/** A signal that follows another one, and can be set off by us; none where the platform has none. */
function follow(signal) {
  if (typeof AbortController !== 'function')
    return { signal, abort: () => undefined, leave: () => undefined };
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  let leave = () => undefined;
  if (signal?.aborted) onAbort();
  else if (signal) leave = hear(signal, onAbort);
  return { signal: controller.signal, abort: () => controller.abort(), leave };
}

/**
 * The objects of a resource that match a filter: all of them, page after page. Nothing is sent before they are asked
 * for; each time they are, the list is read anew.
 */
class List {
  /**
   * @param {GenericResource} resource The resource.
   * @param {object} [filters] What the objects must fulfil.
   * @param {object} [options] `pageSize`, `limit`, `snapshot`, and those of a call; see `index.d.ts`.
   */
  constructor(resource, filters, options) {
    this._resource = resource;
    this._filters = readFilters(filters);
    this._options = readOptions(options);
  }

  /** One page, and what comes after it. */
  async _page(offset, limit, signal) {
    const { page } = internals.get('GenericResource');
    const filters = { ...this._filters, limit, offset };
    const { items, contentRange } = await page.call(this._resource, filters, {
      ...this._options.call,
      signal,
    });
    if (!Array.isArray(items))
      throw new TypeError(`list: ${this._resource.baseUri} did not answer with an array`);
    return { items, ...binding.pageEnd(offset, limit, items.length, contentRange) };
  }

  /** The pages in turn, each asked for while the one before is looked at. */
  async *_pages(most) {
    const { pageSize } = this._options;
    const { signal, abort, leave } = follow(this._options.call.signal);
    let left = most === undefined ? Infinity : most;
    let pending;
    const ask = (offset) => {
      pending = this._page(offset, Math.min(pageSize, left), signal);
      // A page that nobody comes to ask for may fail in silence.
      pending.catch(() => undefined);
    };
    try {
      if (left > 0) ask(0);
      while (pending !== undefined) {
        const { items, next, isRepeated } = await pending;
        pending = undefined;
        if (isRepeated || items.length === 0) return;
        const page = items.length > left ? items.slice(0, left) : items;
        left -= page.length;
        if (next !== undefined && left > 0) ask(next);
        yield page;
      }
    } finally {
      // Whoever leaves the loop waits for nothing more.
      if (pending !== undefined) abort();
      leave();
    }
  }

  /** The pages, all of them read before any is given, where that is asked for. */
  async *_givenPages(most) {
    if (!this._options.snapshot) {
      yield* this._pages(most);
      return;
    }
    const all = [];
    for await (const page of this._pages(most)) all.push(page);
    yield* all;
  }

  /**
   * The objects by the page.
   *
   * @returns {AsyncGenerator<object[]>} Arrays of at most `pageSize` objects, none of them empty.
   */
  pages() {
    return this._givenPages(this._options.limit);
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
   * @returns {Promise<number>} The number; rejects with a TypeError if the server does not say.
   */
  async count() {
    const { total } = await this._page(0, 0, this._options.call.signal);
    if (total === undefined) {
      throw new TypeError(
        `list: ${this._resource.baseUri} does not say how many there are (no Content-Range)`,
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
    checkOptions({ limit: RULES.limit }, { limit: options?.limit }, { prefix: 'list: ' });
    const limits = [options?.limit, this._options.limit].filter((limit) => limit !== undefined);
    const all = [];
    for await (const page of this._pages(limits.length === 0 ? undefined : Math.min(...limits)))
      all.push(...page);
    return all;
  }

  /**
   * The same list in another order, read as a whole before any of it is given: for closing what is listed, which
   * makes the list shorter while it is read.
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
