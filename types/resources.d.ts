// Written by `npm run docs` from src/core/resources; do not edit.
// biome-ignore-all lint/suspicious/noExplicitAny: Connect does not document what it responds with.
// biome-ignore-all lint/suspicious/noUnsafeDeclarationMerging: the members of the interface are there, too.
import type { ConnectClient } from './client';
import type { CloseMany, CloseManyChunks, RecordOrResults, RecordToClose } from './close-many';
import type { DownloadOptions, SavedFile, UploadFile } from './files';
import type { Filter, UsageRecordFilter } from './filters';
import { GenericResource } from './generic';
import type {
  Account,
  AccountUser,
  Asset,
  BillingRequest,
  Case,
  CaseAttachment,
  CaseSetting,
  Conversation,
  Draft,
  Hub,
  Id,
  ListingRequest,
  Message,
  Product,
  ProductAction,
  ProductConfiguration,
  ProductConnection,
  ProductItem,
  ProductParameter,
  ProductTemplate,
  ProductVersion,
  Request,
  TierAccount,
  TierAccountRequest,
  TierConfig,
  TierConfigRequest,
  UsageRule,
  Webhook,
} from './objects';
import type { CallOptions } from './options';
import type { NodeBuffer } from './platform';
import type {
  CloseRecordResult,
  Reconciliation,
  UsageAggregate,
  UsageCategory,
  UsageChunk,
  UsageFile,
  UsageRecord,
  UsageTemplate,
} from './usage';
import type { WaitFor } from './wait-for';

/** The methods that every resource has. */
export interface GenericMethods<T, F, D> {
  /**
   * Reads one object.
   *
   * @param id Its id.
   */
  get(id: Id, options?: CallOptions | null): Promise<T>;

  /**
   * Creates an object.
   *
   * @param object Its fields.
   */
  create(object: Draft<T>, options?: CallOptions | null): Promise<T>;

  /**
   * Changes an object.
   *
   * @param id Its id.
   * @param object The fields to change.
   */
  update(id: Id, object: Draft<T>, options?: CallOptions | null): Promise<T>;

  /**
   * Deletes an object.
   *
   * @param id Its id.
   * @returns Nothing, but for usage files.
   */
  delete(id: Id, options?: CallOptions | null): Promise<D>;

  /**
   * Finds objects: one page of them, the first unless the filter has an `offset`.
   *
   * @param filters What they must fulfil. Default: the first page of all. One without a meaning is a TypeError.
   * @example
   * const page = await client.usageRecords.search({
   *   status: 'approved',
   *   'asset.id': { $in: ['AS-1', 'AS-2'] },
   *   start_date: { $ge: new Date('2021-01-01') },
   *   $ordering: '-created_time',
   *   limit: 100,
   *   offset: 200,
   * });
   */
  search(filters?: F | null, options?: CallOptions | null): Promise<T[]>;
}

/** Accounts, and the users of each. */
export class AccountResource extends GenericResource<Account> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * The users of an account.
   *
   * @param id The id of the object.
   */
  users(id: Id): AccountUserResource;
}

/** Assets: what customers subscribed to. */
export class AssetResource extends GenericResource<Asset> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * What was consumed of an asset; the original asks at `/usage/agregates`, which the API does not have.
   *
   * @param id The id of the object.
   */
  usageAgregates(id: Id): AssetUsageAgregatesResource;

  /**
   * What was consumed of an asset: `usageAgregates` in the right spelling.
   *
   * @param id The id of the object.
   */
  usageAggregates(id: Id): AssetUsageAgregatesResource;
}

/** Billing requests: what recurring assets are billed. */
export class BillingRequestResource extends GenericResource<BillingRequest> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Changes the attributes of a billing request.
   *
   * @param id The id.
   * @param attributes The attributes.
   */
  updateAttributes(id: Id, attributes?: object, options?: CallOptions | null): Promise<any>;
}

