// The objects that cross the border between the addon and the wrapper. `binding.d.ts`, which is written from Rust's
// signatures, names them.

import type { Abort, Network, StreamingBody } from '../../binding';
import type { CloseManyOptions, CloseProgress, CloseReport } from '../../types/close-many';
import type { ReadRecordsOptions, WriteRecordsOptions } from '../../types/tables';

/** How far a run is. */
export type BulkProgress = CloseProgress;

/** Names and values in turn: `[name, value, name, value, ...]`. */
export type HeaderPairs = string[];

/** Why a call has no result. The wrapper makes an error of the caller's realm of it. */
export interface Failed {
  failure: {
    /** What kind of error: `input`, `connection`, `certificate`, `proxy`, `timeout`, `abort`, `size`, `file`, `redirect`. */
    kind: string;
    message: string;
    /** Node's code for it, if there is one. */
    code?: string;
    /** The status that a proxy responded with. */
    status?: number;
    /** Whether the server may have processed the request. */
    maybeProcessed: boolean;
    /** Whether the same request may get a response at another time. */
    isTransient: boolean;
    /** How many times the request was sent. */
    attempts: number;
    /** How long was waited between attempts, in ms. */
    waitedMs?: number;
    cause?: string;
    method?: string;
    path?: string;
  };
}

/** Why a table has no records. */
export interface TableFailed extends Failed {
  /** The first refused rows: a JSON array. */
  refused?: string;
  /** How many rows are refused. */
  refusedCount?: number;
}

/** Why a run cannot take the records of a table. */
export interface TableInputFailed extends Failed {
  /** Whether the table cannot be read; otherwise one of its records is wrong. */
  table?: true;
}

/** How a run reads a list. */
export interface ListingOptions {
  pageSize: number;
  limit?: number;
  timeout?: number;
  maxRetries?: number;
  headers: HeaderPairs;
  abort?: Abort;
}

/** How a table is read, as Rust takes it. */
export interface TableOptions extends Omit<ReadRecordsOptions, 'signal'> {
  /** What the rows are about; by default `records`. */
  subject?: 'records' | 'chunks';
  /** Whether each row must have an invoice. */
  requireBillingId?: boolean;
  /** Whether the rows are read as they are, whatever their columns. */
  anyColumns?: boolean;
}

/** How a table is written, as Rust takes it. */
export type TableWriterOptions = Omit<WriteRecordsOptions, 'signal'>;

/** How sheets are written, as Rust takes it. */
export type SheetsWriterOptions = Pick<WriteRecordsOptions, 'format' | 'separator'>;

/** The body is of a kind that only JavaScript can read: the wrapper sends the request through its pipeline. */
export interface Foreign {
  foreign: true;
}

/** The response to a resource's method, where its JSON text alone would not say enough. */
export interface MethodResponse {
  status: number;
  /** The text; absent where nobody reads it. */
  body?: string;
  /** The bytes of a download. */
  bytes?: Buffer;
  /** How many bytes were written to the file that was named. */
  saved?: number;
  contentType?: string;
  contentRange?: string;
  retryAfter?: string;
  method: string;
  path: string;
  attempts: number;
  waitedMs?: number;
}

/** What a resource's method resolves to: the JSON text of a success, or more. */
export type MethodResult = string | MethodResponse | Failed | Foreign;

/** The options of one call, as Rust takes them. Times in ms. */
export interface MethodOptions {
  to?: string;
  timeout?: number;
  maxRetries?: number;
  headers?: HeaderPairs;
  abort?: Abort | null;
  /** Called with the path just before the request is sent; returns its headers. */
  start?: (path: string) => HeaderPairs;
  onRetry?: OnRetry;
  /** On a customised client: gets the request instead, and its result is the method's. */
  pipeline?: (
    path: string,
    method: string,
    fields: unknown[] | null,
    hasBody: boolean,
    body: unknown,
  ) => unknown;
}

/** Called for each attempt that is followed by another one; either `status` or `code` may be missing. */
export type OnRetry = (attempt: number, waitMs: number, status?: number | null, code?: string | null) => void;

