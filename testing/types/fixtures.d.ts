import type { Reconciliation, UsageChunk, UsageFile, UsageFileStatus } from '../../types/usage';

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

/** A usage file as the sandbox keeps it. What it counts (`stats`, `records`) is counted when the file is answered. */
export interface SandboxFile extends UsageFile {
  status: UsageFileStatus;
}

/** A chunk as the sandbox keeps it. `stats` are counted when it is answered. */
export interface SandboxChunk extends UsageChunk {
  status: 'draft' | 'ready' | 'closed' | 'failed';
}

/** A reconciliation as the sandbox keeps it. */
export interface SandboxReconciliation extends Reconciliation {
  status: 'uploaded' | 'processing' | 'processed' | 'failed';
}

/** What a seeded usage file is to have; everything else is made up, the same on every run. */
export type SandboxFileSeed = Omit<Partial<SandboxFile>, 'records'> & {
  /**
   * How many records it starts with, in a status that fits the file's: `valid` in a ready or pending one, `approved` in an
   * accepted one, and so on. Default: 10 where a file of that status has records, or 0 if the option `records` is given.
   */
  records?: number;
};

/** What a seeded chunk is to have: the records of one hub in one usage file. Default: those of the first of each. */
export type SandboxChunkSeed = Partial<SandboxChunk> & {
  usagefile?: { id: string };
  binding?: { hub: { id: string } };
};

/** A product that usage can be reported of. */
export interface SandboxProductSeed {
  id: string;
  name?: string;
  /** What is sold. Default: five items with the MPNs `VMH-1` to `VMH-5`. */
  items?: { id: string; mpn?: string; local_id?: string; name?: string; unit?: string; type?: string }[];
  /** Who bought it. `hub` is the one it was sold through. Default: 25 made up, the hubs in turn. */
  assets?: { id: string; external_id?: string; external_uid?: string; hub?: { id: string } }[];
}

/** A hub that products are sold through. */
export interface SandboxHubSeed {
  id: string;
  name?: string;
  /** The hub's own id of the vendor, in `binding.external_id` of chunks. */
  external_id?: string;
}
