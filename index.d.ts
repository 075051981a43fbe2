// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
// Written by hand: this is the documentation that your editor shows. `__test__/surface.test.js` holds it
// against what the package exports. It needs neither the DOM library nor @types/node, and uses their types
// where they are there.

// ---------------------------------------------------------------------------------------------- Client

/**
 * The client of Connect: an endpoint, a key, and a property for each resource of the API.
 *
 * Cheap to make: nothing is opened or checked. What is wrong with the endpoint or the key is said by the
 * first request, which rejects with a TypeError.
 *
 * @example
 * const client = new ConnectClient('https://api.connect.cloudblue.com/public/v1', 'ApiKey SU-000-000:secret');
 * const record = await client.usageRecords.close('UR-2021-01-2023-8696-9408-6767', 'INV-7', 'January');
 */
export class ConnectClient {
  /**
   * @param endpoint The API's URL, such as `https://api.connect.cloudblue.com/public/v1`.
   * @param apiKey The key, the word `ApiKey ` included: `ApiKey SU-000-000:secret`. No error, and no printer
   *   that is not asked for hidden properties, shows it.
   * @param adapter What sends the requests, instead of the engine. Default: a new `DefaultHttpAdapter`. Its
   *   `beforeRequest` is replaced: of two clients that share an adapter, the later one's key serves both.
   */
  constructor(endpoint: string, apiKey: string, adapter?: HttpAdapter | null);
  /**
   * @param endpoint The API's URL, such as `https://api.connect.cloudblue.com/public/v1`.
   * @param apiKey The key, the word `ApiKey ` included: `ApiKey SU-000-000:secret`. No error, and no printer
   *   that is not asked for hidden properties, shows it.
   * @param options At least one option. One that is wrong, or unknown beside one that is known, throws a TypeError
   *   that names it; an object without any known option counts as an adapter.
   *
   * @example
   * const client = new ConnectClient(endpoint, apiKey, { readTimeout: 60_000, timeout: 120_000 });
   */
  constructor(endpoint: string, apiKey: string, options: ClientOptions);

  // The resources: each always the same object, which cannot be assigned.

  /** Accounts, and the users of each. */
  get accounts(): AccountResource;
  /** Assets: what customers subscribed to. */
  get assets(): AssetResource;
  /** Billing requests: what recurring assets are billed. */
  get billingRequests(): BillingRequestResource;
  /** Products, with their parameters, items, templates, versions. */
  get products(): ProductResource;
  /** Requests: what vendors fulfil. */
  get requests(): RequestResource;
  /** Conversations, and their messages. */
  get conversations(): ConversationResource;
  /** Hubs: where products are sold. */
  get hubs(): HubResource;
  /** Recurring assets: those that are billed again and again. */
  get recurringAssets(): RecurringAssetResource;
  /** Tier accounts: customers and resellers. */
  get tierAccounts(): TierAccountResource;
  /** Tier account requests: changes of customers and resellers. */
  get tierAccountRequests(): TierAccountRequestResource;
  /** Tier configurations. */
  get tierConfigs(): TierConfigResource;
  /** Tier configuration requests. */
  get tierConfigRequests(): TierConfigRequestResource;
  /** Webhooks. */
  get webhooks(): WebhookResource;
  /** Listing requests: putting products on sale. */
  get listingRequests(): ListingRequestResource;
  /** Helpdesk cases. */
  get cases(): CaseResource;
  /** Usage files: reports of usage. */
  get usageFiles(): UsageFileResource;
  /** Reconciliations of usage files. */
  get usageReconciliations(): UsageReconciliationResource;
  /** Usage records: find, read and close them. */
  get usageRecords(): UsageRecordResource;
  /** Usage chunks: the parts of a usage file, one for each hub. */
  get usageChunks(): UsageChunkResource;
  /** Usage aggregates: what was consumed of an item by an asset. */
  get usageAggregates(): UsageAggregateResource;

  /**
   * Adds a function that sees every request of this client before it is sent, and may change it. It runs after
   * those that add the endpoint and the key. A client with a hook sends through the JavaScript pipeline, which
   * is slower.
   *
   * @param hook Synchronous; what it throws, the call rejects with.
   *
   * @example
   * client.addBeforeRequestHook((url, options) => ({
   *   url,
   *   options: { ...options, headers: { ...options.headers, 'Connect-Localization': 'es' } },
   * }));
   */
  addBeforeRequestHook(hook: BeforeRequestHook): void;

  /**
   * Adds a function that sees every response of this client, and may replace it.
   *
   * @param hook Returns the response to go on with. Only the last hook may return a promise of one.
   *
   * @example
   * client.addAfterResponseHook((response) => {
   *   console.log(response.status);
   *   return response;
   * });
   */
  addAfterResponseHook<R extends HttpResponse = ConnectResponse>(hook: AfterResponseHook<R>): void;

  /**
   * The first of the built-in hooks: puts the endpoint, without its trailing slashes, before the path. Called
   * for every request that goes through the pipeline; may be overridden.
   *
   * @param endpoint The client's endpoint.
   * @param url The path below it.
   * @param options The options of the request, which are passed on.
   */
  addEndpointPrefix(endpoint: string, url: string, options?: RequestOptions): HttpRequest;

  /**
   * The second of the built-in hooks: adds the key, which beats an `Authorization` of the caller. Called for
   * every request that goes through the pipeline; may be overridden.
   *
   * @param apiKey The client's key.
   * @param url The URL, which is passed on.
   * @param options The options of the request; they are not changed.
   */
  addAuthorizationHeader(apiKey: string, url: string, options?: RequestOptions): HttpRequest;

  /**
   * Sends a request to any path of the API, through hooks and adapter.
   *
   * @param url The path below the endpoint, beginning with `/`; not encoded any further.
   * @param options Method, headers, body and the like. Default: a GET.
   * @returns The response, whatever its status; with an adapter of your own, that adapter's response. Rejects
   *   with TypeError, ConnectionError or TimeoutError.
   *
   * @example
   * const response = await client.fetch('/usage/files', { method: 'POST', body: { name: 'January' } });
   * if (response.ok) console.log(await response.json());
   */
  fetch(url: string, options?: RequestOptions): Promise<ConnectResponse>;

  /** The endpoint, as it was given. A change takes effect with the next request. */
  _endpoint: string;
  /** The key, as it was given; not enumerable. A change takes effect with the next request. */
  _apiKey: string;
  /** The adapter. */
  _adapter: HttpAdapter;
  /** What `accounts` returns. */
  _accounts: AccountResource;
  /** What `assets` returns. */
  _assets: AssetResource;
  /** What `billingRequests` returns. */
  _billingRequests: BillingRequestResource;
  /** What `products` returns. */
  _products: ProductResource;
  /** What `requests` returns. */
  _requests: RequestResource;
  /** What `conversations` returns. */
  _conversations: ConversationResource;
  /** What `hubs` returns. */
  _hubs: HubResource;
  /** What `recurringAssets` returns. */
  _recurringAssets: RecurringAssetResource;
  /** What `tierAccounts` returns. */
  _tierAccounts: TierAccountResource;
  /** What `tierAccountRequests` returns. */
  _tierAccountRequests: TierAccountRequestResource;
  /** What `tierConfigs` returns. */
  _tierConfigs: TierConfigResource;
  /** What `tierConfigRequests` returns. */
  _tierConfigRequests: TierConfigRequestResource;
  /** What `webhooks` returns. */
  _webhooks: WebhookResource;
  /** What `listingRequests` returns. */
  _listingRequests: ListingRequestResource;
  /** What `cases` returns. */
  _cases: CaseResource;
  /** What `usageFiles` returns. */
  _usageFiles: UsageFileResource;
  /** What `usageReconciliations` returns. */
  _usageReconciliations: UsageReconciliationResource;
  /** What `usageRecords` returns. */
  _usageRecords: UsageRecordResource;
  /** What `usageChunks` returns. */
  _usageChunks: UsageChunkResource;
  /** What `usageAggregates` returns. */
  _usageAggregates: UsageAggregateResource;
}

/** The options of a client; all may be left out, but an object without any is taken for an adapter. */
export interface ClientOptions {
  /** What sends the requests, instead of the engine. Default: a new `DefaultHttpAdapter`. */
  adapter?: HttpAdapter | null | undefined;
  /**
   * Who sends: `auto` takes the Rust engine unless your tests mock the network, `engine` takes it always,
   * `fetch` takes the global `fetch`. Default: the environment's `CONNECT_TRANSPORT`, else `auto`.
   */
  transport?: 'auto' | 'engine' | 'fetch' | undefined;
  /**
   * How filters are written: `server` in the dialect that Connect reads, `original` letter for letter as the
   * JavaScript SDK does. Default: `server`.
   */
  rql?: 'server' | 'original' | undefined;
  /** Milliseconds to connect, above 0. Default: 15000. */
  connectTimeout?: number | undefined;
  /** Milliseconds that the server may stay silent, above 0. Default: 180000. */
  readTimeout?: number | undefined;
  /** Milliseconds for a whole call, above 0. Default: no limit. */
  timeout?: number | undefined;
  /**
   * How many requests to one host may be under way at once; more wait their turn, first come first served. Clients with
   * the same number share it. Default: 64.
   */
  maxConnections?: number | undefined;
  /**
   * The most bytes that an answer may have in memory. Default: 16 MiB for what is parsed as JSON, 512 MiB for files and for
   * what `fetch` gives.
   */
  maxResponseBytes?: number | undefined;
  /**
   * How often a request is sent again that failed and can be repeated without harm; see the README. POST and PUT never
   * are once they may have been carried out. Default: 2.
   */
  maxRetries?: number | undefined;
  /** Milliseconds before the first repetition, at most; doubled for each further one, up to 16 times. Default: 500. */
  backOff?: number | undefined;
  /**
   * Certificates in PEM that are trusted instead of the bundled ones, and of those that the environment's
   * `NODE_EXTRA_CA_CERTS` and `SSL_CERT_FILE` add to them, as in Node.
   */
  ca?: string | Uint8Array | ReadonlyArray<string | Uint8Array> | undefined;
  /**
   * The client's certificate in PEM, for servers that ask for one, and behind it those that vouch for it. Needs `key`.
   * Default: none.
   */
  cert?: string | Uint8Array | ReadonlyArray<string | Uint8Array> | undefined;
  /**
   * The private key of `cert` in PEM: RSA from 2048 bits on, ECDSA (P-256, P-384) or Ed25519, and not encrypted. It is in
   * nothing that is printed.
   */
  key?: string | Uint8Array | undefined;
  /**
   * The proxy: an http(s) or SOCKS 5 URL, which may hold a user name and a password, or `env` for what `HTTP_PROXY`,
   * `HTTPS_PROXY` and `ALL_PROXY` say. With `socks5h:` the proxy looks up the names of hosts, with `socks5:` we do. Hosts
   * that `NO_PROXY` names are reached without. Default: none, or `env` where `NODE_USE_ENV_PROXY` is 1.
   */
  proxy?: 'env' | string | undefined;
  /** An object with a `fetch` is an adapter. */
  fetch?: never;
}

