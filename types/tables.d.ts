import type { ReadableSource } from './files';
import type { List } from './lists';
import type { Id } from './objects';
import type { AbortSignalLike } from './platform';
import type { UsageRecord } from './usage';

/** The options of `readRecords`; all may be left out. */
export interface ReadRecordsOptions {
  /**
   * The name of the worksheet of an xlsx file. Default: the one named `records`, or the only one; otherwise the file is
   * refused, with the names of its sheets.
   */
  sheet?: string | undefined;
  /** Whether rows that are hidden, or that a filter leaves out, are records, too. Default: false, they are refused. */
  hidden?: boolean | undefined;
  /** What the file must be. Default: what its content says; its name does not count. */
  format?: 'csv' | 'xlsx' | undefined;
  /** How many bytes the file or stream may have. Default: 536870912 (512 MiB). */
  maxBytes?: number | undefined;
  /** Ends the reading: it rejects with the signal's reason. */
  signal?: AbortSignalLike | undefined;
}

/** A file whose records or chunks `closeMany` closes. */
export interface RecordFile extends Omit<ReadRecordsOptions, 'signal'> {
  /** The path of a CSV or xlsx file, as `readRecords` reads it. Of chunks, its ids are those of chunks. */
  path: string;
}

/** A record as a row of a table gives it. */
export interface TableRecord {
  /** The id of the usage record. */
  id: string;
  /**
   * The number of its invoice. Left out if the cell is empty or there is no such column: `closeMany` then wants one for
   * all records, by its option `externalBillingId`.
   */
  externalBillingId?: string;
  /** The note. Left out if the cell is empty or there is no such column. */
  externalBillingNote?: string;
  /** The number of the row, as Excel counts it; of CSV, the line on which the row begins. */
  row: number;
}

/** What was found in a table. */
export interface TableDescription {
  /** The kind of file. */
  format: 'csv' | 'xlsx';
  /** The worksheet that is read, of an xlsx file. */
  sheet?: string;
  /** The encoding, of a CSV file. */
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** What separates its columns, of a CSV file. */
  separator?: ',' | ';' | '\t';
  /** The headers that were understood, as they are written. */
  columns: { id: string; externalBillingId?: string; externalBillingNote?: string };
  /** The other headers, whose columns are not read. */
  ignored: string[];
  /** How many records there are. */
  rows: number;
}

/** A row, or a cell of it, that cannot be used. */
export interface RefusedRow {
  /** The number of the row, as in {@link TableRecord}. */
  row: number;
  /** The header of the column; undefined if the row as a whole is refused. */
  column?: string;
  /** Excel's name of the cell (`B7`), of an xlsx file. */
  cell?: string;
  /** What is there, shortened; of a row that is refused as a whole, its id. */
  value: string;
  /** What is wrong with it, and what to do: the rest of a sentence that begins with the value or the row. */
  reason: string;
  /** The whole sentence. */
  message: string;
}

/** A file holds no table of records, or rows of it are refused. None of its records is given then. */
export class TableError extends Error {
  /**
   * @param message What is wrong.
   * @param details The refused rows, and how many there are.
   */
  constructor(message: string, details?: { refused?: RefusedRow[]; refusedCount?: number });

  /** `TableError`. */
  get name(): string;
  /** The refused rows and cells, the first 10,000 of them. Empty if the file as a whole is refused. */
  refused: RefusedRow[];
  /** How many rows and cells are refused. */
  refusedCount: number;
}

/**
 * The records of a table. A loop gives them once the whole table has been checked. A file can be looped over several times
 * and is read anew each time; a stream can be read only once.
 */
export interface RecordTable extends AsyncIterable<TableRecord> {
  /**
   * Checks the table and tells what was found.
   *
   * @returns The description. Rejects as `readRecords` says.
   */
  describe(): Promise<TableDescription>;
  /** Closes a table that is not looped over to its end: the temporary copy of a stream is removed. */
  close(): Promise<void>;
}

