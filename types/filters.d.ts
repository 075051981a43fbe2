import type { UsageRecordStatus } from './usage';

/** A value to compare with. Undefined, null and empty text drop the comparison; a Date is sent as ISO 8601. */
export type FilterValue = string | number | bigint | boolean | Date | null | undefined;

/** One value or several. */
export type OneOrMany<V> = V | readonly NonNullable<V>[];

/**
 * Conditions on one field. Several together must all hold.
 *
 * @example
 * { start_date: { $ge: '2021-01-01', $lt: '2021-02-01' }, 'asset.id': { $in: ['AS-1', 'AS-2'] } }
 */
export interface FieldOperators<V extends FilterValue = FilterValue> {
  /** Is equal to. */
  $eq?: V;
  /** Is not equal to. */
  $ne?: V;
  /** Is greater than. */
  $gt?: V;
  /** Is greater than or equal to. */
  $ge?: V;
  /** Is less than. */
  $lt?: V;
  /** Is less than or equal to. */
  $le?: V;
  /** As `$ge`, which is what is sent. */
  $gte?: V;
  /** As `$le`, which is what is sent. */
  $lte?: V;
  /** Contains this text. */
  $like?: string | null | undefined;
  /** Contains this text, in upper or lower case. */
  $ilike?: string | null | undefined;
  /** Is one of these. An empty list drops the comparison, as null does. */
  $in?: OneOrMany<V>;
  /** Is none of these. An empty list drops the comparison. */
  $out?: OneOrMany<V>;
  /** Lies between these, both included; one of the two may be left out. */
  $range?: { min: NonNullable<V>; max?: V } | { min?: V; max: NonNullable<V> } | null | undefined;
  /** Is null (true), or is not (false). */
  $null?: boolean | null | undefined;
  /** Is empty text (true), or is not (false). */
  $empty?: boolean | null | undefined;
  /** Fulfils all of these. */
  $and?: readonly (V | FieldOperators<V>)[] | null | undefined;
  /** Fulfils at least one of these. */
  $or?: readonly (V | FieldOperators<V>)[] | null | undefined;
  /** Fulfils none of these, which must be single comparisons: what is made of several is a TypeError. */
  $not?: OneOrMany<FieldOperators<V>> | null | undefined;
}

/** What a field must fulfil: be a value, be one of several, or stand comparisons. */
export type FieldFilter<V extends FilterValue = FilterValue> = OneOrMany<V> | FieldOperators<V>;

/** What a name of a field begins with: not with a `$`, so that an operator that is misspelt does not compile. */
type Initial =
  | (
      | 'a'
      | 'b'
      | 'c'
      | 'd'
      | 'e'
      | 'f'
      | 'g'
      | 'h'
      | 'i'
      | 'j'
      | 'k'
      | 'l'
      | 'm'
      | 'n'
      | 'o'
      | 'p'
      | 'q'
      | 'r'
      | 's'
    )
  | ('t' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z' | '_');

/**
 * What `search` finds: all that fulfils every one of the fields. Fields of fields are written with a dot;
 * `limit` (objects per page) and `offset` (objects to skip) stand among the fields.
 *
 * @example
 * { status: 'approved', 'asset.id': { $in: ['AS-1', 'AS-2'] }, $ordering: '-created_time', limit: 100 }
 *
 * @example
 * { $or: [{ status: 'approved' }, { status: 'valid', 'item.id': 'PRD-1' }] }
 */
export interface Filter {
  /** All of these filters. */
  $and?: readonly Filter[] | null | undefined;
  /** At least one of these filters. */
  $or?: readonly Filter[] | null | undefined;
  /** None of the conditions in these, which must be single ones: what is made of several is a TypeError. */
  $not?: OneOrMany<Filter> | null | undefined;
  /** The fields to answer with; with `-` before the name, a field to leave out. */
  $select?: OneOrMany<string> | null | undefined;
  /** The fields to order by; with `-` before the name, descending. */
  $ordering?: OneOrMany<string> | null | undefined;
  [field: `${Initial | Uppercase<Initial>}${string}`]: FieldFilter;
}

/** The filters of usage records. Connect documents these fields, and orders by `created_time`, `usage_start_time` and `status`. */
export interface UsageRecordFilter extends Filter {
  $and?: readonly UsageRecordFilter[] | null | undefined;
  $or?: readonly UsageRecordFilter[] | null | undefined;
  $not?: OneOrMany<UsageRecordFilter> | null | undefined;
  status?: FieldFilter<UsageRecordStatus | null | undefined>;
  'asset.id'?: FieldFilter;
  'asset.external_id'?: FieldFilter;
  'asset.external_uid'?: FieldFilter;
  'hub.id'?: FieldFilter;
  'item.id'?: FieldFilter;
  'product.id'?: FieldFilter;
  'usagefile.id'?: FieldFilter;
  'usagefile.schema'?: FieldFilter;
  start_date?: FieldFilter;
  end_date?: FieldFilter;
  usage_start_time?: FieldFilter;
  created_time?: FieldFilter;
  /** Objects per page. */
  limit?: number;
  /** Objects to skip. */
  offset?: number;
}