/**
 * What is particular to one call: stands behind a method's documented arguments. Anything else there is ignored, as it
 * always was; a misspelt option among others is a TypeError.
 *
 * @example
 * await client.usageRecords.get(id, { timeout: 5_000, maxRetries: 0 });
 *
 * @example
 * const controller = new AbortController();
 * await client.usageRecords.search({ status: 'approved' }, { signal: controller.signal });
 */
export interface CallOptions {
  /** Calls the request off, also while it waits to be sent again: it rejects with the signal's reason. */
  signal?: AbortSignalLike | null | undefined;
  /** Milliseconds for the whole call, its repetitions included, above 0. Default: the client's `timeout`. */
  timeout?: number | undefined;
  /** How often the request is sent again. Default: the client's `maxRetries`. */
  maxRetries?: number | undefined;
  /** Headers to send besides; the client's key beats an `Authorization` among them. */
  headers?: RequestHeaders | undefined;
}

// ------------------------------------------------------------------------------------------- Resources

/** The id of an object. Empty text, `.`, `..`, NaN and the infinities are refused with a TypeError. */
export type Id = string | number | bigint;

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
   * Reads one object.
   *
   * @param id Its id.
   * @param options What is particular to this call.
   * @returns The object. Rejects as all methods of a resource do: TypeError, HttpError, ConnectionError.
   */
  get(id: Id, options?: CallOptions | null): Promise<T>;

  /**
   * Creates an object.
   *
   * @param object Its fields.
   * @param options What is particular to this call.
   * @returns The object as it was created. Rejects as all methods of a resource do.
   */
  create(object: Draft<T>, options?: CallOptions | null): Promise<T>;

  /**
   * Changes an object.
   *
   * @param id Its id.
   * @param object The fields to change.
   * @param options What is particular to this call.
   * @returns The object as it is now. Rejects as all methods of a resource do.
   */
  update(id: Id, object: Draft<T>, options?: CallOptions | null): Promise<T>;

  /**
   * Deletes an object.
   *
   * @param id Its id.
   * @param options What is particular to this call.
   * @returns Nothing, but for usage files. Rejects as all methods of a resource do.
   */
  delete(id: Id, options?: CallOptions | null): Promise<D>;

  /**
   * Finds objects: one page of them, the first unless the filter has an `offset`.
   *
   * @param filters What they must fulfil. Default: the first page of all.
   * @param options What is particular to this call.
   * @returns The objects. Rejects as all methods of a resource do; with a TypeError for a filter without a
   *   meaning.
   *
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

// ------------------------------------------------------------ Resources besides those of the usage

/** An object of Connect: an id, and fields that are not described here. */
export interface ConnectObject {
  id: string;
  // Objects are open: Connect adds fields, and leaves out those that are not set.
  [field: string]: any;
}

/** An account of Connect: a vendor, a distributor, a provider. */
export interface Account extends ConnectObject {}

/** A user of an account. */
export interface AccountUser extends ConnectObject {}

/** An asset: `AS-...`. */
export interface Asset extends ConnectObject {}

/** A billing request: `BRP-...`. */
export interface BillingRequest extends ConnectObject {}

/** A product: `PRD-...`. */
export interface Product extends ConnectObject {}

/** An action of a product. */
export interface ProductAction extends ConnectObject {}

/** A version of a product. */
export interface ProductVersion extends ConnectObject {}

/** A configuration value of a product. */
export interface ProductConfiguration extends ConnectObject {}

/** A parameter of a product. */
export interface ProductParameter extends ConnectObject {}

/** An item of a product. */
export interface ProductItem extends ConnectObject {}

/** A template of a product: `TL-...`. */
export interface ProductTemplate extends ConnectObject {}

/** A connection of a product with a hub: `CT-...`. */
export interface ProductConnection extends ConnectObject {}

/** A rule for the usage of a product. */
export interface UsageRule extends ConnectObject {}

/** A request: `PR-...`. */
export interface Request extends ConnectObject {}

/** A conversation about an object. */
export interface Conversation extends ConnectObject {}

/** A message of a conversation. */
export interface Message extends ConnectObject {}

/** A hub: `HB-...`. */
export interface Hub extends ConnectObject {}

/** A customer or reseller: `TA-...`. */
export interface TierAccount extends ConnectObject {}

/** A change of a customer or reseller: `TAR-...`. */
export interface TierAccountRequest extends ConnectObject {}

/** A tier configuration: `TC-...`. */
export interface TierConfig extends ConnectObject {}

/** A tier configuration request: `TCR-...`. */
export interface TierConfigRequest extends ConnectObject {}

/** A webhook: `WH-...`. */
export interface Webhook extends ConnectObject {}

/** A listing request: `LSTR-...`. */
export interface ListingRequest extends ConnectObject {}

/** A helpdesk case: `CA-...`. */
export interface Case extends ConnectObject {}

/** A file attached to a case. */
export interface CaseAttachment extends ConnectObject {}

/** A setting of a case. */
export interface CaseSetting extends ConnectObject {}

/** Accounts, and the users of each. */
export class AccountResource extends GenericResource<Account> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * The users of an account. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the account.
   */
  users(id: Id): AccountUserResource;
}

/** The users of an account: what `client.accounts.users(id)` gives. */
export interface AccountUserResource extends GenericResource<AccountUser> {}

/** Assets: what customers subscribed to. */
export class AssetResource extends GenericResource<Asset> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * What was consumed of an asset. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the asset.
   */
  usageAgregates(id: Id): AssetUsageAgregatesResource;
}

/** The usage aggregates of an asset: what `client.assets.usageAgregates(id)` gives. */
export interface AssetUsageAgregatesResource extends GenericResource<UsageAggregate> {}

/** Billing requests: what recurring assets are billed. */
export class BillingRequestResource extends GenericResource<BillingRequest> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Changes the attributes of a billing request.
   *
   * @param id The id of the billing request.
   * @param attributes The attributes.
   * @param options What is particular to this call.
   * @returns What Connect answers. Rejects as all methods of a resource do.
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
   * @param id The id of the product.
   * @param options What is particular to this call.
   * @returns The templates. Rejects as all methods of a resource do.
   */
  getTemplates(id: Id, options?: CallOptions | null): Promise<ProductTemplate[]>;

  /**
   * Lists the parameters of a product.
   *
   * @param id The id of the product.
   * @param options What is particular to this call.
   * @returns The parameters. Rejects as all methods of a resource do.
   */
  getParameters(id: Id, options?: CallOptions | null): Promise<ProductParameter[]>;

  /**
   * Lists the items of a product.
   *
   * @param id The id of the product.
   * @param options What is particular to this call.
   * @returns The items. Rejects as all methods of a resource do.
   */
  getItems(id: Id, options?: CallOptions | null): Promise<ProductItem[]>;

  /**
   * Lists the connections of a product.
   *
   * @param id The id of the product.
   * @param options What is particular to this call.
   * @returns The connections. Rejects as all methods of a resource do.
   */
  getConnections(id: Id, options?: CallOptions | null): Promise<ProductConnection[]>;

  /**
   * The actions of a product. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the product.
   */
  actions(id: Id): ProductActionResource;

  /**
   * The versions of a product. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the product.
   */
  versions(id: Id): ProductVersionResource;

  /**
   * The configuration values of a product. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the product.
   */
  configurations(id: Id): ProductConfigurationResource;

  /**
   * The parameters of a product. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the product.
   */
  parameters(id: Id): ProductParameterResource;

  /**
   * The connections of a product. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the product.
   */
  connections(id: Id): ProductConnectionsResource;

  /**
   * The rules for the usage of a product. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the product.
   */
  usageRules(id: Id): ProductUsageRulesResource;
}

/** The actions of a product, or of one of its versions. */
export interface ProductActionResource extends GenericResource<ProductAction> {
  /**
   * Makes the link that carries out an action for an asset.
   *
   * @param id The id of the action.
   * @param assetId The id of the asset.
   * @param options What is particular to this call.
   * @returns The link. Rejects as all methods of a resource do.
   */
  link(id: Id, assetId: Id, options?: CallOptions | null): Promise<any>;
}

/** The versions of a product. */
export interface ProductVersionResource extends GenericResource<ProductVersion> {
  /**
   * The actions of a version. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
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

/** Requests: what vendors fulfil. */
export class RequestResource extends GenericResource<Request> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Fails a request, for a reason.
   *
   * @param id The id of the request.
   * @param reason The reason.
   * @param options What is particular to this call.
   * @returns The request. Rejects as all methods of a resource do.
   */
  fail(id: Id, reason?: string | null, options?: CallOptions | null): Promise<Request>;

