import type { CallOptions } from './options';

/** The options of a list, and of each request for a page; all may be left out. */
export interface ListOptions extends CallOptions {
  /** How many objects a request asks for; the server may give fewer. Default: 100. */
  pageSize?: number | undefined;
  /** How many objects are given at most. Default: all. */
  limit?: number | undefined;
  /**
   * Whether all pages are read before the first object is given: for whoever changes what is listed, which would make
   * the list skip what has not been read yet. Default: false.
   */
  snapshot?: boolean | undefined;
}

/**
 * The objects of a resource that match a filter. Each loop reads them anew; the next page is asked for while the
 * current one is looked at, and leaving a loop calls off what is under way.
 */
export interface List<T> extends AsyncIterable<T> {
  /** The objects by the page, none of which is empty. */
  pages(): AsyncIterableIterator<T[]>;
  /** The first object; undefined if there is none. Asks for one only. */
  first(): Promise<T | undefined>;
  /** How many objects there are, whatever the option `limit` says. Asks for none of them. */
  count(): Promise<number>;
  /**
   * The objects as an array.
   *
   * @param options `limit`: how many at most. Default: all.
   */
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
}
