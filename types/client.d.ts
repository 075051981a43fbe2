// biome-ignore-all lint/suspicious/noUnsafeDeclarationMerging: the members of the interface are there, too.
import type { HttpAdapter } from './adapters';
import type {
  AfterResponseHook,
  BeforeRequestHook,
  ConnectResponse,
  HttpRequest,
  HttpResponse,
  RequestOptions,
} from './http';
import type { ClientOptions } from './options';
import type { ClientResources } from './resources';

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
}

/** The resources of a client: each always the same object, which cannot be assigned. */
export interface ConnectClient extends ClientResources {}
