/** A usage record as the API shows it. A field that is not set is absent; the API may add fields. */
export interface SandboxRecord {
  id: string;
  /** Only `approved` records can be closed. */
  status: 'valid' | 'invalid' | 'approved' | 'rejected' | 'closed';
  start_date?: string;
  end_date?: string;
  product_id?: string;
  item?: { id: string; [key: string]: unknown };
  asset?: { id: string; external_id?: string | null; external_uid?: string | null; [key: string]: unknown };
  category?: { id: string; name: string };
  usagefile?: { id: string; schema?: 'tr' | 'pr' | 'qt' | 'cr'; [key: string]: unknown };
  tier?: number | null;
  amount?: number | null;
  multiplier?: number;
  usage?: number;
  params?: { parameter_name: string; parameter_value?: string | null }[];
  /** Set when the record was closed, in ISO 8601. */
  closed_at?: string;
  /** Set when the record was closed: the user of the API key. */
  closed_by?: string;
  external_billing_id?: string;
  external_billing_note?: string;
  [key: string]: unknown;
}

/**
 * What a seeded record is to have; everything else is made up, the same on every run. `item`, `asset` and
 * `usagefile` may be partial; `undefined` takes a field away.
 */
export type SandboxSeed = {
  [Key in keyof SandboxRecord]?: SandboxRecord[Key] extends object | undefined
    ? Partial<SandboxRecord[Key]>
    : SandboxRecord[Key];
} & {
  /** When the record was imported, ISO 8601: the list filters and orders by it, records do not show it. */
  created_time?: string;
  /** The hub the record was sold through: the list filters by `hub.id`, records do not show it. */
  hub?: { id: string } | null;
};

/** Options of `startSandbox`; all may be left out. */
export interface SandboxOptions {
  /** How many approved records to start with, or what each record is to have. Default: 100. */
  records?: number | SandboxSeed[];
  /** The value of `Authorization` that is accepted. Default: `ApiKey SU-000-000:sandbox`. */
  apiKey?: string;
  /** The port on 127.0.0.1. Default: 0, a free one. */
  port?: number;
  /**
   * Milliseconds between processing a request and answering it. Default: 0. A caller who gives up meanwhile
   * has closed the record all the same, as with a slow network.
   */
  latencyMs?: number;
  /**
   * Answer `POST /usage/records/{id}/close-records` with `{ id, ... }`, which the JavaScript SDK's
   * `closeRecords` sends, by closing the record of the body's `id`. Default: false, since the API has no such
   * path and answers 404.
   */
  legacyCloseRecords?: boolean;
  /** How many requests to remember in `requests`. Default: 1000; 0 remembers none. */
  keepRequests?: number;
  /** The clock that `closed_at` is read from. Default: the time of day. */
  now?: () => Date | number;
  /** What is to go wrong. Default: nothing. */
  faults?: SandboxFault[];
  /** What the chance of faults begins with: the same seed, the same faults. Default: 1. */
  seed?: number;
}

/** Which requests a fault is for, and how often. */
export interface SandboxFaultFilter {
  /** Only these. Default: all. */
  when?: {
    /** With this verb. */
    method?: string;
    /** With a path that ends like this, or that the expression finds. */
    path?: string | RegExp;
    /** From the request of this number on, counted from 1 among those of this verb and path. */
    from?: number;
    /** Up to the request of this number. */
    to?: number;
  };
  /** How likely it is, from 0 to 1; of `partial`, for each record. Default: 1. */
  rate?: number;
  /** How often at most. Default: always. */
  times?: number;
}

/**
 * What goes wrong with a request. Of several that are for the same one, all of `delay` and `drip` hold, and of the
 * others the first.
 */
