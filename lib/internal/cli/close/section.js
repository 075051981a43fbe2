'use strict';

/** How many records of a kind are printed; `--results` writes all of them. */
const MAX_PRINTED = 10;

/** A line that counts records, and the first of them. */
function section(title, records, describe) {
  if (records.length === 0) return [];
  const more = records.length - MAX_PRINTED;
  return [
    `${records.length} ${title}`,
    ...records.slice(0, MAX_PRINTED).map((record) => `  ${describe(record)}`.trimEnd()),
    ...(more > 0 ? [`  and ${more} more; --results FILE writes all of them`] : []),
  ];
}

module.exports = { section };
