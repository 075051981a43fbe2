import type { ConnectClient } from '../client';
import type { Filter } from '../filters';
import type { Asset, Id, TierAccount, TierAccountRequest, TierConfig } from '../objects';
import type { CallOptions } from '../options';

/**
 * What there is to look up: assets, tier configurations, tier accounts, and the requests to change the latter.
 *
 * Every method is a call of a resource of the client, and settles as that call does: it rejects with HttpError
 * or APIError if the answer is not a success.
 */
export class Directory {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Finds assets.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The assets found.
   */
  searchAssets(query?: Filter | null, options?: CallOptions | null): Promise<Asset[]>;

  /**
   * Finds tier configurations.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The configurations found.
   */
  searchTierConfigurations(query?: Filter | null, options?: CallOptions | null): Promise<TierConfig[]>;

  /**
   * Finds tier accounts.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The accounts found.
   */
  searchTierAccounts(query?: Filter | null, options?: CallOptions | null): Promise<TierAccount[]>;

  /**
   * Reads one tier account.
   *
   * @param id The account's id.
   * @returns The account.
   */
  getTierAccount(id: Id, options?: CallOptions | null): Promise<TierAccount>;

  /**
   * Finds the assets of a product that carry an external id.
   *
   * @param productId The product's id.
   * @param externalId The id that the assets have outside Connect.
   * @returns The assets found.
   */
  getAssetsByProductIdExternalId(
    productId: Id,
    externalId: string,
    options?: CallOptions | null,
  ): Promise<Asset[]>;

  /**
   * Makes a request to change a tier account.
   *
   * @param request The request to make.
   * @returns The request made.
   */
  createTierAccountRequest(request: object, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Finds tier account requests.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The requests found.
   */
  searchTierAccountRequests(
    query?: Filter | null,
    options?: CallOptions | null,
  ): Promise<TierAccountRequest[]>;

  /**
   * Reads one tier account request.
   *
   * @param id The request's id.
   * @returns The request.
   */
  getTierAccountRequest(id: Id, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Accepts a tier account request.
   *
   * @param id The request's id.
   * @returns What the call answered.
   */
  acceptTierAccountRequest(id: Id, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Ignores a tier account request.
   *
   * @param id The request's id.
   * @param reason Why it is ignored.
   * @returns What the call answered.
   */
  ignoreTierAccountRequest(
    id: Id,
    reason?: string | null,
    options?: CallOptions | null,
  ): Promise<TierAccountRequest>;

  /**
   * Reads a tier account as it was in one of its versions.
   *
   * @param id The account's id.
   * @param version The version's number.
   * @returns The account in that version.
   */
  getTierAccountVersion(id: Id, version: Id, options?: CallOptions | null): Promise<TierAccount>;

  /** The client. */
  _client: ConnectClient;
}
