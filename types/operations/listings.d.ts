import type { ConnectClient } from '../client';
import type { Filter } from '../filters';
import type { Id, ListingRequest } from '../objects';
import type { CallOptions } from '../options';

/**
 * The requests to list a product in a marketplace, and the steps that each of them goes through.
 *
 * Every method is a call of the client's `listingRequests`, and settles as that call does: it rejects with
 * HttpError or APIError if the answer is not a success.
 */
export class Listings {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Finds listing requests.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The requests found.
   */
  searchListingRequests(query?: Filter | null, options?: CallOptions | null): Promise<ListingRequest[]>;

  /**
   * Makes a listing request.
   *
   * @param request The request to make.
   * @returns The request made.
   */
  createListingRequest(request: object, options?: CallOptions | null): Promise<ListingRequest>;

  /**
   * Reads one listing request.
   *
   * @param id The request's id.
   * @returns The request.
   */
  getListingRequest(id: Id, options?: CallOptions | null): Promise<ListingRequest>;

  /**
   * Submits a listing request.
   *
   * @param id The request's id.
   * @returns Nothing.
   */
  submitListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Cancels a listing request.
   *
   * @param id The request's id.
   * @returns Nothing.
   */
  cancelListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Sends a listing request back to be refined.
   *
   * @param id The request's id.
   * @returns Nothing.
   */
  refineListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Completes a listing request.
   *
   * @param id The request's id.
   * @returns Nothing.
   */
  completeListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Moves a listing request on to its deployment.
   *
   * @param id The request's id.
   * @returns Nothing.
   */
  deployListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /** The client. */
  _client: ConnectClient;
}
