'use strict';

/**
 * Joins records with the rows of a mapping.
 *
 * @param {AsyncIterable<object[]>} pages The records.
 * @param {import('./mapping').Entry[]} entries The rows.
 * @param {(record: object) => *} keyOf What the records are joined by.
 * @returns {Promise<object>} `matched`, as `{ record, entry }`; the records that match nothing (`unmatched`), and those that
 *   match rows with several invoices (`ambiguous`), as `{ record, key }`; the keys that stand for several invoices (`twice`);
 *   and the rows that match no record (`unused`).
 */
async function join(pages, entries, keyOf) {
  const byKey = new Map();
  for (const entry of entries) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
  const isAmbiguous = (rows) => new Set(rows.map(({ invoice }) => invoice)).size > 1;
  const used = new Set();
  const result = { matched: [], unmatched: [], ambiguous: [] };
  for await (const page of pages) {
    for (const record of page) {
      const key = `${keyOf(record) ?? ''}`.trim();
      const rows = byKey.get(key);
      if (rows === undefined) {
        result.unmatched.push({ record, key });
        continue;
      }
      used.add(key);
      if (isAmbiguous(rows)) result.ambiguous.push({ record, key });
      else result.matched.push({ record, entry: rows[0] });
    }
  }
  const twice = [...byKey].filter(([, rows]) => isAmbiguous(rows));
  return {
    ...result,
    twice: twice.map(([key, rows]) => ({ key, rows: rows.map(({ row, invoice }) => ({ row, invoice })) })),
    unused: entries.filter(({ key }) => !used.has(key)),
  };
}

module.exports = { join };
