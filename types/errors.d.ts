// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
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
  /** The object that was waited for. */
  object?: any;
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
  /** Of a `waitFor` whose time was up: the object, as it was read last, if it was. */
  object?: any;
}

/** What a StateError knows besides its message. */
export interface StateErrorDetails {
  /** The object, as it was read last. */
  object?: any;
  /** Its state. */
  status?: string | undefined;
  /** The states that were waited for. */
  states?: readonly string[] | undefined;
  /** Why it is in that state, in Connect's words. */
  detail?: string | undefined;
}

/**
 * An object is in a state after which those that `waitFor` was waiting for cannot come, or only by starting over.
 *
 * @example
 * try {
 *   await client.usageFiles.waitFor(id, 'ready');
 * } catch (error) {
 *   if (!(error instanceof StateError && error.status === 'invalid')) throw error;
 *   console.error(error.detail, error.object.processed_file_uri); // what is wrong, row by row, is in the processed file
 * }
 */
export class StateError extends Error {
  /**
   * @param message What happened.
   * @param details What else is known.
   */
  constructor(message: string, details?: StateErrorDetails);

  /** `StateError`. */
  get name(): string;
  /** The object, as it was read last. */
  object?: any;
  /** Its state. */
  status?: string;
  /** The states that were waited for. */
  states?: readonly string[];
  /** Why it is in that state, in Connect's words: its `error_detail`, `rejection_note` or `error.detail`, if it has one. */
  detail?: string;
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
