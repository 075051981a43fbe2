import type { SandboxFault } from './types/faults';
import type {
  SandboxChunk,
  SandboxChunkSeed,
  SandboxFile,
  SandboxFileSeed,
  SandboxHubSeed,
  SandboxProductSeed,
  SandboxReconciliation,
  SandboxRecord,
  SandboxSeed,
} from './types/fixtures';

export * from './types/faults';
export * from './types/fixtures';

/** Options of `startSandbox`; all may be left out. */
export interface SandboxOptions {
  /**
   * How many approved records to start with, or what each record is to have. Default: 100, or none besides those of
   * `files` if that option is given.
   */
  records?: number | SandboxSeed[];
  /**
   * How many accepted usage files to start with, or what each file is to have. A file that is only named by records need
   * not be given. Default: those that the records name.
   */
  files?: number | SandboxFileSeed[];
  /** The chunks to start with. Default: one of each hub of each accepted or closed usage file, `ready` or `closed`. */
  chunks?: SandboxChunkSeed[];
  /** The products that usage can be reported of. Default: `PRD-736-723-721`, with five items and 25 assets. */
  products?: SandboxProductSeed[];
  /** How many hubs there are, or what each is to have. Default: one, `HB-0000-0000`. */
  hubs?: number | SandboxHubSeed[];
  /**
   * How many milliseconds it takes to process an uploaded usage file or reconciliation, and to make a chunk. Default: 0,
   * so that the next request finds it done. It is time of the sandbox's clock: `advance` lets it pass.
   */
  processingMs?: number;
  /** The key that may do everything. Default: `ApiKey SU-000-000:sandbox`. For one role only, see `Sandbox.keys`. */
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
  /** The clock that all times are read from. Default: the time of day. */
  now?: () => Date | number;
  /** What is to go wrong. Default: nothing. */
  faults?: SandboxFault[];
  /** What the chance of faults begins with: the same seed, the same faults. Default: 1. */
  seed?: number;
}

/** One time that a request tried to close a record or a chunk. */
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

/** One time that a record or a chunk was closed. */
export interface SandboxClosure {
  /** The `number` of the request that closed it. */
  requestNumber: number;
  /** The billing id it was closed with; undefined if there was none. */
  externalBillingId: string | undefined;
}

/** One time that a request changed the status of a usage file, chunk or reconciliation. */
export interface SandboxChange {
  /** The `number` of the request. */
  requestNumber: number;
  /** What was called, such as `usageFiles.submit`. */
  operation: string;
  /** The status before; undefined if it was created. */
  from: string | undefined;
  /** The status that the request gave it. */
  to: string;
}

/** A running sandbox. */
export interface Sandbox {
  /** The endpoint to give to `ConnectClient`: `http://127.0.0.1:<port>/public/v1`. */
  readonly url: string;
  /** The key to give to `ConnectClient`: it may do everything. */
  readonly apiKey: string;
  /**
   * Keys of one role each. A vendor creates, uploads, submits and deletes usage files; a provider accepts, rejects, closes
   * and reconciles. The wrong one gets 403.
   */
  readonly keys: { readonly vendor: string; readonly provider: string };
  /** The records by id, live: what is changed here is what the next request meets. */
  readonly records: Map<string, SandboxRecord>;
  /** The usage files by id, live. */
  readonly files: Map<string, SandboxFile>;
  /** The chunks by id, live. */
  readonly chunks: Map<string, SandboxChunk>;
  /** The reconciliations by id, live. */
  readonly reconciliations: Map<string, SandboxReconciliation>;
  /** Every time a record or a chunk was closed, by id. Exactly once means exactly one entry. */
  readonly closures: Map<string, SandboxClosure[]>;
  /** Every time a request tried to close a record or a chunk, by id, closed already or not. */
  readonly attempts: Map<string, SandboxAttempt[]>;
  /** Every time a request changed the status of a usage file, chunk or reconciliation, by id, its creation included. */
  readonly changes: Map<string, SandboxChange[]>;
  /** How many requests have arrived. */
  readonly received: number;
  /** What goes wrong; assign another list, `[]` for nothing, and it holds from the next request on. */
  faults: SandboxFault[];
  /** The last requests, oldest first (see `keepRequests`). */
  readonly requests: SandboxRequest[];
  /**
   * Lets time pass at once: what would be done in the next `ms` milliseconds is done when it returns, such as the
   * processing of an uploaded usage file.
   */
  advance(ms: number): void;
  /** Stops the server and cuts its connections, also those in use; resolves when all are gone. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox of Connect's usage module on 127.0.0.1, for tests of code that reports or bills usage.
 *
 * It serves all operations below `/usage`: usage files with their uploads, records, chunks, reconciliations, aggregates and
 * templates, with the filters that the API documents (any other is answered with 400). What is known of the API and what is
 * assumed is in `docs/sandbox.md`. Rejects with a TypeError for an option that is wrong, and with the system's error if the
 * port cannot be had.
 *
 * @example
 * const sandbox = await startSandbox({ records: [{ id: 'UR-1' }, { id: 'UR-2', status: 'rejected' }] });
 * const client = new ConnectClient(sandbox.url, sandbox.apiKey);
 * await client.usageRecords.close('UR-1', 'INV-7', 'January');
 * console.log(sandbox.records.get('UR-1')?.status); // closed
 * await sandbox.close();
 *
 * @example
 * const sandbox = await startSandbox({ files: [{ id: 'UF-1', status: 'pending', records: 3 }], hubs: 2 });
 * const client = new ConnectClient(sandbox.url, sandbox.keys.provider);
 * await client.usageFiles.accept('UF-1', 'Agreed');
 * console.log(sandbox.chunks.size); // 1: the three records are of one subscription, and so of one hub
 * await sandbox.close();
 */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>;

/**
 * The id of the n-th record that a sandbox makes up, from 0: `recordId(0)` is `UR-2021-01-2023-8696-9408-6767`.
 *
 * @param index from 0 to 99,999,999
 */
export function recordId(index: number): string;
