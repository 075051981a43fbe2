// biome-ignore-all lint/suspicious/noUnsafeDeclarationMerging: the members of the interface are there, too.
// biome-ignore-all lint/correctness/noUnusedVariables: the merged interface uses the parameter D.
// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
import type { ConnectClient } from './client';
import { Filter } from './filters';
import type { ConnectResponse, RequestOptions } from './http';
import type { List, ListOptions } from './lists';
import type { GenericMethods } from './resources';

/**
 * What every resource can do below its own path. Also the class to use or extend for a path that has no class
 * yet.
 *
 * Every method rejects with a TypeError if an argument, the endpoint or the key cannot be used (nothing was
 * sent then), with APIError or HttpError if Connect's answer is not a success, with ConnectionError if there
 * was no whole answer and with TimeoutError if a deadline passed. An answer without a body resolves to
 * undefined; Connect's documentation promises one where a value is declared here.
 *
 * @typeParam T The objects of the resource. Default: any.
 * @typeParam F The filters that `search` takes. Default: any field.
 * @typeParam D What `delete` resolves to. Default: nothing.
 *
 * @example
 * const files = new GenericResource<{ id: string; name: string }>(client, '/usage/files');
 * const file = await files.get('UF-2021-01-3453-7567');
 */
export class GenericResource<T = any, F extends Filter = Filter, D = void> {
  /**
   * @param client The client to send with.
   * @param baseUri The resource's path below the endpoint, such as `/usage/files`.
   */
  constructor(client: ConnectClient, baseUri: string);

  /** The resource's path below the endpoint. Every method reads it, so a subclass may override it. */
  get baseUri(): string;

  /**
   * All objects that match a filter, page after page. Nothing is sent before they are asked for.
   *
   * @param filters What they must fulfil, without `limit` and `offset`. Default: all.
   * @param options How they are read.
   * @returns The list, to be looped over with `for await`; throws a TypeError for a filter or an option that cannot be
   *   used. The loop rejects as all methods of a resource do.
   *
   * @example
   * for await (const record of client.usageRecords.list({ status: 'approved' }, { pageSize: 500 })) {
   *   console.log(record.id);
   * }
   */
  list(filters?: F | null, options?: ListOptions | null): List<T>;

  /**
   * Sends a request with the client and checks its status. On a customised client every method calls it.
   *
   * @param url The path below the endpoint, beginning with `/`; not encoded any further.
   * @param options Method, headers, body and the like. Default: a GET.
   * @returns The response, if its status is a success. Rejects with APIError or HttpError if it is not, and
   *   with what `client.fetch` rejects with.
   */
  fetch(url: string, options?: RequestOptions): Promise<ConnectResponse>;

  /** The client. */
  _client: ConnectClient;
  /** What `baseUri` returns. */
  _baseUri: string;
}

/** `get`, `create`, `update`, `delete` and `search`. */
export interface GenericResource<T = any, F extends Filter = Filter, D = void>
  extends GenericMethods<T, F, D> {}
