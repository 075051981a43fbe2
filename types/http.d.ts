// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
import type {
  AbortSignalLike,
  NodeAgent,
  NodeBuffer,
  PlatformBlob,
  PlatformFormData,
  PlatformUrl,
  ResponseBody,
} from './platform';

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