/**
 * Reads usage records from a CSV or xlsx file, such as `connect-usage list --csv` writes and Excel saves, in bounded memory.
 *
 * The first row must name the columns: `id` (or `record_id`, `usage_record_id`), `external_billing_id`,
 * `external_billing_note`, in any order and case, with or without blanks, `_` or `-`. Other columns are ignored. CSV may have
 * commas, semicolons or tabs, and be UTF-8, UTF-16 or Windows-1252.
 *
 * The whole table is checked before the first record is given. If a row cannot be used (an id that is none, `#N/A`, a number
 * in scientific notation, a row that is cut off, a hidden row), none of them is.
 *
 * @param input The path of a file, a stream, or bytes. A stream is copied to a temporary file, which only its owner can
 *   read, and which is removed in the end.
 * @param options How to read it.
 * @returns The records. A loop over them, and `describe`, reject with a TableError if there is no table or rows are refused,
 *   with an Error with Node's code (`ENOENT`, `EACCES`, `EFBIG`) if the file cannot be read or is too large, and with the
 *   signal's reason. Throws a TypeError for an argument or an option that cannot be used.
 *
 * @example
 * const records = readRecords('january.xlsx', { sheet: 'Invoices' });
 * const { rows, ignored } = await records.describe();
 * console.log(`${rows} records; columns that are not read: ${ignored}`);
 * await client.usageRecords.closeMany(records, { journal: 'january.journal' });
 *
 * @example
 * try {
 *   for await (const { id, externalBillingId, row } of readRecords('january.csv')) console.log(row, id, externalBillingId);
 * } catch (error) {
 *   if (!(error instanceof TableError)) throw error;
 *   for (const { message } of error.refused) console.error(message);
 * }
 */
export function readRecords(
  input: string | ReadableSource | AsyncIterable<string | ArrayBufferView> | ArrayBufferView | ArrayBuffer,
  options?: ReadRecordsOptions,
): RecordTable;

/** The options of `writeRecords`; all may be left out. */
export interface WriteRecordsOptions {
  /** The kind of file. Default: what the end of its name says, `.csv` or `.xlsx`. */
  format?: 'csv' | 'xlsx' | undefined;
  /** What separates the columns of a CSV file. Excel opens a file by its country's: a semicolon in much of Europe. Default: `,`. */
  separator?: ',' | ';' | '\t' | undefined;
  /** The number of the invoice, for records that have none of their own. */
  externalBillingId?: string | undefined;
  /** The note, for records that have none of their own. */
  externalBillingNote?: string | undefined;
  /** Ends the writing: it rejects with the signal's reason, and leaves the old file as it was. */
  signal?: AbortSignalLike | undefined;
}

/** A record that is written, in JavaScript's spelling or the API's. Other fields are ignored. */
export type RecordToWrite =
  | { id: Id; externalBillingId?: string | null | undefined; externalBillingNote?: string | null | undefined }
  | {
      id: Id;
      external_billing_id?: string | null | undefined;
      external_billing_note?: string | null | undefined;
    };

/** What was written. */
export interface WrittenTable {
  /** The path, as it was given. */
  path: string;
  /** The kind of file. */
  format: 'csv' | 'xlsx';
  /** How many records it has. */
  rows: number;
}

/**
 * Writes usage records to a file that Excel opens and `readRecords` reads, with the columns `id`, `external_billing_id` and
 * `external_billing_note`.
 *
 * A CSV file is UTF-8 with a byte order mark. What a spreadsheet would run as a formula gets an apostrophe before it, which
 * `readRecords` drops again. The file appears when it is complete; what was there before is replaced then.
 *
 * @param path The file.
 * @param records An array, any other iterable or async iterable, or a `list` of usage records.
 * @param options How to write it.
 * @returns What was written. Rejects with a TypeError for a record, an option or a name that cannot be used, with an Error with
 *   Node's code (`ENOENT`, `EACCES`, `ENOSPC`) if the file cannot be written, with the signal's reason, and with what the
 *   source of the records throws.
 *
 * @example
 * const approved = client.usageRecords.list({ status: 'approved' });
 * const { rows } = await writeRecords('january.csv', approved, { externalBillingId: 'INV-7', separator: ';' });
 */
export function writeRecords(
  path: string,
  records: Iterable<RecordToWrite> | AsyncIterable<RecordToWrite> | List<UsageRecord>,
  options?: WriteRecordsOptions,
): Promise<WrittenTable>;
