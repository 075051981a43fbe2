// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
import type { ConnectClient } from '../client';
import type { Filter } from '../filters';
import type { Id, ProductParameter, ProductTemplate } from '../objects';
import type { CallOptions } from '../options';

/**
 * What belongs to a product: its parameters, templates and actions.
 *
 * Every method is a call of the client's `products`, and settles as that call does: it rejects with HttpError
 * or APIError if the answer is not a success.
 */
export class Inventory {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Reads the parameters of a product.
   *
   * @param productId The product's id.
   * @returns The parameters.
   */
  getParametersByProduct(productId: Id, options?: CallOptions | null): Promise<ProductParameter[]>;

  /**
   * Reads the parameters of a product that are filled in for an asset while it is fulfilled.
   *
   * @param productId The product's id.
   * @returns The parameters.
   */
  getAssetParametersForFulfillmentByProduct(
    productId: Id,
    options?: CallOptions | null,
  ): Promise<ProductParameter[]>;

  /**
   * Reads the templates of a product.
   *
   * @param productId The product's id.
   * @returns The templates.
   */
  getProductTemplates(productId: Id, options?: CallOptions | null): Promise<ProductTemplate[]>;

  /**
   * Reads the templates of a product, and keeps those for assets. All are fetched.
   *
   * @param productId The product's id.
   * @returns The templates whose scope is `asset`; rejects also if a template is null.
   */
  getProductAssetTemplates(productId: Id, options?: CallOptions | null): Promise<ProductTemplate[]>;

  /**
   * Reads the link that carries out an action of a product for an asset.
   *
   * @param productId The product's id.
   * @param actionId The action's id.
   * @param assetId The asset's id.
   * @returns The link.
   */
  getProductActionLink(productId: Id, actionId: Id, assetId: Id, options?: CallOptions | null): Promise<any>;

  /**
   * Finds parameters of a product.
   *
   * @param productId The product's id.
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @returns The parameters found.
   */
  searchProductParameters(
    productId: Id,
    query?: Filter | null,
    options?: CallOptions | null,
  ): Promise<ProductParameter[]>;

  /** The client. */
  _client: ConnectClient;
}
