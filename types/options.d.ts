import type { HttpAdapter } from './adapters';
import type { RequestHeaders } from './http';
import type { AbortSignalLike } from './platform';

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
