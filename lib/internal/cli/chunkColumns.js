'use strict';

const { INVOICE, NOTE } = require('./fields.js');

/** What is written of a chunk. @type {import('./output').Column[]} */
const CHUNK_COLUMNS = [
  { header: 'id', of: ({ id }) => id },
  // For whoever fills in the file that `chunks close` reads.
  { header: INVOICE, of: () => undefined, wide: true },
  { header: NOTE, of: () => undefined, wide: true },
  { header: 'status', of: ({ status }) => status },
  { header: 'outdated', of: ({ outdated }) => (outdated ? 'outdated' : '') },
  { header: 'file', of: ({ usagefile }) => usagefile?.id },
  { header: 'records', of: ({ stats }) => stats?.uploaded },
  { header: 'closed', of: ({ stats }) => stats?.closed },
  { header: 'hub', of: ({ binding }) => binding?.hub?.name ?? binding?.hub?.id },
  { header: 'hub_id', of: ({ binding }) => binding?.hub?.id, wide: true },
  { header: 'hub_external_id', of: ({ binding }) => binding?.external_id, wide: true },
  { header: 'external_id', of: ({ external_id: id }) => id, wide: true },
  { header: 'currency', of: ({ usagefile }) => usagefile?.currency, wide: true },
  { header: 'provider', of: ({ provider }) => provider?.name ?? provider?.id, wide: true },
  { header: 'created', of: ({ events }) => events?.created?.at, wide: true },
  { header: 'error', of: ({ error }) => error?.detail, wide: true },
];

module.exports = { CHUNK_COLUMNS };
