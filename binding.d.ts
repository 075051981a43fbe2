// Written by `npm run types` from the `#[napi]` items in src/binding; do not edit.

import type {
  Action,
  BulkOptions,
  BulkProgress,
  BulkRequest,
  BulkResponse,
  BulkResult,
  ExchangeFailure,
  Failed,
  FetchOptions,
  HeaderPairs,
  ListingOptions,
  MethodOptions,
  MethodResponse,
  MethodResult,
  NativeClientOptions,
  NetworkSettings,
  PackedResponse,
  RawRequest,
  RequestHead,
  RequestOptions,
  SheetsWriterOptions,
  TableFailed,
  TableInputFailed,
  TableOptions,
  TableWriterOptions,
} from './lib/internal/binding-objects';

/** Aborts the request that it is passed to. The wrapper makes one when the caller passes a signal. */
export class Abort {
  /** For one request. */
  constructor();
  /** Aborts the request: it ends with a failure of kind `abort`, and its connection is closed. */
  abort(): void;
}

/** A run of `closeMany`. */
export class BulkRun {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the path of the resource.
   * * `options`: `resource` (the class whose objects are closed), `batchSize`, `concurrency`, `backOff`, `maxTries`, `window`, `readBackTimeout`, `stopOnError`, `dryRun`, `listClosed`,
   *   `journal`, `externalBillingId`, `externalBillingNote`, `isListed` (the records are the API's own), `pipeline`
   *   (requests come out by `next`), `endpoint` (of a client that is not ours).
   */
  constructor(client: ConnectClient, baseUri: string, options: BulkOptions);
  /** What the objects are called in messages: `records`, `chunks`. */
  get plural(): string;
  /** The order in which a list of them is read before they are closed. */
  get listOrdering(): string;
  /** The fields of a listed one that the run looks at. */
  get listedFields(): Array<string>;
  /**
   * Checks a chunk of records and keeps it until `pushChecked`, for a list that must be valid as a whole before anything
   * is sent.
   *
   * * `chunk`: a JSON array in UTF-8, as for `push`.
   *
   * Resolves to undefined, or to `{ failure }`, when the records before the invalid one are kept.
   */
  check(chunk: Uint8Array): Promise<undefined | Failed>;
  /**
   * Hands over all that `check`, `checkTable` and `collect` have kept.
   *
   * Resolves when the run has them: to true, or to false if it takes no more.
   */
  pushChecked(): Promise<boolean>;
  /**
   * Hands a chunk of records over.
   *
   * * `chunk`: a JSON array in UTF-8. As bytes, because Node copies them several times as fast as it reads a string.
   *
   * Resolves when there is room for the next one: to true, to false if the run takes no more, or to `{ failure }`, when
   * the records before the invalid one have been taken.
   */
  push(chunk: Uint8Array): Promise<boolean | Failed>;
  /** Says that all records have been handed over. */
  end(): Promise<undefined>;
  /**
   * Says that all records are known: each of them is handed over, even if the run ends early.
   *
   * * `total`: how many there are, for the progress.
   */
  expect(total?: number | undefined | null): void;
  /** Aborts the run: requests under way are dropped. */
  abort(): void;
  /** How far the run is: `{ done, total, closed, failed, rate, etaMs }`. */
  progress(): BulkProgress;
  /** Starts the run. This does not keep the process alive; `settled` does. */
  start(): void;
  /**
   * Waits for the run, which keeps the process alive.
   *
   * * `untilTheEnd`: whether no more records will come, or the run has been aborted.
   *
   * Resolves to the report, with `stopped`, `refusal` or `aborted` if the run ended before its records did; to `{ failure }`
   * alone if it could not start; to null once it has nothing to do until more records come.
   */
  settled(untilTheEnd: boolean): Promise<BulkResult | Failed | null>;
  /**
   * The next request for the pipeline: `{ number, path, method, body }`; null when there will be none, undefined while
   * the run has nothing to do until more records come.
   *
   * * `untilTheEnd`: as for `settled`.
   */
  next(untilTheEnd: boolean): Promise<BulkRequest | null | undefined>;
  /**
   * The response to a request of `next`: `{ status, body, retryAfter, date, redirected }`, or
   * `{ message, code, maybeProcessed, input }`.
   */
  answer(number: number, result: BulkResponse): void;
  /**
   * Checks the records of a table that has been checked as one, and keeps them until `pushChecked`.
   *
   * Resolves to how many there are; to `{ failure }` if one is invalid, and with `table` if the table cannot be read.
   */
  checkTable(table: TableReader): Promise<number | TableInputFailed>;
  /**
   * Reads a list, page by page, and keeps its records until `pushChecked`.
   *
   * * `client`, `baseUri`: those of the list's resource.
   * * `filters`: its filter, without `limit` and `offset`.
   * * `options`: `pageSize`, `limit`, and those of each page's request: `timeout`, `maxRetries`, `headers`, `abort`.
   *
   * Resolves to how many there are; to `{ failure }`, or to the response that is no page.
   */
  collect(
    client: ConnectClient,
    baseUri: string,
    filters: object,
    options: ListingOptions,
  ): Promise<number | MethodResponse | Failed>;
}

/** Whether a header says where a body ends, which no caller may set. */
export function isFraming(name: string): boolean;

/**
 * A call between its first attempt and its end. Each method reports what has happened and returns what to do next:
 * `{ action: 'send' | 'read' | 'wait' | 'finish', ... }` or `{ failure }`.
 */
export class CallState {
  /**
   * Acquires a permit of the host, first come first served, and returns what to send: `{ url, method, headers:
   * [name, value, ...], hasBody }` or `{ failure }`; a promise of it if no permit is free.
   *
   * * `abort`: ends the waiting.
   */
  acquire(abort: Abort): RequestHead | Failed | Promise<RequestHead | Failed>;
  /** The head of a response has arrived: its status and headers, `[name, value, ...]`. */
  answered(status: number, headers: HeaderPairs): Action;
  /** A chunk of the response's body has arrived. Resolves to `null`, or to the next action if the body cannot be used. */
  push(chunk: Uint8Array): Promise<Action | null>;
  /** The response's body has been read to its end. Resolves to the next action. */
  read(): Promise<Action>;
  /**
   * The exchange has failed with `{ kind, message, code, sent }`, where `kind` is `connection`, `connect`, `protocol`,
   * `silent` or `cut`, and `sent` says whether anything may have been sent.
   */
  failed(failure: ExchangeFailure): Action;
  /**
   * The deadline has passed. Returns `{ failure }`.
   *
   * * `sent`: whether anything of the request under way may have been sent.
   */
  expired(sent: boolean): Failed;
  /** Releases the permit, one that arrives later, too, and removes what was written of a file. */
  release(): void;
}

/**
 * Begins a call of `{ url, method, headers: [name, value, ...], hasBody, bodyLength, redirect, follow, compress, timeout,
 * readTimeout, connectTimeout, maxRetries, backOff, maxConnections, size, to }`; a body without a length is a stream.
 *
 * Returns `{ call, timeouts: { connect, read, total } }`, in milliseconds, or `{ failure }`.
 */
export function beginCall(
  request: RawRequest,
): Failed | { call: CallState; timeouts: { connect: number; read: number; total?: number } };

export class GenericResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  get(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  create(object: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  update(id: unknown, object: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  delete(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  search(filters: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  page(filters: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class AccountResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  users(id: unknown): AccountUserResource;
}

export class AssetResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  usageAgregates(id: unknown): AssetUsageAgregatesResource;
  usageAggregates(id: unknown): AssetUsageAgregatesResource;
}

export class BillingRequestResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  updateAttributes(
    id: unknown,
    attributes: unknown,
    options?: MethodOptions,
  ): MethodResult | Promise<MethodResult>;
}

export class ProductResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  getTemplates(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  getParameters(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  getItems(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  getConnections(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  actions(id: unknown): ProductActionResource;
  versions(id: unknown): ProductVersionResource;
  configurations(id: unknown): ProductConfigurationResource;
  parameters(id: unknown): ProductParameterResource;
  connections(id: unknown): ProductConnectionsResource;
  usageRules(id: unknown): ProductUsageRulesResource;
}

export class RequestResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  fail(id: unknown, reason: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  inquire(id: unknown, request: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  approve(id: unknown, request: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  pending(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  schedule(id: unknown, data: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  revoke(id: unknown, data: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  confirm(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class ConversationResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  getConversationsByObjectId(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  createMessage(id: unknown, message: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  messages(id: unknown): MessageResource;
}

export class HubResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class RecurringAssetResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class TierAccountResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  versions(id: unknown): TierAccountVersionResource;
}

export class TierAccountRequestResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  accept(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  ignore(id: unknown, reason: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class TierConfigResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class TierConfigRequestResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  fail(id: unknown, reason: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  inquire(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  pending(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  approve(id: unknown, request: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class WebhookResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class ListingRequestResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  cancel(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  complete(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  deploy(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  refine(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  submit(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class CaseResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  pend(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  inquire(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  resolve(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  close(
    id: unknown,
    rating: unknown,
    feedback: unknown,
    options?: MethodOptions,
  ): MethodResult | Promise<MethodResult>;
  attachments(id: unknown): CaseAttachmentsResource;
  settings(id: unknown): CaseSettingsResource;
}

export class UsageFileResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  accept(id: unknown, acceptanceNote: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  approveAll(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  close(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  delete(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  reprocess(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  submit(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  reject(id: unknown, rejectionNote: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  reconciliation(
    id: unknown,
    reconFile: unknown,
    options?: MethodOptions,
  ): MethodResult | Promise<MethodResult>;
  upload(id: unknown, usageFile: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  categories(id: unknown): CategoryUsageFileResource;
}

export class UsageReconciliationResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  createFromFile(
    reconFile: unknown,
    uploadNote: unknown,
    options?: MethodOptions,
  ): MethodResult | Promise<MethodResult>;
  processedFile(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  uploadedFile(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class UsageRecordResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  close(
    id: unknown,
    externalBillingId: unknown,
    externalBillingNote: unknown,
    options?: MethodOptions,
  ): MethodResult | Promise<MethodResult>;
  closeRecords(
    id: unknown,
    recordId: unknown,
    externalBillingId: unknown,
    externalBillingNote: unknown,
    options?: MethodOptions,
  ): MethodResult | Promise<MethodResult>;
  closeBatch(records: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class UsageChunkResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  close(
    id: unknown,
    externalBillingId: unknown,
    externalBillingNote: unknown,
    options?: MethodOptions,
  ): MethodResult | Promise<MethodResult>;
  download(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
  regenerate(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class UsageAggregateResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class UsageProductResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  template(id: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class AccountUserResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class AssetUsageAgregatesResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class ProductActionResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  link(id: unknown, assetId: unknown, options?: MethodOptions): MethodResult | Promise<MethodResult>;
}

export class ProductVersionResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
  actions(version: unknown): ProductActionResource;
}

export class ProductConfigurationResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class ProductParameterResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class ProductConnectionsResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class ProductUsageRulesResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class MessageResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class TierAccountVersionResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class CaseAttachmentsResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class CaseSettingsResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

export class CategoryUsageFileResource {
  /**
   * * `client`: the client to send with.
   * * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
   */
  constructor(client: ConnectClient, baseUri?: string | undefined | null);
  /** The resource's path below the endpoint. */
  get baseUri(): string;
  /** Why no method can be called: the id of the object that the resource belongs to cannot be used. */
  get refusal(): Failed | undefined;
}

/**
 * Connect's client: where to send, with which key, within which limits.
 *
 * Cheap to make: it opens nothing. An invalid endpoint or key is reported by the first request.
 */
export class ConnectClient {
  /**
   * * `endpoint`: an absolute http(s) URL, such as `https://api.connect.cloudblue.com/public/v1`.
   * * `apiKey`: the key as it goes into the `Authorization` header.
   * * `options`: `connectTimeout`, `readTimeout`, `timeout`, `backOff` in milliseconds, `maxRetries`,
   *   `maxConnections`, `maxResponseBytes`, `network`, `rql: 'original'`.
   */
  constructor(endpoint: unknown, apiKey: unknown, options?: NativeClientOptions);
}

/** Returns `{ failure }` for a key that cannot be sent, otherwise undefined. */
export function checkKey(key: unknown): undefined | Failed;

/** Whether a request may have been processed although its response is an error, or cannot be read. */
export function mayHaveBeenDone(status: number, method: string): boolean;

/** A text in which the key is masked. */
export function hideKey(key: unknown, text: string): string;

/** A URL as it may be printed: without query and user name; masked if it is not a URL but may be a key. */
export function shownUrl(url: string): string;

/** A key as it may be printed: `ApiKey SU-000-000:****`. */
export function maskKey(key: unknown): string;

/**
 * What the requests of a client have in common, read once: to read a dozen options costs as much as all the rest of a
 * request.
 */
export class RequestSettings {
  /**
   * * `options`: `redirect`, `follow`, `compress`, `timeout`, `readTimeout`, `connectTimeout`, `maxRetries`, `backOff`,
   *   `maxConnections`, `size`, `network`.
   */
  constructor(options: RequestOptions);
}

/**
 * Sends a request.
 *
 * * `headers`: names and values in turn, a part on each line, or an array of them.
 * * `options`: `to`, the file for the body of a success, `abort`, `onRetry`, `stream`, which is the body.
 *
 * Resolves to the response, its head and body in one text or `{ head, body, saved, rewritten }`, or to
 * `{ failure: { kind, message, code, maybeProcessed } }`.
 */
export function fetch(
  url: string,
  method: string,
  headers: string | HeaderPairs,
  body: string | Uint8Array | null | undefined,
  settings: RequestSettings,
  options?: FetchOptions | null,
): Promise<PackedResponse | Failed>;

/** A filter as the original SDK writes it, or `{ failure }`. */
export function filterToQuery(filter: unknown): string | Failed;

/** The operators of one field as the original SDK writes them, or `{ failure }`. */
export function operatorsToQuery(operators: unknown, field: unknown): string | Failed;

/** The URL of a search as the original SDK writes it, or `{ failure }`. */
export function buildUrl(base: unknown, filter: unknown): string | Failed;

/** The version of the addon, which is that of the package. */
export const VERSION: string;

/** How many bytes a response that is parsed may have, unless the client's options say otherwise. */
export const MAX_JSON_BYTES: number;

/** A method of a resource. */
export interface MethodMetadata {
  /** Its name. */
  name: string;
  /** How many arguments are documented: the `length` of the function. */
  arity: number;
  /** How many of them, the first ones, are ids. */
  ids: number;
  /** What it resolves to: `json`, `nothing`, `bytes` or `page`. */
  response: 'json' | 'nothing' | 'bytes' | 'page';
  /** How its arguments are sent: `empty`, `fields`, `value`, `valueOrField`, `file`, `records` or `query`. */
  encoding: 'file' | 'records' | '';
  /** Whether only other methods call it: it is not part of the public API. */
  isInternal: boolean;
  /** Its HTTP method. */
  verb: string;
}

/** A resource below another one. */
export interface ChildMetadata {
  /** The name of the method that returns it. */
  name: string;
  /** The name of its class. */
  className: string;
}

/** A resource. */
export interface ResourceMetadata {
  /** The name of the class. */
  className: string;
  /** The property of the client that holds it; empty for `GenericResource` and for those below others. */
  property: string;
  /** Its path below the endpoint. */
  path: string;
  /** Its own methods. */
  methods: Array<MethodMetadata>;
  /** The resources below it. */
  children: Array<ChildMetadata>;
  /** The states of its objects; empty if one does not wait for them. */
  states: Array<string>;
}

/** The resources and their methods. `GenericResource`, whose methods all others have, comes first. */
export function metadata(): Array<ResourceMetadata>;

/** Certificates and proxies. */
export class Network {
  /**
   * * `settings`: `ca`, `extra`, `cert`, `key` (PEM texts), `acceptsAnyCertificate`, `httpProxy`, `httpsProxy`, and the names of the
   *   variables that they are read from (`httpVariable`, `httpsVariable`), `noProxy`.
   *
   * Invalid settings are reported by the first request.
   */
  constructor(settings: NetworkSettings);
}

/** How many certificates of a PEM text can be trusted. */
export function countCertificates(pem: string): number;

/** What is known of a list after a page of it. */
export interface PageEnd {
  /** Where the next page begins; absent if there is none. */
  next?: number;
  /** How many items the list has, if the server says so. */
  total?: number;
  /** Whether the server sent an earlier page again, which is to be dropped. */
  isRepeated: boolean;
}

/**
 * What follows a page.
 *
 * * `offset`, `limit`: as requested.
 * * `count`: how many items the page has.
 * * `contentRange`: the header of the response.
 */
export function pageEnd(
  offset: number,
  limit: number,
  count: number,
  contentRange?: string | undefined | null,
): PageEnd;

/** The failure for a response that is too large to be parsed: `{ failure }`. */
export function tooLarge(maxBytes: number): Failed;

/** A body for `fetch`, passed chunk by chunk. */
export class StreamingBody {
  /** * `length`: how many bytes there will be, if that is known. */
  constructor(length?: number | undefined | null);
  /** Adds a chunk. Resolves to true when there is room for the next one, to false once nobody sends the body any more. */
  push(chunk: Uint8Array): Promise<boolean>;
  /** Ends the body: all chunks have been added. */
  end(): void;
  /** Aborts the body, and the request with it, so that the server does not take what was sent for the whole. */
  abandon(): void;
}

/** A table of records that is written. Its methods are called one after the other. */
export class TableWriter {
  /**
   * * `path`: the file.
   * * `options`: `format`, `separator`, `externalBillingId`, `externalBillingNote`.
   */
  constructor(path: string, options: TableWriterOptions);
  /** Writes a chunk of records, a JSON array in UTF-8. Resolves to undefined, or to `{ failure }`. */
  write(chunk: Uint8Array): Promise<undefined | Failed>;
  /** Gives the file its name. Resolves to `{ format, rows }`, or to `{ failure }`. */
  finish(): Promise<{ format: 'csv' | 'xlsx'; rows: number } | Failed>;
  /** Removes what has been written. Resolves when that is done. */
  discard(): Promise<undefined>;
}

/** Sheets of rows of any columns that are written, one after the other. Its methods are called one after the other. */
export class SheetsWriter {
  /**
   * * `path`: the file; null for bytes in memory.
   * * `names`, `columns`: the name of each sheet, and the headers of its columns.
   * * `options`: `format`, `separator`.
   */
  constructor(path: string | null, names: string[], columns: string[][], options: SheetsWriterOptions);
  /** Writes a chunk of rows, a JSON array of arrays in UTF-8. Resolves to undefined, or to `{ failure }`. */
  write(chunk: Uint8Array): Promise<undefined | Failed>;
  /** Goes on to the next sheet. Resolves to undefined, or to `{ failure }`. */
  nextSheet(): Promise<undefined | Failed>;
  /** Gives the file its name. Resolves to `{ format, rows }`, with the `bytes` in memory, or to `{ failure }`. */
  finish(): Promise<{ format: 'csv' | 'xlsx'; rows: number; bytes?: Buffer } | Failed>;
  /** Removes what has been written. Resolves when that is done. */
  discard(): Promise<undefined>;
}

/** The header line of a CSV file that goes through a pipe. */
export function csvHeader(): string;

/**
 * The lines of records, which are a JSON array as the API lists them. Returns text, or `{ failure }`.
 *
 * * `billingId`: the billing id of records without one.
 */
export function csvLines(records: string, billingId?: string | undefined | null): string | Failed;

/** A table that is read: records, or rows of any columns. Its methods are called one after the other. */
export class TableReader {
  /**
   * * `path`: the file; null for a stream, whose chunks follow by `push`.
   * * `options`: `sheet`, `hidden`, `format`, `maxBytes`, `subject` (`chunks`), `requireBillingId`, `anyColumns`.
   */
  constructor(path: string | null, options: TableOptions);
  /** Adds a chunk of a stream. Resolves to undefined, or to `{ failure }`. */
  push(chunk: Uint8Array): Promise<undefined | Failed>;
  /**
   * Checks the whole table. Resolves to its description in JSON, to `{ failure }`, or to
   * `{ failure, refused, refusedCount }`, in which `refused` is a JSON array.
   */
  check(): Promise<string | TableFailed>;
  /** The next records or rows of a table that was checked, at most `max`: a JSON array, null at the end, or `{ failure }`. */
  next(max: number): Promise<string | null | Failed>;
  /** Ends what is under way, and everything after it, with a failure of kind `abort`. */
  abort(): void;
  /** Closes the file; the copy of a stream is removed. Resolves when that is done. */
  close(): Promise<undefined>;
}

/** What follows a poll. */
export interface WaitStep {
  /**
   * `reached`: the object is in one of the states. `poll`: wait, then poll again. `unreachable`: it cannot come to any of
   * them. `fail`: the error of the poll ends the wait.
   */
  action: 'reached' | 'poll' | 'unreachable' | 'fail';
  /** How long to wait, in ms; 0 for the other actions. */
  ms: number;
  /**
   * The names of the nested fields, from the outside, in which an object that is `unreachable` says why; empty if it does
   * not.
   */
  detail: Array<string>;
}

/** Why a poll gave no object. */
export interface FailedPoll {
  /** The status, if there was a response. */
  status?: number;
  /** Without a response: whether the next request may get one. */
  isTransient: boolean;
  /** Without a response: whether the request may have reached the server. */
  maybeSent: boolean;
  /** The response's `Retry-After`. */
  retryAfter?: string;
}

/** A wait for one object of a resource. */
export class Wait {
  /**
   * * `class_name`: the class of the resource, as Rust declares it.
   * * `states`: the states to wait for.
   * * `options`: `interval`, `maxInterval` and `timeout`, in ms.
   */
  constructor(className: string, states: Array<string>, options: object);
  /** Why it cannot begin: a state or an option cannot be used. */
  get refusal(): Failed | undefined;
  /** How long to wait at most, in ms. */
  get timeout(): number;
  /**
   * What follows a poll that gave the object.
   *
   * * `status`: its state, if it has one.
   */
  onObject(status?: string | undefined | null): WaitStep;
  /** What follows a poll that failed. */
  onFailure(failure: FailedPoll): WaitStep;
}