/** Products, with what belongs to them. */
export class ProductResource extends GenericResource<Product> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Lists the templates of a product.
   *
   * @param id The id.
   */
  getTemplates(id: Id, options?: CallOptions | null): Promise<ProductTemplate[]>;

  /**
   * Lists the parameters of a product.
   *
   * @param id The id.
   */
  getParameters(id: Id, options?: CallOptions | null): Promise<ProductParameter[]>;

  /**
   * Lists the items of a product.
   *
   * @param id The id.
   */
  getItems(id: Id, options?: CallOptions | null): Promise<ProductItem[]>;

  /**
   * Lists the connections of a product.
   *
   * @param id The id.
   */
  getConnections(id: Id, options?: CallOptions | null): Promise<ProductConnection[]>;

  /**
   * The actions of a product.
   *
   * @param id The id of the object.
   */
  actions(id: Id): ProductActionResource;

  /**
   * The versions of a product.
   *
   * @param id The id of the object.
   */
  versions(id: Id): ProductVersionResource;

  /**
   * The configuration values of a product.
   *
   * @param id The id of the object.
   */
  configurations(id: Id): ProductConfigurationResource;

  /**
   * The parameters of a product.
   *
   * @param id The id of the object.
   */
  parameters(id: Id): ProductParameterResource;

  /**
   * The connections of a product.
   *
   * @param id The id of the object.
   */
  connections(id: Id): ProductConnectionsResource;

  /**
   * The rules for the usage of a product.
   *
   * @param id The id of the object.
   */
  usageRules(id: Id): ProductUsageRulesResource;
}

/** Requests: what vendors fulfil. */
export class RequestResource extends GenericResource<Request> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Fails a request, for a reason.
   *
   * @param id The id.
   * @param reason The reason.
   */
  fail(id: Id, reason?: string | null, options?: CallOptions | null): Promise<Request>;

  /**
   * Asks the customer for more.
   *
   * @param id The id.
   * @param request For example `{ template_id }`.
   */
  inquire(id: Id, request?: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Approves a request.
   *
   * @param id The id.
   * @param request `{ template_id }` or `{ activation_tile }`.
   */
  approve(id: Id, request?: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Puts a request back to pending.
   *
   * @param id The id.
   */
  pending(id: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Plans a request for a date.
   *
   * @param id The id.
   * @param data `{ planned_date }`, ISO 8601, as Connect documents it.
   *   Anything but an object is sent as the original does, as `{ data }`.
   */
  schedule(id: Id, data?: { planned_date: string } | unknown, options?: CallOptions | null): Promise<Request>;

  /**
   * Takes the planned date back.
   *
   * @param id The id.
   * @param data `{ reason }`, as Connect documents it. Anything but an object
   *   is sent as the original does, as `{ data }`.
   */
  revoke(id: Id, data?: { reason: string } | unknown, options?: CallOptions | null): Promise<Request>;

  /**
   * Confirms the planned date.
   *
   * @param id The id.
   */
  confirm(id: Id, options?: CallOptions | null): Promise<Request>;
}

/** Conversations, and their messages. */
export class ConversationResource extends GenericResource<Conversation> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Finds the conversations about an object.
   *
   * @param id The id of the object.
   */
  getConversationsByObjectId(id: Id, options?: CallOptions | null): Promise<Conversation[]>;

  /**
   * Adds a message to a conversation.
   *
   * @param id The id.
   * @param message Its text.
   */
  createMessage(id: Id, message?: string | null, options?: CallOptions | null): Promise<Message>;

  /**
   * The messages of a conversation.
   *
   * @param id The id of the object.
   */
  messages(id: Id): MessageResource;
}

/** Hubs: where products are sold. */
export class HubResource extends GenericResource<Hub> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);
}

/** Recurring assets: those that are billed again and again. */
export class RecurringAssetResource extends GenericResource<Asset> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);
}

/** Tier accounts: customers and resellers. */
export class TierAccountResource extends GenericResource<TierAccount> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * The versions of a tier account.
   *
   * @param id The id of the object.
   */
  versions(id: Id): TierAccountVersionResource;
}

/** Tier account requests: changes of customers and resellers. */
export class TierAccountRequestResource extends GenericResource<TierAccountRequest> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Accepts a change.
   *
   * @param id The id.
   */
  accept(id: Id, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Ignores a change, for a reason.
   *
   * @param id The id.
   * @param reason The reason.
   */
  ignore(id: Id, reason?: string | null, options?: CallOptions | null): Promise<TierAccountRequest>;
}

/** Tier configurations. */
export class TierConfigResource extends GenericResource<TierConfig> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);
}