export type SandboxFault = SandboxFaultFilter &
  (
    | { /** It is processed only after so many milliseconds. */ kind: 'delay'; ms: number }
    | {
        /** Answered with 429 and `Retry-After`, and not processed, when a bucket of tokens is empty. */
        kind: 'throttle';
        /** How many tokens are added a second. */
        perSecond: number;
        /** How many the bucket holds. Default: those of a second. */
        burst?: number;
        /** Seconds to ask for. Default: until there is a token, at least 1. */
        retryAfter?: number;
      }
    | { /** The answer comes in twenty pieces, `ms` apart (2). */ kind: 'drip'; ms?: number }
    | { /** Never answered. */ kind: 'hang'; processed?: boolean }
    | { /** The connection is reset before anything is done. */ kind: 'resetBefore' }
    | { /** Everything is done, then the connection is reset. */ kind: 'resetAfter' }
    | { /** Everything is done, and half of the answer's body is sent. */ kind: 'truncate' }
    | { /** Everything is done, and the answer is no JSON. */ kind: 'badJson' }
    | {
        /** Answered as a proxy does: a status, and text. */
        kind: 'status';
        /** Default: 502. */
        status?: number;
        /** Whether everything is done nevertheless. Default: false. */
        processed?: boolean;
        /** Seconds for `Retry-After`. Default: none. */
        retryAfter?: number;
      }
    | {
        /** Some records of a bulk close come back as an error. */
        kind: 'partial';
        /** Which. Default: by `rate`. */
        ids?: string[];
        /** Whether they are closed nevertheless. Default: false. */
        processed?: boolean;
        /** Whether they are left out of the answer instead. Default: false. */
        missing?: boolean;
      }
  );

/** One time that a request tried to close a record. */
export interface SandboxAttempt {
  /** The `number` of the request. */
  requestNumber: number;
  /** The billing id that it brought. */
  externalBillingId: string | undefined;
  /** What came of it. */
  outcome: 'closed' | 'already closed' | 'refused';
}

/** A request that the sandbox has received. */
export interface SandboxRequest {
  /** Counted from 1 in the order of arrival, also of those no longer remembered. */
  number: number;
  method: string;
  /** As it came: percent-encoded, with `/public/v1`, without the query. */
  path: string;
  /** As it came, without the `?`; empty if there was none. */
  query: string;
  /** Names in lower case. The key's secret is replaced: `ApiKey SU-000-000:****`. */
  headers: Record<string, string | string[] | undefined>;
  /** The body's text as it came; empty if there was none. */
  body: string;
}

/** One time that a record was closed. */
export interface SandboxClosure {
  /** The `number` of the request that closed it. */
  requestNumber: number;
  /** The billing id it was closed with; undefined if there was none. */
  externalBillingId: string | undefined;
}

/** A running sandbox. */
export interface Sandbox {
  /** The endpoint to give to `ConnectClient`: `http://127.0.0.1:<port>/public/v1`. */
  readonly url: string;
  /** The key to give to `ConnectClient`. */
  readonly apiKey: string;
  /** The records by id, live: what is changed here is what the next request meets. */
  readonly records: Map<string, SandboxRecord>;
  /** Every time a record was closed, by id. Exactly once means exactly one entry. */
  readonly closures: Map<string, SandboxClosure[]>;
  /** Every time a request tried to close a record, by id, closed already or not. */
  readonly attempts: Map<string, SandboxAttempt[]>;
  /** How many requests have arrived. */
  readonly received: number;
  /** What goes wrong; assign another list, `[]` for nothing, and it holds from the next request on. */
  faults: SandboxFault[];
  /** The last requests, oldest first (see `keepRequests`). */
  readonly requests: SandboxRequest[];
  /** Stops the server and cuts its connections, also those in use; resolves when all are gone. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox of Connect's usage records API on 127.0.0.1, for tests of code that closes usage records.
 *
 * It knows: the list (`limit`, `offset`, `Content-Range`, `ordering`, and the filters that the API documents;
 * any other is answered with 400), reading and updating a record, closing one, and closing many (206, a
 * result per record). Rejects with a TypeError for an option that is wrong, and with the system's error if
 * the port cannot be had.
 *
 * @example
 * const sandbox = await startSandbox({ records: [{ id: 'UR-1' }, { id: 'UR-2', status: 'rejected' }] });
 * const client = new ConnectClient(sandbox.url, sandbox.apiKey);
 * await client.usageRecords.close('UR-1', 'INV-7', 'January');
 * console.log(sandbox.records.get('UR-1')?.status); // closed
 * await sandbox.close();
 */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;

/**
 * The id of the n-th record that a sandbox makes up, from 0: `recordId(0)` is `UR-2021-01-2023-8696-9408-6767`.
 *
 * @param index from 0 to 99,999,999
 */
export function recordId(index: number): string;
