'use strict';

/** Reads a `multipart/form-data` body with Node's own parser. */

const vm = require('vm');

/**
 * The fields of a form: text, or `{ name, bytes }` for a file.
 *
 * @param {Buffer} bytes the body
 * @param {string} type its content type, with the boundary
 * @returns {Promise<Record<string, string | { name: string, bytes: Buffer }>>} the fields; of several with one name, the
 *   last
 * @throws {Error} if it is no such form
 */
async function readForm(bytes, type) {
  // Node's, also where tests replace the globals (jsdom has no Response, mocks of fetch have their own).
  const { Response } = vm.runInThisContext('globalThis');
  const form = await new Response(bytes, { headers: { 'Content-Type': type } }).formData();
  /** @type {Record<string, string | { name: string, bytes: Buffer }>} */
  const fields = {};
  for (const [name, value] of form) {
    fields[name] =
      typeof value === 'string' ? value : { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return fields;
}

module.exports = { readForm };