/** Tier configuration requests. */
export class TierConfigRequestResource extends GenericResource<TierConfigRequest> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Fails a request, for a reason.
   *
   * @param id The id.
   * @param reason The reason.
   */
  fail(id: Id, reason?: string | null, options?: CallOptions | null): Promise<void>;

  /**
   * Asks for more.
   *
   * @param id The id.
   */
  inquire(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Puts a request back to pending.
   *
   * @param id The id.
   */
  pending(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Approves a request.
   *
   * @param id The id.
   * @param request For example `{ template: { id } }`.
   */
  approve(id: Id, request?: object, options?: CallOptions | null): Promise<any>;
}

/** Webhooks. */
export class WebhookResource extends GenericResource<Webhook> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);
}

/** Listing requests: putting products on sale. */
export class ListingRequestResource extends GenericResource<ListingRequest> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Cancels a request.
   *
   * @param id The id.
   */
  cancel(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Completes a request.
   *
   * @param id The id.
   */
  complete(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Deploys a request.
   *
   * @param id The id.
   */
  deploy(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Sends a request back to be refined.
   *
   * @param id The id.
   */
  refine(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Submits a request.
   *
   * @param id The id.
   */
  submit(id: Id, options?: CallOptions | null): Promise<void>;
}

/** Helpdesk cases. */
export class CaseResource extends GenericResource<Case> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Sets a case to pending.
   *
   * @param id The id.
   */
  pend(id: Id, options?: CallOptions | null): Promise<Case>;

  /**
   * Asks the issuer for more.
   *
   * @param id The id.
   */
  inquire(id: Id, options?: CallOptions | null): Promise<Case>;

  /**
   * Resolves a case.
   *
   * @param id The id.
   */
  resolve(id: Id, options?: CallOptions | null): Promise<Case>;

  /**
   * Closes a case, with a rating and feedback.
   *
   * @param id The id.
   * @param rating The rating, from 1 to 5.
   * @param feedback What to say about it.
   */
  close(
    id: Id,
    rating?: number | null,
    feedback?: string | null,
    options?: CallOptions | null,
  ): Promise<Case>;

  /**
   * The attachments of a case.
   *
   * @param id The id of the object.
   */
  attachments(id: Id): CaseAttachmentsResource;

  /**
   * The settings of a case.
   *
   * @param id The id of the object.
   */
  settings(id: Id): CaseSettingsResource;
}

/**
 * Usage files: reports of usage, made and uploaded by vendors, accepted and closed by providers.
 *
 * @example
 * const file = await client.usageFiles.create({
 *   name: 'January',
 *   product: { id: 'PRD-1' },
 *   contract: { id: 'CRD-1' },
 * });
 * await client.usageFiles.upload(file.id, { path: 'january.xlsx' });
 * await client.usageFiles.submit(file.id);
 */
export class UsageFileResource extends GenericResource<UsageFile, Filter, UsageFile> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Accepts a usage file.
   *
   * @param id The id.
   * @param acceptanceNote A note.
   */
  accept(id: Id, acceptanceNote?: string | null, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Approves all records of a usage file.
   *
   * @param id The id.
   */
  approveAll(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Closes a usage file.
   *
   * @param id The id.
   */
  close(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Deletes a usage file.
   *
   * @param id The id.
   * @returns The usage file, as Connect gives it.
   */
  delete(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Processes an uploaded file again.
   *
   * @param id The id.
   */
  reprocess(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Submits a usage file to the provider.
   *
   * @param id The id.
   */
  submit(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Rejects a usage file.
   *
   * @param id The id.
   * @param rejectionNote A note.
   */
  reject(id: Id, rejectionNote?: string | null, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Uploads the reconciliation of a usage file.
   *
   * @param id The id.
   * @param reconFile The file: xlsx.
   */
  reconciliation(id: Id, reconFile: UploadFile, options?: CallOptions | null): Promise<any>;

  /**
   * Uploads the usage of a usage file.
   *
   * @param id The id.
   * @param usageFile The file: xlsx. A path stands in an object: a string that names a file is a TypeError.
   * @example
   * await client.usageFiles.upload('UF-2021-01-3453-7567', { path: 'january.xlsx' });
   */
  upload(id: Id, usageFile: UploadFile, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * The categories of a usage file.
   *
   * @param id The id of the object.
   */
  categories(id: Id): CategoryUsageFileResource;
}
export interface UsageFileResource
  extends WaitFor<
    UsageFile,
    | 'draft'
    | 'uploading'
    | 'uploaded'
    | 'processing'
    | 'invalid'
    | 'ready'
    | 'pending'
    | 'rejected'
    | 'accepted'
    | 'closed'
    | 'deleted'
  > {}

/**
 * Reconciliations of usage files: what a provider says became of the records.
 *
 * @example
 * const { id } = await client.usageReconciliations.create({ path: 'billed.xlsx' }, 'January');
 * await client.usageReconciliations.waitFor(id, 'processed');
 */
export class UsageReconciliationResource extends GenericResource<Reconciliation> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Uploads a reconciliation.
   *
   * @param reconFile The file: xlsx. A path stands in an object: a string that names a file is a TypeError.
   * @param uploadNote A note. Left out of the form if undefined or null.
   * @returns The reconciliation, which Connect then processes: see `waitFor`. With anything but a file `create`
   *   sends JSON, as the original does, which the API does not take.
   *
   * @example
   * await client.usageReconciliations.create({ path: 'billed.xlsx' }, 'January');
   */
  create(
    reconFile: UploadFile,
    uploadNote?: string | null,
    options?: CallOptions | null,
  ): Promise<Reconciliation>;

  /**
   * Creates an object.
   *
   * @param object Its fields.
   */
  create(object: Draft<Reconciliation>, options?: CallOptions | null): Promise<Reconciliation>;

  /**
   * Downloads the processed file.
   *
   * @param id The id.
   * @returns Its bytes.
   */
  processedFile(id: Id, options?: CallOptions | null): Promise<NodeBuffer>;
  /**
   * Downloads the processed file and saves it, in constant memory.
   *
   * @param id The id.
   */
  processedFile(id: Id, options: DownloadOptions & { to: string }): Promise<SavedFile>;

  /**
   * Downloads the uploaded file.
   *
   * @param id The id.
   * @returns Its bytes.
   */
  uploadedFile(id: Id, options?: CallOptions | null): Promise<NodeBuffer>;
  /**
   * Downloads the uploaded file and saves it, in constant memory.
   *
   * @param id The id.
   */
  uploadedFile(id: Id, options: DownloadOptions & { to: string }): Promise<SavedFile>;
}
export interface UsageReconciliationResource
  extends WaitFor<Reconciliation, 'uploaded' | 'processing' | 'processed' | 'failed'> {}

/**
 * Usage records: what a customer used, and the invoice that billed it. Connect has no way to create or delete
 * one by itself: the inherited `create` and `delete` are refused by it.
 *
 * @example
 * const records = new UsageRecordResource(client); // or: client.usageRecords
 * const approved = await records.search({ status: 'approved' });
 */
export class UsageRecordResource extends GenericResource<UsageRecord, UsageRecordFilter> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Closes one usage record with the number of the invoice that billed it, and a note.
   *
   * The original's documentation names a `UsageChunkResource` as the result; its code resolves to the parsed
   * answer, and so does this.
   *
   * @param id The id of the usage record, such as `UR-2021-01-2023-8696-9408-6767`.
   * @param externalBillingId The number of the invoice. Left out of the request if undefined, sent if null.
   * @param externalBillingNote A note. Left out of the request if undefined, sent if null.
   * @returns The closed record (undefined if Connect answers without a body). Rejects with APIError if Connect
   *   refuses, as for a record that is not approved; with ConnectionError or TimeoutError if there was no
   *   answer: `maybeProcessed` then says whether the record may have been closed nevertheless.
   *
   * @example
   * await client.usageRecords.close('UR-2021-01-2023-8696-9408-6767', 'INV-7', 'January');
   */
  close(
    id: Id,
    externalBillingId?: string | null,
    externalBillingNote?: string | null,
    options?: CallOptions | null,
  ): Promise<UsageRecord>;

  /**
   * Closes records with one request. Connect responds with 206 whether all were closed or not: look at each item.
   *
   * @param records The records, a few hundred at most; for more, and to be sure of
   *   each, use `closeMany`.
   * @returns What became of each, as Connect says it: `error_codes` where a record was not closed. Rejects with
   *   a TypeError that names the record if one cannot be used.
   *
   * @example
   * const items = await client.usageRecords.closeRecords([{ id: 'UR-2021-01-2023-8696-9408-6767', externalBillingId: 'INV-7' }]);
   * const failed = items.filter((item) => item.error_codes);
   */
  closeRecords(records: readonly RecordToClose[], options?: CallOptions | null): Promise<CloseRecordResult[]>;

  /**
   * Closes the record of a usage file, as the JavaScript SDK documents it. Connect's own documentation does not
   * have this call and may answer 404; to close one record use `close`.
   *
   * The original's documentation names a `UsageChunkResource` as the result; its code resolves to the parsed
   * answer, and so does this.
   *
   * @param id The id of the usage file, such as `UF-2021-01-3453-7567`.
   * @param recordId The id of the usage record. Left out of the request if undefined.
   * @param externalBillingId The number of the invoice. Left out of the request if undefined, sent if null.
   * @param externalBillingNote A note. Left out of the request if undefined, sent if null.
   * @returns What Connect answers. Rejects as `close` does.
   *
   * @example
   * const answer = await client.usageRecords.closeRecords('UF-2021-01-3453-7567', 'UR-2021-01-2023-8696-9408-6767', 'INV-7');
   * const failed = Array.isArray(answer) ? answer.filter((item) => item.error_codes) : [];
   */
  closeRecords(
    id: Id,
    recordId?: string | null,
    externalBillingId?: string | null,
    externalBillingNote?: string | null,
    options?: CallOptions | null,
  ): Promise<RecordOrResults>;
}
export interface UsageRecordResource extends CloseMany {}

/**
 * Usage chunks: the parts of a usage file, one for each hub.
 *
 * @example
 * const { bytes } = await client.usageChunks.download('UFC-2020-07-8349-4102-001', { to: 'chunk.xlsx' });
 */
export class UsageChunkResource extends GenericResource<UsageChunk> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Closes a chunk with the number of the invoice that billed it, and a note. To close many, and to be sure of
   * each, use `closeMany`.
   *
   * @param id The id.
   * @param externalBillingId The number of the invoice.
   * @param externalBillingNote A note.
   */
  close(
    id: Id,
    externalBillingId?: string | null,
    externalBillingNote?: string | null,
    options?: CallOptions | null,
  ): Promise<UsageChunk>;

  /**
   * Downloads a chunk.
   *
   * @param id The id.
   * @returns Its bytes: xlsx.
   */
  download(id: Id, options?: CallOptions | null): Promise<NodeBuffer>;
  /**
   * Downloads a chunk and saves it, in constant memory.
   *
   * @param id The id.
   */
  download(id: Id, options: DownloadOptions & { to: string }): Promise<SavedFile>;

  /**
   * Makes a chunk anew.
   *
   * @param id The id.
   */
  regenerate(id: Id, options?: CallOptions | null): Promise<UsageChunk>;
}
export interface UsageChunkResource
  extends CloseManyChunks,
    WaitFor<UsageChunk, 'draft' | 'ready' | 'failed' | 'closed'> {}

/** Usage aggregates: what was consumed of an item by an asset. Connect only lists them: use `search`. */
export class UsageAggregateResource extends GenericResource<UsageAggregate> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);
}

/**
 * Products, as the usage module knows them. Connect has only their templates here, so that the inherited methods are
 * refused by it: the products themselves are in `products`.
 */
export class UsageProductResource extends GenericResource<Product> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Finds the template of a product's usage files: an xlsx to fill in and upload.
   *
   * @param id The id.
   * @returns Where the template is. The link works for about half a minute, without the key.
   *
   * @example
   * const { template_link } = await client.usageProducts.template('PRD-1');
   */
  template(id: Id, options?: CallOptions | null): Promise<UsageTemplate>;
}

/** The users of an account. */
export interface AccountUserResource extends GenericResource<AccountUser> {}

/** The usage aggregates of an asset. */
export interface AssetUsageAgregatesResource extends GenericResource<UsageAggregate> {}

/** The actions of a product, or of one of its versions. */
export interface ProductActionResource extends GenericResource<ProductAction> {
  /**
   * Makes the link that carries out an action for an asset.
   *
   * @param id The id.
   * @param assetId The id of the asset.
   */
  link(id: Id, assetId: Id, options?: CallOptions | null): Promise<any>;
}

/** The versions of a product. */
export interface ProductVersionResource extends GenericResource<ProductVersion> {
  /**
   * The actions of a version.
   *
   * @param version The number of the version.
   */
  actions(version: Id): ProductActionResource;
}

/** The configuration values of a product. */
export interface ProductConfigurationResource extends GenericResource<ProductConfiguration> {}

/** The parameters of a product. */
export interface ProductParameterResource extends GenericResource<ProductParameter> {}

/** The connections of a product. */
export interface ProductConnectionsResource extends GenericResource<ProductConnection> {}

/** The rules for the usage of a product. */
export interface ProductUsageRulesResource extends GenericResource<UsageRule> {}

/** The messages of a conversation. */
export interface MessageResource extends GenericResource<Message> {}

/** The versions of a tier account. */
export interface TierAccountVersionResource extends GenericResource<TierAccount> {}

/** The attachments of a case. */
export interface CaseAttachmentsResource extends GenericResource<CaseAttachment> {}

/** The settings of a case. */
export interface CaseSettingsResource extends GenericResource<CaseSetting> {}

/** The categories of a usage file. */
export interface CategoryUsageFileResource extends GenericResource<UsageCategory> {}

/** The properties of a client that hold its resources. */
export interface ClientResources {
  /** Accounts, and the users of each. */
  get accounts(): AccountResource;
  /** What `accounts` returns. */
  _accounts: AccountResource;

  /** Assets: what customers subscribed to. */
  get assets(): AssetResource;
  /** What `assets` returns. */
  _assets: AssetResource;

  /** Billing requests: what recurring assets are billed. */
  get billingRequests(): BillingRequestResource;
  /** What `billingRequests` returns. */
  _billingRequests: BillingRequestResource;

  /** Products, with what belongs to them. */
  get products(): ProductResource;
  /** What `products` returns. */
  _products: ProductResource;

  /** Requests: what vendors fulfil. */
  get requests(): RequestResource;
  /** What `requests` returns. */
  _requests: RequestResource;

  /** Conversations, and their messages. */
  get conversations(): ConversationResource;
  /** What `conversations` returns. */
  _conversations: ConversationResource;

  /** Hubs: where products are sold. */
  get hubs(): HubResource;
  /** What `hubs` returns. */
  _hubs: HubResource;

  /** Recurring assets: those that are billed again and again. */
  get recurringAssets(): RecurringAssetResource;
  /** What `recurringAssets` returns. */
  _recurringAssets: RecurringAssetResource;

  /** Tier accounts: customers and resellers. */
  get tierAccounts(): TierAccountResource;
  /** What `tierAccounts` returns. */
  _tierAccounts: TierAccountResource;

  /** Tier account requests: changes of customers and resellers. */
  get tierAccountRequests(): TierAccountRequestResource;
  /** What `tierAccountRequests` returns. */
  _tierAccountRequests: TierAccountRequestResource;

  /** Tier configurations. */
  get tierConfigs(): TierConfigResource;
  /** What `tierConfigs` returns. */
  _tierConfigs: TierConfigResource;

  /** Tier configuration requests. */
  get tierConfigRequests(): TierConfigRequestResource;
  /** What `tierConfigRequests` returns. */
  _tierConfigRequests: TierConfigRequestResource;

  /** Webhooks. */
  get webhooks(): WebhookResource;
  /** What `webhooks` returns. */
  _webhooks: WebhookResource;

  /** Listing requests: putting products on sale. */
  get listingRequests(): ListingRequestResource;
  /** What `listingRequests` returns. */
  _listingRequests: ListingRequestResource;

  /** Helpdesk cases. */
  get cases(): CaseResource;
  /** What `cases` returns. */
  _cases: CaseResource;

  /** Usage files: reports of usage, made and uploaded by vendors, accepted and closed by providers. */
  get usageFiles(): UsageFileResource;
  /** What `usageFiles` returns. */
  _usageFiles: UsageFileResource;

  /** Reconciliations of usage files: what a provider says became of the records. */
  get usageReconciliations(): UsageReconciliationResource;
  /** What `usageReconciliations` returns. */
  _usageReconciliations: UsageReconciliationResource;

  /**
   * Usage records: what a customer used, and the invoice that billed it. Connect has no way to create or delete
   * one by itself: the inherited `create` and `delete` are refused by it.
   */
  get usageRecords(): UsageRecordResource;
  /** What `usageRecords` returns. */
  _usageRecords: UsageRecordResource;

  /** Usage chunks: the parts of a usage file, one for each hub. */
  get usageChunks(): UsageChunkResource;
  /** What `usageChunks` returns. */
  _usageChunks: UsageChunkResource;

  /** Usage aggregates: what was consumed of an item by an asset. Connect only lists them: use `search`. */
  get usageAggregates(): UsageAggregateResource;
  /** What `usageAggregates` returns. */
  _usageAggregates: UsageAggregateResource;

  /**
   * Products, as the usage module knows them. Connect has only their templates here, so that the inherited methods are
   * refused by it: the products themselves are in `products`.
   */
  get usageProducts(): UsageProductResource;
  /** What `usageProducts` returns. */
  _usageProducts: UsageProductResource;
}
