import type { List } from './lists';
import type { Id } from './objects';
import type { AbortSignalLike } from './platform';
import type { RecordFile, RecordTable } from './tables';
import type { CloseRecordResult, UsageChunk, UsageRecord } from './usage';

/** A record that is to be closed, in JavaScript's spelling or the API's. */
export type RecordToClose =
  | { id: Id; externalBillingId: string | null; externalBillingNote?: string | null | undefined }
  | { id: Id; external_billing_id: string | null; external_billing_note?: string | null | undefined };

/**
 * A chunk that is to be closed, in JavaScript's spelling or the API's. Connect closes a chunk only with the number of an
 * invoice. One with `outdated: true`, as Connect shows it, is not closed: see `CloseManyChunks`.
 */
export type ChunkToClose = { outdated?: boolean | undefined } & (
  | { id: Id; externalBillingId: string; externalBillingNote?: string | null | undefined }
  | { id: Id; external_billing_id: string; external_billing_note?: string | null | undefined }
);

/** The options of `closeMany`; all may be left out. What is said of records holds for chunks as well. */
export interface CloseManyOptions {
  /** How many records a request closes. Default: 100. Not for chunks, which Connect closes one by one. */
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
   * at the end the run waits for the promises it gave, for five seconds at most.
   */
  onProgress?: ((progress: CloseProgress) => void | Promise<void>) | undefined;
  /**
   * The path of a file in which the run is written down before each step. A run with the same file goes on where the
   * last one was cut off, at whatever moment that was: what was closed is skipped, what was under way is read back.
   */
  journal?: string | undefined;
  /** Whether to check the records, and the journal, and send nothing. Default: false. */
  dryRun?: boolean | undefined;
  /** Whether the report lists the records that are closed, too, which takes some 60 MB for a million. Default: false. */
  listClosed?: boolean | undefined;
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
  /** With `listClosed`: those that the run closed. */
  closedIds?: string[];
  /** With `listClosed`: those that were closed before, with the same billing id. */
  alreadyClosedIds?: string[];
  /** Those that cannot be closed, and why. */
  failed: { id: string; errorCodes?: string; errorDetails?: string }[];
  /** Those that are closed with another billing id, and with which. */
  conflicts: { id: string; externalBillingId: string | null }[];
  /**
   * Those of which it could not be found out, and why: each may be closed, or not. Run again to find out. A chunk may be
   * closed, and Connect does not show with which invoice: that must be looked up.
   */
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

/** `closeMany`, which usage records have besides the methods of the API. */
export interface CloseMany {
  /**
   * Closes any number of records, each once in effect: what was sent and not answered for is read back before it is
   * sent again, and only what a record then is decides what is reported.
   *
   * @param records An array, a file `{ path }` or a table of `readRecords`, which is checked as a whole before anything is
   *   sent; a `list` of usage records, which is read as a whole first; or any other iterable or async iterable, of which a
   *   million records are closed in constant memory. Each record of a file needs a billing id, its own or that of the options.
   *   A record that comes twice counts once; with two billing ids it is a mistake. The records of a file, and of a list unless
   *   hooks or an adapter have to see its requests, are not made into objects.
   * @param options How the run is to go.
   * @returns What became of the records. Rejects with a TypeError for a record or an option that cannot be used, with
   *   APIError if the key may not close records, with HttpError if the endpoint is not Connect's, with ConnectionError if
   *   Connect cannot be reached or asks for patience again and again, with an Error with Node's code (`ENOENT`, `EACCES`,
   *   `ENOSPC`, `EBUSY` for one that another run writes) if the journal cannot be opened or written, with a TypeError if it is
   *   of another endpoint, or none, with TableError if the table cannot be used, with an AbortError if it was called off, and
   *   with what the source of the records, `onProgress`, a hook or an adapter throws; `report` of the error then says what was
   *   done until then.
   *
   * @example
   * const report = await client.usageRecords.closeMany(records, { journal: 'january.journal' });
   * for (const { id, message } of report.unknown) console.log('run again:', id, message);
   *
   * @example
   * await client.usageRecords.closeMany(client.usageRecords.list({ status: 'approved' }), { externalBillingId: 'INV-7' });
   *
   * @example
   * await client.usageRecords.closeMany({ path: 'january.xlsx', sheet: 'Invoices' }, { journal: 'january.journal' });
   */
  closeMany(
    records:
      | Iterable<RecordToClose>
      | AsyncIterable<RecordToClose>
      | List<UsageRecord>
      | RecordTable
      | RecordFile,
    options?: CloseManyOptions,
  ): Promise<CloseReport>;
  /** The same, of records that have their billing id from the options. */
  closeMany(
    records: Iterable<{ id: Id }> | AsyncIterable<{ id: Id }>,
    options: CloseManyOptions & { externalBillingId: string },
  ): Promise<CloseReport>;
}

/** The options of `closeMany` of chunks. */
export interface CloseChunksOptions extends Omit<CloseManyOptions, 'batchSize'> {
  /** Connect closes chunks one by one: anything but undefined is refused. */
  batchSize?: undefined;
}

/** `closeMany`, which usage chunks have besides the methods of the API. */
export interface CloseManyChunks {
  /**
   * Closes any number of chunks, each once in effect, as `closeMany` of usage records does, with a request for each.
   *
   * Connect does not show with which invoice a chunk is closed. A chunk is therefore `closed` only if the answer to a
   * request of this run, or of an earlier one in the journal, says so. One that reads as closed after a lost answer, or that
   * Connect refused because it was closed before, is `unknown`: look up its invoice.
   *
   * A chunk that Connect calls outdated is not closed, as its figures are no longer those of its usage file: it is `failed`.
   * That is known of chunks from a `list`, of those that you pass with their `outdated`, and of those that were read back.
   *
   * @param chunks An array, or a file `{ path }`, which is checked as a whole before anything is sent; any other iterable or
   *   async iterable; or a `list` of usage chunks, which is read as a whole first. A chunk that comes twice counts once; with
   *   two billing ids it is a mistake.
   * @param options How the run is to go.
   * @returns What became of the chunks. Rejects as `closeMany` of usage records does, and with a TypeError for a chunk without
   *   the number of an invoice.
   *
   * @example
   * const report = await client.usageChunks.closeMany(chunks, { journal: 'january-chunks.journal' });
   * for (const { id, message } of report.unknown) console.log('look up:', id, message);
   *
   * @example
   * const ready = client.usageChunks.list({ status: 'ready', 'usagefile.id': 'UF-2021-01-3453-7567' });
   * await client.usageChunks.closeMany(ready, { externalBillingId: 'INV-7' });
   */
  closeMany(
    chunks: Iterable<ChunkToClose> | AsyncIterable<ChunkToClose> | RecordFile,
    options?: CloseChunksOptions,
  ): Promise<CloseReport>;
  /** The same, of chunks that have their billing id from the options. */
  closeMany(
    chunks: Iterable<{ id: Id }> | AsyncIterable<{ id: Id }> | List<UsageChunk>,
    options: CloseChunksOptions & { externalBillingId: string },
  ): Promise<CloseReport>;
}

/** What `closeRecords` resolves to: the record, or a result per record, of which some may have failed though the call succeeded. */
export type RecordOrResults = UsageRecord | CloseRecordResult[];