  /**
   * Asks the customer for more.
   *
   * @param id The id of the request.
   * @param request For example `{ template_id }`.
   * @param options What is particular to this call.
   * @returns The request. Rejects as all methods of a resource do.
   */
  inquire(id: Id, request?: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Approves a request.
   *
   * @param id The id of the request.
   * @param request `{ template_id }` or `{ activation_tile }`.
   * @param options What is particular to this call.
   * @returns The request. Rejects as all methods of a resource do.
   */
  approve(id: Id, request?: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Puts a request back to pending.
   *
   * @param id The id of the request.
   * @param options What is particular to this call.
   * @returns The request. Rejects as all methods of a resource do.
   */
  pending(id: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Plans a request for a date.
   *
   * @param id The id of the request.
   * @param data `{ planned_date }`, ISO 8601, as Connect documents it. Anything but an object is sent as the original
   *   does, as `{ data }`.
   * @param options What is particular to this call.
   * @returns The request. Rejects as all methods of a resource do.
   */
  schedule(id: Id, data?: { planned_date: string } | unknown, options?: CallOptions | null): Promise<Request>;

  /**
   * Takes the planned date back.
   *
   * @param id The id of the request.
   * @param data `{ reason }`, as Connect documents it. Anything but an object is sent as the original does, as
   *   `{ data }`.
   * @param options What is particular to this call.
   * @returns The request. Rejects as all methods of a resource do.
   */
  revoke(id: Id, data?: { reason: string } | unknown, options?: CallOptions | null): Promise<Request>;

  /**
   * Confirms the planned date.
   *
   * @param id The id of the request.
   * @param options What is particular to this call.
   * @returns The request. Rejects as all methods of a resource do.
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
   * @param options What is particular to this call.
   * @returns The conversations. Rejects as all methods of a resource do.
   */
  getConversationsByObjectId(id: Id, options?: CallOptions | null): Promise<Conversation[]>;

  /**
   * Adds a message to a conversation.
   *
   * @param id The id of the conversation.
   * @param message Its text.
   * @param options What is particular to this call.
   * @returns The message. Rejects as all methods of a resource do.
   */
  createMessage(id: Id, message?: string | null, options?: CallOptions | null): Promise<Message>;

  /**
   * The messages of a conversation. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the conversation.
   */
  messages(id: Id): MessageResource;
}

/** The messages of a conversation: what `client.conversations.messages(id)` gives. */
export interface MessageResource extends GenericResource<Message> {}

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
   * The versions of a tier account. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the tier account.
   */
  versions(id: Id): TierAccountVersionResource;
}

/** The versions of a tier account. */
export interface TierAccountVersionResource extends GenericResource<TierAccount> {}

/** Tier account requests: changes of customers and resellers. */
export class TierAccountRequestResource extends GenericResource<TierAccountRequest> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Accepts a change.
   *
   * @param id The id of the tier account request.
   * @param options What is particular to this call.
   * @returns The tier account request. Rejects as all methods of a resource do.
   */
  accept(id: Id, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Ignores a change, for a reason.
   *
   * @param id The id of the tier account request.
   * @param reason The reason.
   * @param options What is particular to this call.
   * @returns The tier account request. Rejects as all methods of a resource do.
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
   * @param id The id of the tier configuration request.
   * @param reason The reason.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
   */
  fail(id: Id, reason?: string | null, options?: CallOptions | null): Promise<void>;

  /**
   * Asks for more.
   *
   * @param id The id of the tier configuration request.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
   */
  inquire(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Puts a request back to pending.
   *
   * @param id The id of the tier configuration request.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
   */
  pending(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Approves a request.
   *
   * @param id The id of the tier configuration request.
   * @param request For example `{ template: { id } }`.
   * @param options What is particular to this call.
   * @returns What Connect answers. Rejects as all methods of a resource do.
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
   * @param id The id of the listing request.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
   */
  cancel(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Completes a request.
   *
   * @param id The id of the listing request.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
   */
  complete(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Deploys a request.
   *
   * @param id The id of the listing request.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
   */
  deploy(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Sends a request back to be refined.
   *
   * @param id The id of the listing request.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
   */
  refine(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Submits a request.
   *
   * @param id The id of the listing request.
   * @param options What is particular to this call.
   * @returns Nothing. Rejects as all methods of a resource do.
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
   * @param id The id of the case.
   * @param options What is particular to this call.
   * @returns The case. Rejects as all methods of a resource do.
   */
  pend(id: Id, options?: CallOptions | null): Promise<Case>;

  /**
   * Asks the issuer for more.
   *
   * @param id The id of the case.
   * @param options What is particular to this call.
   * @returns The case. Rejects as all methods of a resource do.
   */
  inquire(id: Id, options?: CallOptions | null): Promise<Case>;

  /**
   * Resolves a case.
   *
   * @param id The id of the case.
   * @param options What is particular to this call.
   * @returns The case. Rejects as all methods of a resource do.
   */
  resolve(id: Id, options?: CallOptions | null): Promise<Case>;

  /**
   * Closes a case, with a rating and feedback.
   *
   * @param id The id of the case.
   * @param rating The rating, from 1 to 5.
   * @param feedback What to say about it.
   * @param options What is particular to this call.
   * @returns The case. Rejects as all methods of a resource do.
   */
  close(
    id: Id,
    rating?: number | null,
    feedback?: string | null,
    options?: CallOptions | null,
  ): Promise<Case>;

  /**
   * The attachments of a case. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the case.
   */
  attachments(id: Id): CaseAttachmentsResource;

  /**
   * The settings of a case. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the case.
   */
  settings(id: Id): CaseSettingsResource;
}

/** The attachments of a case. */
export interface CaseAttachmentsResource extends GenericResource<CaseAttachment> {}

/** The settings of a case. */
export interface CaseSettingsResource extends GenericResource<CaseSetting> {}

// ---------------------------------------------------------------------------------- The usage module

/** The status of a usage file. */
export type UsageFileStatus =
  | 'draft'
  | 'uploading'
  | 'uploaded'
  | 'invalid'
  | 'processing'
  | 'ready'
  | 'rejected'
  | 'pending'
  | 'accepted'
  | 'closed'
  | 'deleted';

/** When something happened to a usage file or chunk, and who did it. */
export interface UsageEvent {
  /** ISO 8601. */
  at?: string;
  by?: { id: string; name?: string; [field: string]: unknown } | null;
  [field: string]: unknown;
}

/** What happened to a usage file or chunk. */
export interface UsageEvents {
  created?: UsageEvent;
  uploaded?: UsageEvent;
  submitted?: UsageEvent;
  accepted?: UsageEvent;
  closed?: UsageEvent;
  rejected?: UsageEvent;
  deleted?: UsageEvent;
  [event: string]: UsageEvent | undefined;
}

/** How many records of a usage file or chunk are in which state. */
export interface UsageStats {
  uploaded?: number;
  validated?: number;
  pending?: number;
  accepted?: number;
  closed?: number;
  billed?: number;
  [state: string]: number | undefined;
}

/** Another object, by its id and name. */
export interface Reference {
  id: string;
  name?: string | null;
  [field: string]: unknown;
}

/** A usage file. Connect leaves out fields that are not set, and may add fields that are not listed here. */
export interface UsageFile {
  /** Such as `UF-2021-01-3453-7567`. */
  id: string;
  name?: string | null;
  status?: UsageFileStatus;
  sub_status?: 'processing' | 'processed' | null;
  external_id?: string | null;
  description?: string | null;
  note?: string | null;
  acceptance_note?: string | null;
  rejection_note?: string | null;
  error_detail?: string | null;
  vendor?: Reference;
  provider?: Reference;
  marketplace?: Reference;
  contract?: Reference;
  product?: Reference;
  environment?: 'test' | 'preview' | 'production';
  /** `tr` tiered, `pr` priced, `qt` by quantity, `cr` credit. */
  schema?: 'tr' | 'pr' | 'qt' | 'cr';
  currency?: string | null;
  /** The days that it is about, ISO 8601. */
  period?: { from?: string; to?: string };
  stats?: UsageStats;
  events?: UsageEvents;
  /** How many records are what; only when read by its id. */
  records?: { valid?: number; invalid?: number; closed?: number };
  /** Where the uploaded file is, for about ten minutes; only when read by its id. */
  usage_file_uri?: string | null;
  /** Where the processed file is, for about ten minutes; only when read by its id. */
  processed_file_uri?: string | null;
  /** Where the reconciliation is, for about ten minutes; only when read by its id. */
  reconciliation_file_uri?: string | null;
  start_datetime_utc?: string | null;
  end_datetime_utc?: string | null;
  [field: string]: unknown;
}

/**
 * A file to upload: its bytes, a Blob, a stream of Node or of the web, an async generator, or where it is on disk. It is
 * read while it is sent, not before; a stream is closed when its request has ended, whatever became of it.
 */
export type UploadFile =
  | NodeBuffer
  | ArrayBuffer
  | ArrayBufferView
  | PlatformBlob
  | ReadableSource
  | AsyncIterable<string | ArrayBufferView>
  | UploadPath;

/** A file on disk. */
export interface UploadPath {
  /** Its path. If there is no such file, the call rejects with Node's error, and nothing is sent. */
  path: string;
  /** The name that Connect is told. Default: the last part of the path. */
  name?: string;
  /** The media type. Default: that of an Excel sheet (xlsx). */
  type?: string;
}

/** A stream that can be read: Node's or the web's. */
export type ReadableSource =
  | { pipe(destination: any, options?: any): any; [Symbol.asyncIterator](): AsyncIterator<any> }
  | { getReader(): any };

/** The options of a download. */
export interface DownloadOptions extends CallOptions {
  /**
   * The path of a file that the answer is written to, instead of into memory. It appears there when it is whole; what
   * was there before is replaced then, and stays if the download fails.
   */
  to?: string | undefined;
}

/** Where a download was saved. */
export interface SavedFile {
  /** The path, as it was given. */
  path: string;
  /** How many bytes it has. */
  bytes: number;
}

/**
 * Usage files: reports of usage, made and uploaded by vendors, accepted and closed by providers.
 *
 * @example
 * const file = await client.usageFiles.create({ name: 'January', product: { id: 'PRD-1' }, contract: { id: 'CRD-1' } });
 * await client.usageFiles.upload(file.id, { path: 'january.xlsx' });
 * await client.usageFiles.submit(file.id);
 */
export class UsageFileResource extends GenericResource<UsageFile, Filter, UsageFile> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Accepts a usage file.
   *
   * @param id The id of the usage file.
   * @param acceptanceNote A note.
   * @param options What is particular to this call.
   * @returns The usage file. Rejects as all methods of a resource do.
   */
  accept(id: Id, acceptanceNote?: string | null, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Approves all records of a usage file.
   *
   * @param id The id of the usage file.
   * @param options What is particular to this call.
   * @returns The usage file. Rejects as all methods of a resource do.
   */
  approveAll(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Closes a usage file.
   *
   * @param id The id of the usage file.
   * @param options What is particular to this call.
   * @returns The usage file. Rejects as all methods of a resource do.
   */
  close(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Deletes a usage file.
   *
   * @param id The id of the usage file.
   * @param options What is particular to this call.
   * @returns The usage file, as Connect gives it. Rejects as all methods of a resource do.
   */
  delete(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Processes an uploaded file again.
   *
   * @param id The id of the usage file.
   * @param options What is particular to this call.
   * @returns The usage file. Rejects as all methods of a resource do.
   */
  reprocess(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Submits a usage file to the provider.
   *
   * @param id The id of the usage file.
   * @param options What is particular to this call.
   * @returns The usage file. Rejects as all methods of a resource do.
   */
  submit(id: Id, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Rejects a usage file.
   *
   * @param id The id of the usage file.
   * @param rejectionNote A note.
   * @param options What is particular to this call.
   * @returns The usage file. Rejects as all methods of a resource do.
   */
  reject(id: Id, rejectionNote?: string | null, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * Uploads the reconciliation of a usage file.
   *
   * @param id The id of the usage file.
   * @param reconFile The file: xlsx.
   * @param options What is particular to this call.
   * @returns What Connect answers. Rejects as all methods of a resource do.
   */
  reconciliation(id: Id, reconFile: UploadFile, options?: CallOptions | null): Promise<any>;

  /**
   * Uploads the usage of a usage file.
   *
   * @param id The id of the usage file.
   * @param usageFile The file: xlsx. A path stands in an object: a string that names a file is a TypeError.
   * @param options What is particular to this call.
   * @returns The usage file. Rejects as all methods of a resource do.
   *
   * @example
   * await client.usageFiles.upload('UF-2021-01-3453-7567', { path: 'january.xlsx' });
   */
  upload(id: Id, usageFile: UploadFile, options?: CallOptions | null): Promise<UsageFile>;

  /**
   * The categories of a usage file. The same id always gives the same object. It never throws: with an id that cannot be used, the
   * methods of what it gives reject.
   *
   * @param id The id of the usage file.
   */
  categories(id: Id): CategoryUsageFileResource;
}

/** A category of the records of a usage file. */
export interface UsageCategory {
  id: string;
  name?: string;
  description?: string;
  [field: string]: unknown;
}

/** The categories of a usage file: what `client.usageFiles.categories(id)` gives. */
export interface CategoryUsageFileResource extends GenericResource<UsageCategory> {}

/** A reconciliation of a usage file. */
export interface Reconciliation {
  /** Such as `RCF-2020-07-8349-4102-001`. */
  id: string;
  status?: 'uploaded' | 'processing' | 'processed' | 'failed' | null;
  usagefile?: UsageRecordFile;
  partusagefile?: Reference;
  binding?: UsageBinding;
  error?: { detail?: string };
  notes?: { uploaded?: string; processing?: string };
  events?: UsageEvents;
  [field: string]: unknown;
}

/** The hub that a part of a usage file belongs to. */
export interface UsageBinding {
  hub?: Reference;
  external_id?: string | null;
  [field: string]: unknown;
}

/** Reconciliations of usage files: what a provider says became of the records. */
export class UsageReconciliationResource extends GenericResource<Reconciliation> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);

  /**
   * Downloads the processed file.
   *
   * @param id The id of the reconciliation.
   * @param options What is particular to this call.
   * @returns Its bytes. Rejects as all methods of a resource do.
   */
  processedFile(id: Id, options?: CallOptions | null): Promise<NodeBuffer>;
  /**
   * Downloads the processed file to a file, in constant memory.
   *
   * @param id The id of the reconciliation.
   * @param options Where to.
   * @returns Where it was saved. Rejects as all methods of a resource do, and with Node's error if it cannot be written.
   */
  processedFile(id: Id, options: DownloadOptions & { to: string }): Promise<SavedFile>;

  /**
   * Downloads the uploaded file.
   *
   * @param id The id of the reconciliation.
   * @param options What is particular to this call.
   * @returns Its bytes. Rejects as all methods of a resource do.
   */
  uploadedFile(id: Id, options?: CallOptions | null): Promise<NodeBuffer>;
  /**
   * Downloads the uploaded file to a file, in constant memory.
   *
   * @param id The id of the reconciliation.
   * @param options Where to.
   * @returns Where it was saved. Rejects as all methods of a resource do, and with Node's error if it cannot be written.
   */
  uploadedFile(id: Id, options: DownloadOptions & { to: string }): Promise<SavedFile>;
}

/** A part of a usage file that goes to one hub. */
export interface UsageChunk {
  /** Such as `UFC-2020-07-8349-4102-001`. */
  id: string;
  status?: 'draft' | 'ready' | 'closed' | 'failed';
  /** Whether the records have changed since it was made. */
  outdated?: boolean;
  external_id?: string | null;
  usagefile?: UsageRecordFile;
  binding?: UsageBinding;
  marketplace?: Reference;
  provider?: Reference;
  error?: { detail?: string };
  stats?: UsageStats;
  events?: UsageEvents;
  [field: string]: unknown;
}

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
   * Closes a chunk with the number of the invoice that billed it, and a note.
   *
   * @param id The id of the chunk.
   * @param externalBillingId The number of the invoice.
   * @param externalBillingNote A note.
   * @param options What is particular to this call.
   * @returns The chunk. Rejects as all methods of a resource do.
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
   * @param id The id of the chunk.
   * @param options What is particular to this call.
   * @returns Its bytes: xlsx. Rejects as all methods of a resource do.
   */
  download(id: Id, options?: CallOptions | null): Promise<NodeBuffer>;
  /**
   * Downloads a chunk to a file, in constant memory.
   *
   * @param id The id of the chunk.
   * @param options Where to.
   * @returns Where it was saved. Rejects as all methods of a resource do, and with Node's error if it cannot be written.
   */
  download(id: Id, options: DownloadOptions & { to: string }): Promise<SavedFile>;

  /**
   * Makes a chunk anew.
   *
   * @param id The id of the chunk.
   * @param options What is particular to this call.
   * @returns The chunk. Rejects as all methods of a resource do.
   */
  regenerate(id: Id, options?: CallOptions | null): Promise<UsageChunk>;
}

/** What was consumed of an item by an asset. It has no id. */
export interface UsageAggregate {
  item?: UsageRecordItem;
  asset?: UsageRecordAsset;
  amount?: number | null;
  currency?: string | null;
  consumed?: number;
  accepted?: number;
  events?: { last_reported?: UsageEvent };
  [field: string]: unknown;
}

/** Usage aggregates: what was consumed of an item by an asset. Connect only lists them: use `search`. */
export class UsageAggregateResource extends GenericResource<UsageAggregate> {
  /** @param client The client to send with. */
  constructor(client: ConnectClient);
}

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

/** A record that is to be closed, in JavaScript's spelling or the API's. */
export type RecordToClose =
  | { id: Id; externalBillingId: string | null; externalBillingNote?: string | null | undefined }
  | { id: Id; external_billing_id: string | null; external_billing_note?: string | null | undefined };

/** The options of `closeMany`; all may be left out. */
export interface CloseManyOptions {
  /** How many records a request closes. Default: 100. */
  batchSize?: number | undefined;
  /**
   * How many requests are under way at most. When Connect asks for patience (429, 503) it is halved, and grows again by
   * one in four rounds that go well; besides, there are gaps between requests for a while. Default: 4.
   */
  concurrency?: number | undefined;
  /** How many milliseconds the first back-off lasts at most; it doubles up to sixteen times that. Default: 500. */
  backOff?: number | undefined;
  /** How often a record is sent in one run; what never left and what was answered by 429 do not count. Default: 5. */
  maxTries?: number | undefined;
  /**
   * For how many milliseconds after a request of unknown effect (a lost answer, 408, 5xx) its records are not sent again.
   * Each is read at the start, in the middle and at the end, and sent again only if the last read says that it is
   * approved. Default: 5000.
   */
  window?: number | undefined;
  /**
   * For how many milliseconds, as the sum of growing pauses, a record is read on after its window when reads say nothing
   * certain, or lag behind what Connect answered; then it is `unknown`. Default: 60000.
   */
  readBackTimeout?: number | undefined;
  /**
   * Calls the run off: it rejects with an AbortError of its own (`code` is `ABORT_ERR`, `cause` the signal's reason), and
   * what was under way is `unknown`.
   */
  signal?: AbortSignalLike | undefined;
  /**
   * Is told how far the run is, at most ten times a second, and at its end. What it throws, or rejects with, ends the run;
   * at the end the run waits for the promises it gave.
   */
  onProgress?: ((progress: CloseProgress) => void | Promise<void>) | undefined;
  /**
   * The path of a file in which the run is written down before each step. A run with the same file goes on where the
   * last one was cut off, at whatever moment that was: what was closed is skipped, what was under way is read back.
   */
  journal?: string | undefined;
  /** Whether to check the records, and the journal, and send nothing. Default: false. */
  dryRun?: boolean | undefined;
  /** Whether the first record that cannot be closed ends the run; it resolves with `stopped` then. Default: false. */
  stopOnError?: boolean | undefined;
  /** The number of the invoice, for records that have none of their own. */
  externalBillingId?: string | undefined;
  /** The note, for records that have none of their own. */
  externalBillingNote?: string | undefined;
}

/** How far a run is. */
export interface CloseProgress {
  /** How many records are settled. */
  done: number;
  /** How many there are; undefined where they come from a stream. */
  total?: number;
  /** How many are closed, now or before. */
  closed: number;
  /** How many are not. */
  failed: number;
  /** Records a second, since the beginning. */
  rate: number;
  /** How many milliseconds it will go on at that rate; undefined where the total is not known. */
  etaMs?: number;
}

/** What became of the records of a run. Every record is counted in exactly one of the first six. */
export interface CloseReport {
  /** How many records the run closed. */
  closed: number;
  /** How many were closed before, with the same billing id. */
  alreadyClosed: number;
  /** Those that cannot be closed, and why. */
  failed: { id: string; errorCodes?: string; errorDetails?: string }[];
  /** Those that are closed with another billing id, and with which. */
  conflicts: { id: string; externalBillingId: string | null }[];
  /** Those of which it could not be found out, and why: each may be closed, or not. Run again to find out. */
  unknown: UnknownRecord[];
  /**
   * How many are certain not to have been closed by us: the run ended before they were sent, or Connect did nothing with
   * them (429, 401, 403), or it was a dry run.
   */
  notSent: number;
  /** How many came more than once with the same billing id; they count once. */
  duplicates: number;
  /** How many requests were made. */
  requests: number;
  /** How many of these were made again. */
  retries: number;
  /** How long it took, in ms. */
  elapsedMs: number;
  /**
   * How many records of the list that was given still match it: those that could not be closed, or were added. Undefined
   * where that could not be found out.
   */
  leftOpen?: number;
  /** Why the run ended before its records did, in a sentence; the same as `cause.message`. */
  stopped?: string;
  /** Why the run ended before its records did; not where it was called off. */
  cause?: CloseCause;
}

/** Why a record is unknown, or a run ended early. */
export interface CloseCause {
  /** Node's code for what went wrong with the connection (`ECONNRESET`), or Connect's for what it refused. */
  code?: string;
  /** The HTTP status, where there was an answer. */
  status?: number;
  /** What happened, in a sentence. */
  message: string;
}

/** A record of which it could not be found out whether it is closed, and why. */
export interface UnknownRecord extends CloseCause {
  /** The record. */
  id: string;
}

/**
 * Usage records: what a customer used, and the invoice that billed it. Connect has no way to create or delete
 * one by itself: the inherited `create` and `delete` are refused by it.
 *
 * @example
 * const records = new UsageRecordResource(client); // or: client.usageRecords
 * const approved = await records.search({ status: 'approved' });
 */
export class UsageRecordResource extends GenericResource<UsageRecord, UsageRecordFilter> {
  /**
   * @param client The client to send with.
   */
  constructor(client: ConnectClient);

  /**
   * Closes one usage record with the number of the invoice that billed it, and a note.
   *
   * The original's documentation names a `UsageChunkResource` as the result; its code resolves to the parsed answer, and so
   * does this.
   *
   * @param id The id of the usage record, such as `UR-2021-01-2023-8696-9408-6767`.
   * @param externalBillingId The number of the invoice. Left out of the request if undefined, sent if null.
   * @param externalBillingNote A note. Left out of the request if undefined, sent if null.
   * @param options What is particular to this call.
   * @returns The closed record (undefined if Connect answers without a body). Rejects with a TypeError for an
   *   id that cannot be used, with APIError if Connect refuses, as for a record that is not approved, with
   *   ConnectionError or TimeoutError if there was no answer: `maybeProcessed` then says whether the record may
   *   have been closed nevertheless.
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
   * Closes records with one request. Connect answers 206 whether all were closed or not: look at each item.
   *
   * @param records The records, a few hundred at most; for more, and to be sure of each, use `closeMany`.
   * @param options What is particular to this call.
   * @returns What became of each, as Connect says it: `error_codes` where a record was not closed. Rejects with a
   *   TypeError that names the record if one cannot be used; otherwise as `close` does.
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
   * The original's documentation names a `UsageChunkResource` as the result; its code resolves to the parsed answer, and so
   * does this.
   *
   * @param id The id of the usage file, such as `UF-2021-01-3453-7567`.
   * @param recordId The id of the usage record. Left out of the request if undefined.
   * @param externalBillingId The number of the invoice. Left out of the request if undefined, sent if null.
   * @param externalBillingNote A note. Left out of the request if undefined, sent if null.
   * @param options What is particular to this call.
   * @returns What Connect answers: the record, or a result per record, of which some may have failed though the
   *   call succeeded. Rejects as `close` does.
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
  ): Promise<UsageRecord | CloseRecordResult[]>;

  /**
   * Closes any number of records, each once in effect: what was sent and not answered for is read back before it is
   * sent again, and only what a record then is decides what is reported.
   *
   * @param records An array, which is checked as a whole before anything is sent; any other iterable or async iterable,
   *   of which a million records are closed in constant memory; or a `list` of usage records, which is read as a whole
   *   first. A record that comes twice counts once; with two billing ids it is a mistake.
   * @param options How the run is to go.
   * @returns What became of the records. Rejects with a TypeError for a record or an option that cannot be used, with
   *   APIError if the key may not close records, with HttpError if the endpoint is not Connect's, with ConnectionError if
   *   Connect cannot be reached, asks for patience again and again, with an Error with
   *   Node's code (`ENOENT`, `EACCES`, `ENOSPC`, `EBUSY` for one that another run writes) if the journal cannot be opened or
   *   written, with a TypeError if it is of another endpoint, or none, with an AbortError if it was called off, and with what the source of the records, `onProgress`, a hook or an adapter throws; `report` of
   *   the error then says what was done until then.
   *
   * @example
   * const report = await client.usageRecords.closeMany(records, { journal: 'january.journal' });
   * for (const { id, message } of report.unknown) console.log('run again:', id, message);
   *
   * @example
   * await client.usageRecords.closeMany(client.usageRecords.list({ status: 'approved' }), { externalBillingId: 'INV-7' });
   */
  closeMany(
    records: Iterable<RecordToClose> | AsyncIterable<RecordToClose> | List<UsageRecord>,
    options?: CloseManyOptions,
  ): Promise<CloseReport>;
  /** The same, of records that have their billing id from the options. */
  closeMany(
    records: Iterable<{ id: Id }> | AsyncIterable<{ id: Id }>,
    options: CloseManyOptions & { externalBillingId: string },
  ): Promise<CloseReport>;
}

/** The status of a usage record. Only an `approved` one can be closed. */
export type UsageRecordStatus = 'valid' | 'invalid' | 'approved' | 'rejected' | 'closed';

/** A usage record. Connect leaves out fields that are not set, and may add fields that are not listed here. */
export interface UsageRecord {
  /** Such as `UR-2021-01-2023-8696-9408-6767`. */
  id: string;
  /** Where it stands; only an `approved` one can be closed. */
  status?: UsageRecordStatus | null;
  /** Begin of the usage, ISO 8601. */
  start_date?: string;
  /** End of the usage, ISO 8601. */
  end_date?: string;
  product_id?: string | null;
  /** The invoice that billed it, once it is closed. */
  external_billing_id?: string | null;
  /** The note that it was closed with. */
  external_billing_note?: string | null;
  item?: UsageRecordItem;
  asset?: UsageRecordAsset;
  /** Connect's documentation has text here, its answers an object. */
  category?: string | { id: string; name: string; [field: string]: unknown };
  tier?: number | null;
  /** In the currency of the usage file. */
  amount?: number | null;
  multiplier?: number;
  /** The quantity, in the unit of the item. */
  usage?: number;
  /** When it was closed, ISO 8601. */
  closed_at?: string | null;
  /** Who closed it. */
  closed_by?: string | null;
  params?: UsageRecordParameter[];
  item_id?: string;
  asset_id?: string;
  usagefile?: UsageRecordFile;
  resource_local_id?: string;
  asset_external_id?: string;
  asset_external_uid?: string;
  [field: string]: unknown;
}

/** The item that was used. */
export interface UsageRecordItem {
  id: string;
  local_id?: string | null;
  name?: string;
  unit?: string | null;
  mpn?: string | null;
  precision?: string;
  type?: string;
  [field: string]: unknown;
}

/** The asset that used it. */
export interface UsageRecordAsset {
  id: string;
  external_id?: string | null;
  external_uid?: string | null;
  [field: string]: unknown;
}

/** The usage file that the record came with. */
export interface UsageRecordFile {
  id: string;
  name?: string | null;
  /** The schema of the file. */
  schema?: 'tr' | 'pr' | 'qt' | 'cr';
  currency?: string | null;
  [field: string]: unknown;
}

/** A parameter of the usage. */
export interface UsageRecordParameter {
  parameter_name: string;
  parameter_value?: string | null;
  [field: string]: unknown;
}

/** What became of one record of a call that closes several. */
export interface CloseRecordResult {
  /** The usage record. */
  id: string;
  /** The status that it has now. */
  status?: UsageRecordStatus;
  /** Connect's code for why it was not closed; absent if it was. */
  error_codes?: string;
  /** Connect's sentence about why it was not closed; absent if it was. */
  error_details?: string;
  [field: string]: unknown;
}

/**
 * The fields that may be sent of an object, at any depth: each may be left out, or null. An interface is
 * accepted as well as a literal.
 */
export type Draft<T> = 0 extends 1 & T
  ? any
  : unknown extends T
    ? any
    : T extends readonly (infer Item)[]
      ? readonly Draft<Item>[]
      : T extends object
        ? { [Key in keyof T]?: Draft<T[Key]> | null | undefined }
        : T;

// -------------------------------------------------------------------------------- Operation classes

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
   * @param options What is particular to this call.
   * @returns The requests found.
   */
  searchRequests(query?: Filter | null, options?: CallOptions | null): Promise<Request[]>;

  /**
   * Fails an asset request.
   *
   * @param id The request's id.
   * @param reason Why it cannot be fulfilled.
   * @param options What is particular to this call.
   * @returns The failed request.
   */
  failRequest(id: Id, reason?: string | null, options?: CallOptions | null): Promise<Request>;

  /**
   * Changes an asset request.
   *
   * @param id The request's id.
   * @param body What to change.
   * @param options What is particular to this call.
   * @returns The changed request.
   */
  updateRequest(id: Id, body: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Makes an asset request.
   *
   * @param request The request to make.
   * @param options What is particular to this call.
   * @returns The request made.
   */
  createRequest(request: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Sets parameters of the asset of a request.
   *
   * @param id The request's id.
   * @param params The parameters, each with its `id` and what to set.
   * @param note A note for the request. Only undefined leaves it as it is; null and '' are sent.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The approved request.
   */
  approveRequest(id: Id, body: object, options?: CallOptions | null): Promise<Request>;

  /**
   * Approves an asset request through a template.
   *
   * @param id The request's id.
   * @param templateId The template that the customer sees.
   * @param options What is particular to this call.
   * @returns The approved request.
   */
  approveRequestWithTemplate(id: Id, templateId: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Moves an asset request back to pending.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns The pending request.
   */
  pendingRequest(id: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Reads one asset request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns The request.
   */
  getRequest(id: Id, options?: CallOptions | null): Promise<Request>;

  /**
   * Finds tier configuration requests.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @param options What is particular to this call.
   * @returns The requests found.
   */
  searchTierConfigRequests(query?: Filter | null, options?: CallOptions | null): Promise<TierConfigRequest[]>;

  /**
   * Fails a tier configuration request.
   *
   * @param id The request's id.
   * @param reason Why it cannot be fulfilled.
   * @param options What is particular to this call.
   * @returns Nothing.
   */
  failTierConfigRequest(id: Id, reason?: string | null, options?: CallOptions | null): Promise<void>;

  /**
   * Approves a tier configuration request.
   *
   * @param id The request's id.
   * @param body What to approve with: `{ template: { id } }`.
   * @param options What is particular to this call.
   * @returns What the call answered.
   */
  approveTierConfigRequest(id: Id, body: object, options?: CallOptions | null): Promise<any>;

  /**
   * Approves a tier configuration request through a template.
   *
   * @param id The request's id.
   * @param templateId The template that is shown. It is nested here, unlike for an asset request.
   * @param options What is particular to this call.
   * @returns What the call answered.
   */
  approveTierConfigRequestWithTemplate(id: Id, templateId: Id, options?: CallOptions | null): Promise<any>;

  /**
   * Changes a tier configuration request.
   *
   * @param id The request's id.
   * @param body What to change.
   * @param options What is particular to this call.
   * @returns The changed request.
   */
  updateTierConfigRequest(id: Id, body: object, options?: CallOptions | null): Promise<TierConfigRequest>;

  /**
   * Sets parameters of a tier configuration request.
   *
   * @param id The request's id.
   * @param params The parameters, each with its `id` and what to set.
   * @param notes Notes for the request. Only undefined leaves them as they are; null and '' are sent.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The request made.
   */
  createTierConfigRequest(request: object, options?: CallOptions | null): Promise<TierConfigRequest>;

  /**
   * Makes a request that updates an existing tier configuration.
   *
   * @param configurationId The id of the configuration (not of a request).
   * @param params The parameters to set.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns Nothing.
   */
  pendingTierConfigRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Reads one tier configuration request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns The request.
   */
  getTierConfigRequest(id: Id, options?: CallOptions | null): Promise<TierConfigRequest>;

  /**
   * Finds the connection between a product and a hub.
   *
   * @param productId The product's id.
   * @param hubId The hub's id.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The assets found.
   */
  searchAssets(query?: Filter | null, options?: CallOptions | null): Promise<Asset[]>;

  /**
   * Finds tier configurations.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @param options What is particular to this call.
   * @returns The configurations found.
   */
  searchTierConfigurations(query?: Filter | null, options?: CallOptions | null): Promise<TierConfig[]>;

  /**
   * Finds tier accounts.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @param options What is particular to this call.
   * @returns The accounts found.
   */
  searchTierAccounts(query?: Filter | null, options?: CallOptions | null): Promise<TierAccount[]>;

  /**
   * Reads one tier account.
   *
   * @param id The account's id.
   * @param options What is particular to this call.
   * @returns The account.
   */
  getTierAccount(id: Id, options?: CallOptions | null): Promise<TierAccount>;

  /**
   * Finds the assets of a product that carry an external id.
   *
   * @param productId The product's id.
   * @param externalId The id that the assets have outside Connect.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The request made.
   */
  createTierAccountRequest(request: object, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Finds tier account requests.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The request.
   */
  getTierAccountRequest(id: Id, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Accepts a tier account request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns What the call answered.
   */
  acceptTierAccountRequest(id: Id, options?: CallOptions | null): Promise<TierAccountRequest>;

  /**
   * Ignores a tier account request.
   *
   * @param id The request's id.
   * @param reason Why it is ignored.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The account in that version.
   */
  getTierAccountVersion(id: Id, version: Id, options?: CallOptions | null): Promise<TierAccount>;

  /** The client. */
  _client: ConnectClient;
}

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
   * @param options What is particular to this call.
   * @returns The parameters.
   */
  getParametersByProduct(productId: Id, options?: CallOptions | null): Promise<ProductParameter[]>;

  /**
   * Reads the parameters of a product that are filled in for an asset while it is fulfilled.
   *
   * @param productId The product's id.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The templates.
   */
  getProductTemplates(productId: Id, options?: CallOptions | null): Promise<ProductTemplate[]>;

  /**
   * Reads the templates of a product, and keeps those for assets. All are fetched.
   *
   * @param productId The product's id.
   * @param options What is particular to this call.
   * @returns The templates whose scope is `asset`; rejects also if a template is null.
   */
  getProductAssetTemplates(productId: Id, options?: CallOptions | null): Promise<ProductTemplate[]>;

  /**
   * Reads the link that carries out an action of a product for an asset.
   *
   * @param productId The product's id.
   * @param actionId The action's id.
   * @param assetId The asset's id.
   * @param options What is particular to this call.
   * @returns The link.
   */
  getProductActionLink(productId: Id, actionId: Id, assetId: Id, options?: CallOptions | null): Promise<any>;

  /**
   * Finds parameters of a product.
   *
   * @param productId The product's id.
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @param options What is particular to this call.
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
   * @param options What is particular to this call.
   * @returns The requests found.
   */
  searchBillingRequests(query?: Filter | null, options?: CallOptions | null): Promise<BillingRequest[]>;

  /**
   * Makes a billing request.
   *
   * @param request The request to make.
   * @param options What is particular to this call.
   * @returns The request made.
   */
  createBillingRequest(request: object, options?: CallOptions | null): Promise<BillingRequest>;

  /**
   * Reads one billing request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns The request.
   */
  getBillingRequest(id: Id, options?: CallOptions | null): Promise<BillingRequest>;

  /**
   * Changes the attributes of a billing request.
   *
   * @param id The request's id.
   * @param body The attributes to change.
   * @param options What is particular to this call.
   * @returns What the call answered.
   */
  updateBillingRequestAttributes(id: Id, body: object, options?: CallOptions | null): Promise<any>;

  /**
   * Finds recurring assets.
   *
   * @param query A filter, as for `search` of a resource. Default: the first page of all.
   * @param options What is particular to this call.
   * @returns The assets found.
   */
  searchRecurringAssets(query?: Filter | null, options?: CallOptions | null): Promise<Asset[]>;

  /**
   * Reads one recurring asset.
   *
   * @param id The asset's id.
   * @param options What is particular to this call.
   * @returns The asset.
   */
  getRecurringAsset(id: Id, options?: CallOptions | null): Promise<Asset>;

  /** The client. */
  _client: ConnectClient;
}

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
   * @param options What is particular to this call.
   * @returns The requests found.
   */
  searchListingRequests(query?: Filter | null, options?: CallOptions | null): Promise<ListingRequest[]>;

  /**
   * Makes a listing request.
   *
   * @param request The request to make.
   * @param options What is particular to this call.
   * @returns The request made.
   */
  createListingRequest(request: object, options?: CallOptions | null): Promise<ListingRequest>;

  /**
   * Reads one listing request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns The request.
   */
  getListingRequest(id: Id, options?: CallOptions | null): Promise<ListingRequest>;

  /**
   * Submits a listing request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns Nothing.
   */
  submitListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Cancels a listing request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns Nothing.
   */
  cancelListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Sends a listing request back to be refined.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns Nothing.
   */
  refineListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Completes a listing request.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns Nothing.
   */
  completeListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /**
   * Moves a listing request on to its deployment.
   *
   * @param id The request's id.
   * @param options What is particular to this call.
   * @returns Nothing.
   */
  deployListingRequest(id: Id, options?: CallOptions | null): Promise<void>;

  /** The client. */
  _client: ConnectClient;
}

// --------------------------------------------------------------------------------------------- Filters

/** A value to compare with. Undefined, null and empty text drop the comparison; a Date is sent as ISO 8601. */
export type FilterValue = string | number | bigint | boolean | Date | null | undefined;

/** One value or several. */
export type OneOrMany<V> = V | readonly NonNullable<V>[];

/**
 * Conditions on one field. Several together must all hold.
 *
 * @example
 * { start_date: { $ge: '2021-01-01', $lt: '2021-02-01' }, 'asset.id': { $in: ['AS-1', 'AS-2'] } }
 */
export interface FieldOperators<V extends FilterValue = FilterValue> {
  /** Is equal to. */
  $eq?: V;
  /** Is not equal to. */
  $ne?: V;
  /** Is greater than. */
  $gt?: V;
  /** Is greater than or equal to. */
  $ge?: V;
  /** Is less than. */
  $lt?: V;
  /** Is less than or equal to. */
  $le?: V;
  /** As `$ge`, which is what is sent. */
  $gte?: V;
  /** As `$le`, which is what is sent. */
  $lte?: V;
  /** Contains this text. */
  $like?: string | null | undefined;
  /** Contains this text, in upper or lower case. */
  $ilike?: string | null | undefined;
  /** Is one of these. An empty list drops the comparison, as null does. */
  $in?: OneOrMany<V>;
  /** Is none of these. An empty list drops the comparison. */
  $out?: OneOrMany<V>;
  /** Lies between these, both included; one of the two may be left out. */
  $range?: { min: NonNullable<V>; max?: V } | { min?: V; max: NonNullable<V> } | null | undefined;
  /** Is null (true), or is not (false). */
  $null?: boolean | null | undefined;
  /** Is empty text (true), or is not (false). */
  $empty?: boolean | null | undefined;
  /** Fulfils all of these. */
  $and?: readonly (V | FieldOperators<V>)[] | null | undefined;
  /** Fulfils at least one of these. */
  $or?: readonly (V | FieldOperators<V>)[] | null | undefined;
  /** Fulfils none of these, which must be single comparisons: what is made of several is a TypeError. */
  $not?: OneOrMany<FieldOperators<V>> | null | undefined;
}

/** What a field must fulfil: be a value, be one of several, or stand comparisons. */
export type FieldFilter<V extends FilterValue = FilterValue> = OneOrMany<V> | FieldOperators<V>;

/** What a name of a field begins with: not with a `$`, so that an operator that is misspelt does not compile. */
type Initial =
  | (
      | 'a'
      | 'b'
      | 'c'
      | 'd'
      | 'e'
      | 'f'
      | 'g'
      | 'h'
      | 'i'
      | 'j'
      | 'k'
      | 'l'
      | 'm'
      | 'n'
      | 'o'
      | 'p'
      | 'q'
      | 'r'
      | 's'
    )
  | ('t' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z' | '_');

/**
 * What `search` finds: all that fulfils every one of the fields. Fields of fields are written with a dot;
 * `limit` (objects per page) and `offset` (objects to skip) stand among the fields.
 *
 * @example
 * { status: 'approved', 'asset.id': { $in: ['AS-1', 'AS-2'] }, $ordering: '-created_time', limit: 100 }
 *
 * @example
 * { $or: [{ status: 'approved' }, { status: 'valid', 'item.id': 'PRD-1' }] }
 */
export interface Filter {
  /** All of these filters. */
  $and?: readonly Filter[] | null | undefined;
  /** At least one of these filters. */
  $or?: readonly Filter[] | null | undefined;
  /** None of the conditions in these, which must be single ones: what is made of several is a TypeError. */
  $not?: OneOrMany<Filter> | null | undefined;
  /** The fields to answer with; with `-` before the name, a field to leave out. */
  $select?: OneOrMany<string> | null | undefined;
  /** The fields to order by; with `-` before the name, descending. */
  $ordering?: OneOrMany<string> | null | undefined;
  [field: `${Initial | Uppercase<Initial>}${string}`]: FieldFilter;
}

/** The filters of usage records. Connect documents these fields, and orders by `created_time`, `usage_start_time` and `status`. */
export interface UsageRecordFilter extends Filter {
  $and?: readonly UsageRecordFilter[] | null | undefined;
  $or?: readonly UsageRecordFilter[] | null | undefined;
  $not?: OneOrMany<UsageRecordFilter> | null | undefined;
  status?: FieldFilter<UsageRecordStatus | null | undefined>;
  'asset.id'?: FieldFilter;
  'asset.external_id'?: FieldFilter;
  'asset.external_uid'?: FieldFilter;
  'hub.id'?: FieldFilter;
  'item.id'?: FieldFilter;
  'product.id'?: FieldFilter;
  'usagefile.id'?: FieldFilter;
  'usagefile.schema'?: FieldFilter;
  start_date?: FieldFilter;
  end_date?: FieldFilter;
  usage_start_time?: FieldFilter;
  created_time?: FieldFilter;
  /** Objects per page. */
  limit?: number;
  /** Objects to skip. */
  offset?: number;
}

// --------------------------------------------------------------------------------- Requests, responses

/** The headers of a request. A `Headers` object is not understood here. */
export interface RequestHeaders {
  [name: string]: string | number | boolean;
}

/** The options of a request: those of node-fetch 2. Others are allowed, and reach the adapter. */
export interface RequestOptions {
  /** The verb, in any case. Default: `GET`. */
  method?: string;
  /** Names and values; the client's key beats an `Authorization` among them. */
  headers?: RequestHeaders;
  /**
   * Plain objects and arrays are sent as JSON, text as `text/plain`, Buffers, typed arrays, Blobs and streams as
   * bytes, URLSearchParams and FormData as forms. A GET or HEAD with a body is a TypeError.
   */
  body?: unknown;
  /** What becomes of a redirect. Default: `follow`; with `error` it is a ConnectionError. */
  redirect?: 'follow' | 'manual' | 'error';
  /** How many redirects are followed. Default: 20. */
  follow?: number;
  /** Milliseconds for the whole call, repetitions included; 0 for no limit. Default: the client's `timeout`. */
  timeout?: number;
  /** How often the engine sends the request again. Default: the client's `maxRetries`. */
  maxRetries?: number;
  /** Whether a compressed answer is asked for, and unpacked. Default: true. */
  compress?: boolean;
  /** The most bytes that the answer's body may have. Default: the client's `maxResponseBytes`, else 512 MiB. */
  size?: number;
  /** Calls the request off: it rejects with the signal's reason. */
  signal?: AbortSignalLike | null;
  /** Sends through Node's own http with this agent, or with that which a function returns for the URL. */
  agent?: NodeAgent | ((url: PlatformUrl) => NodeAgent);
  [option: string]: unknown;
}

/** A request: what before-hooks and `prepareRequest` return. */
export interface HttpRequest {
  /** Where to send it: the absolute URL. */
  url: string;
  /** How to send it. */
  options: RequestOptions;
}

/** The options that a hook is given: the headers are there, with the key as their `Authorization`. */
export interface HookedOptions extends RequestOptions {
  headers: RequestHeaders;
}

/**
 * Sees a request before it is sent: `url` is absolute, `options.body` is the caller's own value. Must be
 * synchronous, and return what is to be sent.
 */
export type BeforeRequestHook = (url: string, options: HookedOptions) => HttpRequest;

/** Sees a response, and returns the one to go on with. Only the last hook may return a promise of it. */
export type AfterResponseHook<R extends HttpResponse = ConnectResponse> = (
  response: R,
) => HttpResponse | PromiseLike<HttpResponse>;

/** Sends a request. It must return a promise. */
export type FetchFunction = (url: string, options: RequestOptions) => PromiseLike<any>;

/** What a response needs, whoever made it. */
export interface HttpResponse {
  /** Whether the status is a success. It is believed, and not computed from `status`. */
  readonly ok: boolean;
  /** The HTTP status. */
  readonly status: number;
  /** The headers, of which only `content-type` is asked for. */
  readonly headers: { get(name: string): string | null | undefined };
  /** The parsed body, or a promise of it. */
  json(): any;
  /** The body's text. */
  text(): string | PromiseLike<string>;
}

/**
 * The response of the default adapter. It has the members of the platform's Response, and those of node-fetch
 * (`buffer()`, `headers.raw()`, `body.pipe()`); a mock's response, and the global `fetch`'s, may lack the
 * latter. The body is read once: a second time rejects with a TypeError.
 */
export interface ConnectResponse extends HttpResponse {
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  /** The URL that was answered, after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  readonly type: string;
  /** The body as a stream, Node's and the web's in one; null where the status allows none. */
  readonly body: ResponseBody | null;
  readonly bodyUsed: boolean;
  /** The caller's options, the same object; undefined if there were none. */
  options?: RequestOptions | undefined;
  /** A copy with an unread body; throws a TypeError if the body was read. */
  clone(): ConnectResponse;
  /** The parsed body; rejects with a SyntaxError if it is not JSON. */
  json(): Promise<any>;
  /** The body as text, without a byte order mark. */
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<PlatformBlob>;
  /** The body's form; rejects with a TypeError if it has none. */
  formData(): Promise<PlatformFormData>;
  /** The body as bytes. */
  bytes(): Promise<Uint8Array>;
  /** The body as a Buffer. */
  buffer(): Promise<NodeBuffer>;
}

/** The headers of a response, which hooks may change. Names are found in any case. */
export interface ResponseHeaders {
  /** The value, or several joined by a comma and a blank; null if there is none. */
  get(name: string): string | null;
  has(name: string): boolean;
  /** Puts a value in the place of all that the header has; a TypeError for a name or a value that no header may have. */
  set(name: string, value: string): void;
  /** Adds a value to those that the header has. */
  append(name: string, value: string): void;
  delete(name: string): void;
  forEach(callback: (value: string, name: string, headers: ResponseHeaders) => void, thisArg?: unknown): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  /** The values of `Set-Cookie`, each by itself. */
  getSetCookie(): string[];
  /** All values by name, as node-fetch gives them. */
  raw(): { [name: string]: string[] };
  /** `Headers`. */
  readonly [Symbol.toStringTag]: string;
}

/**
 * Sends requests for a client: one of ours, or any object with a `fetch`. If it does not extend
 * `AbstractHttpAdapter` it gets the bare path, and no key.
 */
export interface HttpAdapter {
  /** Replaced by the client with the functions that add the endpoint and the key. */
  beforeRequest?: BeforeRequestHook[];
  /** Where `addAfterResponseHook` adds to; that throws if it is missing. */
  afterResponse?: AfterResponseHook<any>[];
  /**
   * Sends a request.
   *
   * @param url The path below the endpoint.
   * @param options As the resource or the caller gave them; undefined for `get` and `search`.
   */
  fetch(url: string, options?: RequestOptions): PromiseLike<HttpResponse>;
}

/**
 * The way of a request through JavaScript: before-hooks, `prepareRequest`, `_fetch`, `parseResponse`,
 * after-hooks. Extend it to send with something else than the engine.
 *
 * @example
 * class MyAdapter extends AbstractHttpAdapter {
 *   constructor() {
 *     super((url, options) => myHttp.request(url, options));
 *   }
 *   prepareRequest(url: string, options: RequestOptions) {
 *     return { url, options: { ...options, body: JSON.stringify(options.body) } };
 *   }
 *   parseResponse(response: MyResponse) {
 *     return { ok: response.code < 300, status: response.code, headers: response.headers,
 *       json: () => response.data, text: () => response.content };
 *   }
 * }
 */
export abstract class AbstractHttpAdapter implements HttpAdapter {
  /**
   * @param fetchFn Sends a request and returns a promise; called with the adapter as its `this`.
   */
  constructor(fetchFn: FetchFunction);

  /** The functions that see a request before it is sent. The array that is assigned is kept, not copied. */
  get beforeRequest(): BeforeRequestHook[];
  set beforeRequest(hooks: BeforeRequestHook[] | null | undefined);

  /** The functions that see a response. The array that is assigned is kept, not copied. */
  get afterResponse(): AfterResponseHook<any>[];
  set afterResponse(hooks: AfterResponseHook<any>[] | null | undefined);

  /**
   * Makes of a request what `_fetch` is given.
   *
   * @param url The absolute URL.
   * @param options The options, a copy; `body` is the caller's own value.
   */
  abstract prepareRequest(url: string, options: RequestOptions): HttpRequest;

  /**
   * Makes of what `_fetch` gave a response. It is called without a `this`.
   *
   * @param response What `_fetch` resolved to.
   */
  abstract parseResponse(response: any): HttpResponse;

  /**
   * Sends a request: the whole way.
   *
   * @param url The path, to which the client's hook adds the endpoint.
   * @param options Never changed. Default: a GET.
   * @returns The response, whatever its status. Rejects with what a hook or `_fetch` throws.
   */
  fetch(url: string, options?: RequestOptions): Promise<HttpResponse>;

  /** What sends; may be replaced. */
  _fetch: FetchFunction;
  /** What `beforeRequest` returns. */
  _before: BeforeRequestHook[];
  /** What `afterResponse` returns. */
  _after: AfterResponseHook<any>[];
}

/** The adapter that a client has unless it is given another: sends with the engine. */
export class DefaultHttpAdapter extends AbstractHttpAdapter {
  constructor();

  /** Turns a body that is a plain object or an array into JSON, with its content type. */
  prepareRequest(url: string, options: RequestOptions): HttpRequest;

  /** Returns the response as it is: what `_fetch` gave. */
  parseResponse(response: any): HttpResponse;
}

// ---------------------------------------------------------------------------------------------- Errors

/** What an HttpError knows besides status and message. */
export interface HttpErrorDetails {
  /** The verb of the request. */
  method?: string | undefined;
  /** Its path, without the query. */
  path?: string | undefined;
  /** How often it was sent. */
  attempts?: number | undefined;
  /** How many milliseconds were waited between the attempts. */
  waitedMs?: number | undefined;
  /** Whether the request may have been carried out. */
  maybeProcessed?: boolean | undefined;
  /** What the server said in `Retry-After`. */
  retryAfter?: string | undefined;
  /** The error behind this one. */
  cause?: unknown;
}

/**
 * Connect answered with a status that is not a success, or with a success that cannot be read.
 *
 * `message` is the text of the answer's body; only where that is empty, or a success cannot be read, does it say
 * what happened instead.
 *
 * @example
 * try {
 *   await client.usageRecords.close(id, invoice);
 * } catch (error) {
 *   if (error instanceof APIError) console.error(error.status, error.errorCode, error.errors);
 *   else throw error;
 * }
 */
export class HttpError extends Error {
  /**
   * @param status The HTTP status.
   * @param message The text of the body.
   * @param details What else is known.
   */
  constructor(status: number, message: string, details?: HttpErrorDetails);

  /** The HTTP status. */
  status: number;
  /** The verb of the request. */
  method?: string;
  /** Its path, without the query. */
  path?: string;
  /** How often it was sent, where the engine has sent it. */
  attempts?: number;
  /** How many milliseconds were waited between the attempts, if there were several. */
  waitedMs?: number;
  /** True where something may have been done though the answer (408, or a 5xx) says that something failed. */
  maybeProcessed?: boolean;
  /** What the server said in `Retry-After`, if it did: seconds, or a date. */
  retryAfter?: string;
  /** The error behind this one, if there is one: the SyntaxError of a success that is not JSON. */
  cause?: unknown;
}

/** Connect answered with an error of its own: `{ "error_code": "VAL_001", "errors": ["..."] }`. */
export class APIError extends HttpError {
  /**
   * @param status The HTTP status.
   * @param text The body, which must be JSON: otherwise a SyntaxError is thrown.
   * @param details What else is known.
   */
  constructor(status: number, text: string, details?: HttpErrorDetails);

  /** The parsed body. */
  get json(): any;
  /** Connect's code for what went wrong, such as `VAL_001`; undefined where the body has none. */
  get errorCode(): string | undefined;
  /** Connect's sentences about what went wrong; undefined where the body has none. */
  get errors(): string[] | undefined;

  /** What `json` returns. */
  _json: any;
}

/** What a ConnectionError knows besides its message. */
export interface ConnectionErrorDetails extends HttpErrorDetails {
  /** Node's code, such as `ECONNREFUSED`. */
  code?: string | undefined;
  /** The status with which a proxy refused. */
  status?: number | undefined;
  /** The code once more, as node-fetch has it. */
  errno?: string | undefined;
  /** The family, as node-fetch names it. */
  type?: string | undefined;
}

/**
 * No answer, or not a whole one: the server could not be reached, or the connection broke.
 *
 * @example
 * try {
 *   await client.usageRecords.close(id, invoice);
 * } catch (error) {
 *   if (!(error instanceof ConnectionError && error.maybeProcessed)) throw error;
 *   const record = await client.usageRecords.get(id); // it may have been closed: look before closing again
 * }
 */
export class ConnectionError extends Error {
  /**
   * @param message What happened.
   * @param details What else is known.
   */
  constructor(message: string, details?: ConnectionErrorDetails);

  /** `ConnectionError`, or `TimeoutError`. */
  get name(): string;
  /** Node's code: `ECONNREFUSED`, `ENOTFOUND`, `ECONNRESET`, `ETIMEDOUT`, `CERT_HAS_EXPIRED` and so on. */
  code?: string;
  /** The status with which a proxy refused to make a connection to the host (`code` is `ERR_PROXY_TUNNEL`). */
  status?: number;
  /** Of type `system`: the code once more, as node-fetch has it. */
  errno?: string;
  /** The family, as node-fetch names it: `system`, `request-timeout`, `max-redirect`, `no-redirect`, `max-size`. */
  type: string;
  /** The verb of the request. */
  method?: string;
  /** Its path, without the query. */
  path?: string;
  /** How often it was sent, where the engine has sent it. */
  attempts?: number;
  /** How many milliseconds were waited between the attempts, if there were several. */
  waitedMs?: number;
  /** Whether the request may have reached Connect, so that it may have been carried out. */
  maybeProcessed?: boolean;
  /** The error behind this one: what became of the attempt before, where a deadline passed within a later one. */
  cause?: unknown;
}

/** A deadline passed before the whole answer was there. `code` is `ETIMEDOUT`, `type` is `request-timeout`. */
export class TimeoutError extends ConnectionError {
  /**
   * @param message What was waited for, and how long.
   * @param details What else is known.
   */
  constructor(message: string, details?: ConnectionErrorDetails);

  /** `TimeoutError`. */
  get name(): string;
}

// ------------------------------------------------------------------- What the platform may or may not have

/** The type of what `new Name()` makes, where the platform's types have one. */
type Platform<Name extends string, Otherwise> = typeof globalThis extends {
  [Key in Name]: { prototype: infer Own };
}
  ? Own
  : Otherwise;

/** The type itself; the other one where it could not be resolved. */
type Resolved<T, Otherwise> = 0 extends 1 & T ? Otherwise : T;

/** Node's Buffer; a Uint8Array, which it is, without @types/node. */
export type NodeBuffer = typeof globalThis extends { Buffer: { alloc(size: number): infer Own } }
  ? Own
  : Uint8Array;

/** Node's `http.Agent` or `https.Agent`. */
// @ts-ignore: without @types/node there is no such module.
export type NodeAgent = Resolved<import('http').Agent, object>;

// @ts-ignore: as above.
type NodeReadable = Resolved<import('stream').Readable, MinimalReadable>;
// @ts-ignore: as above.
type WebReadable = Resolved<import('stream/web').ReadableStream<any>, MinimalWebStream>;

/** A Node stream that has the methods of a web stream as well. */
export type ResponseBody = NodeReadable &
  Pick<WebReadable, 'getReader' | 'pipeTo' | 'pipeThrough' | 'tee' | 'cancel' | 'locked'>;

/** The platform's Blob, or what every Blob has. */
export type PlatformBlob = Platform<
  'Blob',
  {
    readonly size: number;
    readonly type: string;
    text(): Promise<string>;
    arrayBuffer(): Promise<ArrayBuffer>;
  }
>;

/** The platform's FormData, or what is read of a form. */
export type PlatformFormData = Platform<
  'FormData',
  { get(name: string): unknown; has(name: string): boolean }
>;

/** The platform's URL, or what a choice of agent depends on. */
export type PlatformUrl = Platform<
  'URL',
  { readonly href: string; readonly protocol: string; readonly hostname: string; readonly port: string }
>;

/** What is needed of an AbortSignal; the platform's has it. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: any;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface MinimalReadable extends AsyncIterable<NodeBuffer> {
  pipe<Destination extends object>(destination: Destination, options?: { end?: boolean }): Destination;
  on(event: string, listener: (...args: any[]) => void): this;
  once(event: string, listener: (...args: any[]) => void): this;
  read(size?: number): any;
  destroy(error?: Error): this;
}

interface MinimalWebStream {
  readonly locked: boolean;
  getReader(options?: any): any;
  pipeTo(destination: any, options?: any): Promise<void>;
  pipeThrough(transform: any, options?: any): any;
  tee(): [any, any];
  cancel(reason?: any): Promise<void>;
}
