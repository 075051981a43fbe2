// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
import type {
  AfterResponseHook,
  BeforeRequestHook,
  FetchFunction,
  HttpRequest,
  HttpResponse,
  RequestOptions,
} from './http';

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