/** What the requests of a client have in common. Times in ms. */
export interface RequestOptions {
  redirect?: 'follow' | 'manual' | 'error';
  follow?: number;
  compress?: boolean;
  timeout?: number;
  readTimeout?: number;
  connectTimeout?: number;
  maxRetries?: number;
  backOff?: number;
  maxConnections?: number;
  size?: number;
  network?: Network;
}

/** The options of one request of `fetch`. */
export interface FetchOptions {
  /** The file for the body of a success. */
  to?: string;
  abort?: Abort | null;
  onRetry?: OnRetry | null;
  /** The body. */
  stream?: StreamingBody;
}

/** A request of Node's transport. */
export interface RawRequest extends RequestOptions {
  url: string;
  method?: string;
  headers?: HeaderPairs;
  hasBody?: boolean;
  bodyLength?: number;
  to?: string;
}

/**
 * A response as `fetch` resolves to it. The head has a part on each line: status, whether a redirect was followed (1 or
 * 0), attempts, the wait between them, reason, URL, then name and value of each header. Behind it and a NUL is the body, if
 * that is short and ASCII.
 */
export type PackedResponse =
  | string
  | {
      head: string;
      body: Buffer;
      /** How many bytes were written to the file that was named. */
      saved?: number;
      /** A redirect turned the POST into a GET, whose response this is. */
      rewritten?: Failed;
    };

/** What Node's transport has to send. */
export interface RequestHead {
  url: string;
  method: string;
  headers: HeaderPairs;
  hasBody: boolean;
}

/** What a call of Node's transport does next. */
export type Action =
  | { action: 'send' }
  | { action: 'read'; hasBody: boolean }
  | { action: 'wait'; ms: number; attempt: number; status?: number; code?: string }
  | { action: 'finish'; answer: PackedResponse }
  | Failed;

/** Why an exchange of Node's transport failed. */
export interface ExchangeFailure {
  kind: 'connection' | 'connect' | 'protocol' | 'silent' | 'cut';
  message?: string;
  code?: string;
  /** Whether anything may have been sent. */
  sent?: boolean;
}

/** The options of a client, as Rust takes them. Times in ms. */
export interface NativeClientOptions {
  connectTimeout?: number;
  readTimeout?: number;
  timeout?: number;
  backOff?: number;
  maxRetries?: number;
  maxConnections?: number;
  maxResponseBytes?: number;
  network?: Network;
  rql?: 'server' | 'original';
}

/** Certificates, as texts in PEM, and proxies, as URLs with the names of the variables that they are from. */
export interface NetworkSettings {
  /** The only trusted certificates, if given. */
  ca?: string;
  /** Certificates that are trusted besides the bundled ones. */
  extra?: string;
  cert?: string;
  key?: string;
  acceptsAnyCertificate?: boolean;
  httpProxy?: string;
  httpVariable?: string;
  httpsProxy?: string;
  httpsVariable?: string;
  noProxy?: string;
}

/** The options of a run of `closeMany`. */
export interface BulkOptions extends Omit<CloseManyOptions, 'signal' | 'onProgress'> {
  /** The class whose objects are closed. */
  resource: string;
  /** Whether the records are the API's own, which need no billing id. */
  isListed: boolean;
  /** Whether JavaScript sends the requests. */
  pipeline: boolean;
  /** The endpoint, for a client that is not ours. */
  endpoint: string;
}

/** What a run came to: the report, and why it ended before its records did, if it did. */
export interface BulkResult extends Omit<CloseReport, 'stopped' | 'leftOpen'> {
  stopped?: Failed;
  /** The response that refused the key. */
  refusal?: MethodResponse;
  aborted?: boolean;
}

/** A request of a run that JavaScript sends. */
export interface BulkRequest {
  number: number;
  path: string;
  method: string;
  /** JSON. */
  body?: string;
}

/** What became of it: a response, or the error that was thrown. */
export type BulkResponse =
  | { status: number; body?: string; retryAfter?: string; date?: string; redirected?: boolean }
  | { message: string; code?: string; maybeProcessed?: boolean; input?: boolean };
