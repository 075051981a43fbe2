'use strict';

/** The files that links of the API lead to. As with signed links, no key is needed. */

const { recordsOf } = require('./records.js');
const { processedWorkbook, templateWorkbook } = require('./workbooks.js');
const { decoded } = require('../decoded.js');
const { json, unknownPath, workbook } = require('../replies.js');

const MEDIA_PATH = '/media/';

/** `GET /usage/products/{id}/template`. */
const template = ({ state, object: product }) =>
  json(200, {
    template_link: `${state.origin}${MEDIA_PATH}usage/products/${encodeURIComponent(product.id)}/template.xlsx`,
  });

/**
 * The reply to a request for a link.
 *
 * @param {object} state
 * @param {string} path below `/media/`
 */
async function media(state, path) {
  const [, kind, rawId, name] = /^usage\/(files|products)\/([^/]+)\/([a-z_.]+)$/.exec(path) ?? [];
  const id = rawId && decoded(rawId);
  if (kind === 'products' && name === 'template.xlsx') {
    const product = state.products.get(id);
    return product ? workbook(await templateWorkbook(product), `${id}.xlsx`) : unknownPath();
  }
  const file = kind === 'files' ? state.files.get(id) : undefined;
  if (file === undefined) return unknownPath();
  if (name === 'processed_file.xlsx') {
    return workbook(await processedWorkbook(file, recordsOf(state, id)), `${id}.xlsx`);
  }
  const isStored = name === 'usage_file' || name === 'reconciliation_file';
  const stored = isStored ? state.media.get(`usage/files/${id}/${name}`) : undefined;
  return stored ? workbook(stored.bytes, stored.name) : unknownPath();
}

module.exports = { MEDIA_PATH, media, template };
