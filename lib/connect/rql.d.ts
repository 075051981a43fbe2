/** The operators of filters by name: `GT` is `$gt`. */
export const RQL_EXPRESSIONS: Readonly<Record<string, string>>;

/**
 * Writes a filter as the original SDK does.
 *
 * @param filter The filter.
 * @returns The query, without `?`. Throws a TypeError for what cannot be written.
 */
export function filterToQuery(filter: object): string;

/**
 * Writes the operators of one field as the original SDK does.
 *
 * @param rql The operators: `{ $gt: 1 }`.
 * @param field The field.
 * @returns The query. Throws a TypeError for what cannot be written.
 */
export function rqlToQuery(rql: object, field?: string): string;
