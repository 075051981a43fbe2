// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
import type { ConnectClient } from '../client';
import type { Filter } from '../filters';
import type { Id, Request, TierConfigRequest } from '../objects';
import type { CallOptions } from '../options';

/**
 * What a vendor does with the requests that arrive: those for assets, and those for tier configurations.
 *
 * Every method is a call of the client's `requests`, `tierConfigRequests` or `products`, and settles as that
 * call does: it rejects with HttpError or APIError if the answer is not a success. Methods reach each other
 * and the client through `this`, so that replacing one takes effect everywhere.
 *
 * @example
 * const fulfillment = new Fulfillment(client);
 * for (const { id } of await fulfillment.searchRequests({ status: 'pending' })) {
 *   await fulfillment.approveRequestWithTemplate(id, 'TL-000-000-000');
 * }
 */
export class Fulfillment {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Finds asset requests.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The requests found.
   */
  searchRequests(query?: Filter | null, options?: CallOptions | null): Promise<Request[]>;

  /**
   * Fails an asset request.
   *
   * @param id The request's id.
   * @param reason Why it cannot be fulfilled.
   * @returns The failed request.
   */
  failRequest(id: Id, reason?: string | null, options?: CallOptions | null): Promise<Request>;

  /**
   * Changes an asset request.
   *
   * @param id The request's id.
   * @param body What to change.
   * @returns The changed request.
   */
  updateRequest(id: Id, body: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Makes an asset request.
   *
   * @param request The request to make.
   * @returns The request made.
   */
  createRequest(request: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Sets parameters of the asset of a request.
   *
   * @param id The request's id.
   * @param params The parameters, each with its `id` and what to set.
   * @param note A note for the request. Only undefined leaves it as it is; null and '' are sent.
   * @returns The changed request.
   */
  updateRequestParameters(
    id: Id,
    params: object[],
    note?: string | null,
    options?: CallOptions | null,
  ): Promise<Request>;

  /**
   * Asks the customer for what is missing: sets the parameters first, then moves the request to inquiring.
   * If setting them fails, the request is not moved.
   *
   * @param id The request's id.
   * @param body What to inquire with, such as `{ template_id }`.
   * @param params The parameters in question.
   * @param note A note for the request; see `updateRequestParameters`.
   * @returns What the inquiry answered.
   */
  inquireRequest(
    id: Id,
    body: object,
    params: object[],
    note?: string | null,
    options?: CallOptions | null,
  ): Promise<Request>;

  /**
   * Asks the customer for what is missing, through a template; see `inquireRequest`.
   *
   * @param id The request's id.
   * @param templateId The template that the customer sees.
   * @param params The parameters in question.
   * @param note A note for the request.
   * @returns What the inquiry answered.
   */
  inquireRequestWithTemplate(
    id: Id,
    templateId: Id,
    params: object[],
    note?: string | null,
    options?: CallOptions | null,
  ): Promise<Request>;

  /**
   * Approves an asset request.
   *
   * @param id The request's id.
   * @param body What to approve with: `{ template_id }` or `{ activation_tile }`.
   * @returns The approved request.
   */
  approveRequest(id: Id, body: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Approves an asset request through a template.
   *
   * @param id The request's id.
   * @param templateId The template that the customer sees.
   * @returns The approved request.
   */
  approveRequestWithTemplate(id: Id, templateId: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Moves an asset request back to pending.
   *
   * @param id The request's id.
   * @returns The pending request.
   */
  pendingRequest(id: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Reads one asset request.
   *
   * @param id The request's id.
   * @returns The request.
   */
  getRequest(id: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Finds tier configuration requests.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The requests found.
   */
  searchTierConfigRequests(query?: Filter | null, options?: CallOptions | null): Promise<TierConfigRequest[]>;

  /**
   * Fails a tier configuration request.
   *
   * @param id The request's id.
   * @param reason Why it cannot be fulfilled.
   * @returns Nothing.
   */
  failTierConfigRequest(id: Id, reason?: string | null, options?: CallOptions | null): Promise<void>;

  /**
   * Approves a tier configuration request.
   *
   * @param id The request's id.
   * @param body What to approve with: `{ template: { id } }`.
   * @returns What the call answered.
   */
  approveTierConfigRequest(id: Id, body: object, options?: CallOptions | null): Promise<any>;

  /**
   * Approves a tier configuration request through a template.
   *
   * @param id The request's id.
   * @param templateId The template that is shown. It is nested here, unlike for an asset request.
   * @returns What the call answered.
   */
  approveTierConfigRequestWithTemplate(id: Id, templateId: Id, options?: CallOptions | null): Promise<any>;

  /**
   * Changes a tier configuration request.
   *
   * @param id The request's id.
   * @param body What to change.
   * @returns The changed request.
   */
  updateTierConfigRequest(id: Id, body: object, options?: CallOptions | null): Promise<TierConfigRequest>;

  /**
   * Sets parameters of a tier configuration request.
   *
   * @param id The request's id.
   * @param params The parameters, each with its `id` and what to set.
   * @param notes Notes for the request. Only undefined leaves them as they are; null and '' are sent.
   * @returns The changed request.
   */
  updateTierConfigRequestParameters(
    id: Id,
    params: object[],
    notes?: string | null,
    options?: CallOptions | null,
  ): Promise<TierConfigRequest>;

  /**
   * Makes a tier configuration request.
   *
   * @param request The request to make.
   * @returns The request made.
   */
  createTierConfigRequest(request: object, options?: CallOptions | null): Promise<TierConfigRequest>;

  /**
   * Makes a request that updates an existing tier configuration.
   *
   * @param configurationId The id of the configuration (not of a request).
   * @param params The parameters to set.
   * @returns The request made.
   */
  createUpdateTierConfigRequest(
    configurationId: Id,
    params: object[],
    options?: CallOptions | null,
  ): Promise<TierConfigRequest>;

  /**
   * Asks for what is missing: sets the parameters first, then moves the request to inquiring. If setting them
   * fails, the request is not moved.
   *
   * @param id The request's id.
   * @param params The parameters in question.
   * @param notes Notes for the request; see `updateTierConfigRequestParameters`.
   * @returns Nothing.
   */
  inquireTierConfigRequest(
    id: Id,
    params: object[],
    notes?: string | null,
    options?: CallOptions | null,
  ): Promise<void>;

  /**
   * Moves a tier configuration request back to pending.
   *
   * @param id The request's id.
   * @returns Nothing.
   */
  pendingTierConfigRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Reads one tier configuration request.
   *
   * @param id The request's id.
   * @returns The request.
   */
  getTierConfigRequest(id: Id, options?: CallOptions | null): Promise<TierConfigRequest>;

  /**
   * Finds the connection between a product and a hub.
   *
   * @param productId The product's id.
   * @param hubId The hub's id.
   * @returns The connection's id; null if there is none, or more than one.
   */
  getConnectionIdByProductAndHub(
    productId: Id,
    hubId: Id,
    options?: CallOptions | null,
  ): Promise<string | null>;

  /** The client. */
  _client: ConnectClient;
}
