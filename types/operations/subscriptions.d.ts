// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
import type { ConnectClient } from '../client';
import type { Filter } from '../filters';
import type { Asset, BillingRequest, Id } from '../objects';
import type { CallOptions } from '../options';

/**
 * What is paid again and again: the recurring assets, and the requests to bill them.
 *
 * Every method is a call of the client's `billingRequests` or `recurringAssets`, and settles as that call does:
 * it rejects with HttpError or APIError if the answer is not a success.
 */
export class Subscriptions {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Finds billing requests.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The requests found.
   */
  searchBillingRequests(query?: Filter | null, options?: CallOptions | null): Promise<BillingRequest[]>;

  /**
   * Makes a billing request.
   *
   * @param request The request to make.
   * @returns The request made.
   */
  createBillingRequest(request: object, options?: CallOptions | null): Promise<BillingRequest>;

  /**
   * Reads one billing request.
   *
   * @param id The request's id.
   * @returns The request.
   */
  getBillingRequest(id: Id, options?: CallOptions | null): Promise<BillingRequest>;

  /**
   * Changes the attributes of a billing request.
   *
   * @param id The request's id.
   * @param body The attributes to change.
   * @returns What the call answered.
   */
  updateBillingRequestAttributes(id: Id, body: object, options?: CallOptions | null): Promise<any>;

  /**
   * Finds recurring assets.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The assets found.
   */
  searchRecurringAssets(query?: Filter | null, options?: CallOptions | null): Promise<Asset[]>;

  /**
   * Reads one recurring asset.
   *
   * @param id The asset's id.
   * @returns The asset.
   */
  getRecurringAsset(id: Id, options?: CallOptions | null): Promise<Asset>;

  /** The client. */
  _client: ConnectClient;
}
