/** The status of a usage file. */
export type UsageFileStatus =
  | 'draft'
  | 'uploading'
  | 'uploaded'
  | 'invalid'
  | 'processing'
  | 'ready'
  | 'rejected'
  | 'pending'
  | 'accepted'
  | 'closed'
  | 'deleted';

/** When something happened to a usage file or chunk, and who did it. */
export interface UsageEvent {
  /** ISO 8601. */
  at?: string;
  by?: { id: string; name?: string; [field: string]: unknown } | null;
  [field: string]: unknown;
}

/** What happened to a usage file or chunk. */
export interface UsageEvents {
  created?: UsageEvent;
  uploaded?: UsageEvent;
  submitted?: UsageEvent;
  accepted?: UsageEvent;
  closed?: UsageEvent;
  rejected?: UsageEvent;
  deleted?: UsageEvent;
  [event: string]: UsageEvent | undefined;
}

/** How many records of a usage file or chunk are in which state. */
export interface UsageStats {
  uploaded?: number;
  validated?: number;
  pending?: number;
  accepted?: number;
  closed?: number;
  billed?: number;
  [state: string]: number | undefined;
}

/** Another object, by its id and name. */
export interface Reference {
  id: string;
  name?: string | null;
  [field: string]: unknown;
}

/** A usage file. Connect leaves out fields that are not set, and may add fields that are not listed here. */
export interface UsageFile {
  /** Such as `UF-2021-01-3453-7567`. */
  id: string;
  name?: string | null;
  status?: UsageFileStatus;
  sub_status?: 'processing' | 'processed' | null;
  external_id?: string | null;
  description?: string | null;
  note?: string | null;
  acceptance_note?: string | null;
  rejection_note?: string | null;
  error_detail?: string | null;
  vendor?: Reference;
  provider?: Reference;
  marketplace?: Reference;
  contract?: Reference;
  product?: Reference;
  environment?: 'test' | 'preview' | 'production';
  /** `tr` tiered, `pr` priced, `qt` by quantity, `cr` credit. */
  schema?: 'tr' | 'pr' | 'qt' | 'cr';
  currency?: string | null;
  /** The days that it is about, ISO 8601. */
  period?: { from?: string; to?: string };
  stats?: UsageStats;
  events?: UsageEvents;
  /** How many records are what; only when read by its id. */
  records?: { valid?: number; invalid?: number; closed?: number };
  /** Where the uploaded file is, for about ten minutes; only when read by its id. */
  usage_file_uri?: string | null;
  /** Where the processed file is, for about ten minutes; only when read by its id. */
  processed_file_uri?: string | null;
  /** Where the reconciliation is, for about ten minutes; only when read by its id. */
  reconciliation_file_uri?: string | null;
  start_datetime_utc?: string | null;
  end_datetime_utc?: string | null;
  [field: string]: unknown;
}

/** Where the template of a product's usage files is. */
export interface UsageTemplate {
  /** A URL that works without the key, for about half a minute. */
  template_link: string;
  [field: string]: unknown;
}

/** A category of the records of a usage file. */
export interface UsageCategory {
  id: string;
  name?: string;
  description?: string;
  [field: string]: unknown;
}

/** A reconciliation of a usage file. */
export interface Reconciliation {
  /** Such as `RCF-2020-07-8349-4102-001`. */
  id: string;
  status?: 'uploaded' | 'processing' | 'processed' | 'failed' | null;
  usagefile?: UsageRecordFile;
  partusagefile?: Reference;
  binding?: UsageBinding;
  error?: { detail?: string };
  notes?: { uploaded?: string; processing?: string };
  events?: UsageEvents;
  [field: string]: unknown;
}

/** The hub that a part of a usage file belongs to. */
export interface UsageBinding {
  hub?: Reference;
  external_id?: string | null;
  [field: string]: unknown;
}

/** A part of a usage file that goes to one hub. */
export interface UsageChunk {
  /** Such as `UFC-2020-07-8349-4102-001`. */
  id: string;
  status?: 'draft' | 'ready' | 'closed' | 'failed';
  /** Whether the records have changed since it was made. */
  outdated?: boolean;
  external_id?: string | null;
  usagefile?: UsageRecordFile;
  binding?: UsageBinding;
  marketplace?: Reference;
  provider?: Reference;
  error?: { detail?: string };
  stats?: UsageStats;
  events?: UsageEvents;
  [field: string]: unknown;
}

/** What was consumed of an item by an asset. It has no id. */
export interface UsageAggregate {
  item?: UsageRecordItem;
  asset?: UsageRecordAsset;
  amount?: number | null;
  currency?: string | null;
  consumed?: number;
  accepted?: number;
  events?: { last_reported?: UsageEvent };
  [field: string]: unknown;
}

/** The status of a usage record. Only an `approved` one can be closed. */
export type UsageRecordStatus = 'valid' | 'invalid' | 'approved' | 'rejected' | 'closed';

/** A usage record. Connect leaves out fields that are not set, and may add fields that are not listed here. */
export interface UsageRecord {
  /** Such as `UR-2021-01-2023-8696-9408-6767`. */
  id: string;
  /** Where it stands; only an `approved` one can be closed. */
  status?: UsageRecordStatus | null;
  /** Begin of the usage, ISO 8601. */
  start_date?: string;
  /** End of the usage, ISO 8601. */
  end_date?: string;
  product_id?: string | null;
  /** The invoice that billed it, once it is closed. */
  external_billing_id?: string | null;
  /** The note that it was closed with. */
  external_billing_note?: string | null;
  item?: UsageRecordItem;
  asset?: UsageRecordAsset;
  /** Connect's documentation has text here, its answers an object. */
  category?: string | { id: string; name: string; [field: string]: unknown };
  tier?: number | null;
  /** In the currency of the usage file. */
  amount?: number | null;
  multiplier?: number;
  /** The quantity, in the unit of the item. */
  usage?: number;
  /** When it was closed, ISO 8601. */
  closed_at?: string | null;
  /** Who closed it. */
  closed_by?: string | null;
  params?: UsageRecordParameter[];
  item_id?: string;
  asset_id?: string;
  usagefile?: UsageRecordFile;
  resource_local_id?: string;
  asset_external_id?: string;
  asset_external_uid?: string;
  [field: string]: unknown;
}

/** The item that was used. */
export interface UsageRecordItem {
  id: string;
  local_id?: string | null;
  name?: string;
  unit?: string | null;
  mpn?: string | null;
  precision?: string;
  type?: string;
  [field: string]: unknown;
}

/** The asset that used it. */
export interface UsageRecordAsset {
  id: string;
  external_id?: string | null;
  external_uid?: string | null;
  [field: string]: unknown;
}

/** The usage file that the record came with. */
export interface UsageRecordFile {
  id: string;
  name?: string | null;
  /** The schema of the file. */
  schema?: 'tr' | 'pr' | 'qt' | 'cr';
  currency?: string | null;
  [field: string]: unknown;
}

/** A parameter of the usage. */
export interface UsageRecordParameter {
  parameter_name: string;
  parameter_value?: string | null;
  [field: string]: unknown;
}

/** What became of one record of a call that closes several. */
export interface CloseRecordResult {
  /** The usage record. */
  id: string;
  /** The status that it has now. */
  status?: UsageRecordStatus;
  /** Connect's code for why it was not closed; absent if it was. */
  error_codes?: string;
  /** Connect's sentence about why it was not closed; absent if it was. */
  error_details?: string;
  [field: string]: unknown;
}
