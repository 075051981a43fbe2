'use strict';

/**
 * The kinds of ids. One of the wrong kind is refused before anything is sent: Connect would only answer that there is no such
 * object.
 */

const { UsageError } = require('./errors.js');

/** @typedef {{ noun: string, prefix: string, example: string, list?: string }} Kind */

/** @type {Record<'file' | 'chunk' | 'record' | 'reconciliation' | 'product' | 'asset' | 'hub' | 'contract', Kind>} */
const KINDS = {
  file: { noun: 'usage file', prefix: 'UF', example: 'UF-2021-01-3453-7567', list: 'files list' },
  chunk: { noun: 'chunk', prefix: 'UFC', example: 'UFC-2020-07-8349-4102-001', list: 'chunks list' },
  record: {
    noun: 'usage record',
    prefix: 'UR',
    example: 'UR-2021-01-2023-8696-9408-6767',
    list: 'records list',
  },
  reconciliation: {
    noun: 'reconciliation',
    prefix: 'RCF',
    example: 'RCF-2020-07-8349-4102-001',
    list: 'reconcile list',
  },
  product: { noun: 'product', prefix: 'PRD', example: 'PRD-000-000-000' },
  asset: { noun: 'asset', prefix: 'AS', example: 'AS-0000-0000-0000' },
  hub: { noun: 'hub', prefix: 'HB', example: 'HB-0000-0000' },
  contract: { noun: 'contract', prefix: 'CRD', example: 'CRD-00000-00000-00000' },
};

/** The kind of an id; undefined if it has the form of none. */
function kindOf(id) {
  const [, prefix] = /^([A-Z]{2,4})-[\w-]+$/i.exec(id) ?? [];
  return Object.values(KINDS).find((kind) => kind.prefix === prefix?.toUpperCase());
}

/** How the article of a noun is written. */
const withArticle = (noun) => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;

/**
 * Checks the kind of an id.
 *
 * @param {string} id The id.
 * @param {Kind} kind The kind that is wanted.
 * @param {string} where Who wants it, as it is typed: `files close`, `--file`.
 * @returns {string} The id. Throws a UsageError for one of another kind.
 */
function checkId(id, kind, where) {
  const { noun, prefix, example, list } = kind;
  if (id.startsWith(`${prefix}-`) && /^[\w-]+$/.test(id)) return id;
  const found = kindOf(id);
  const wants = `${where} takes the id of ${withArticle(noun)}, such as ${example}`;
  const find = list === undefined ? '' : `; connect-usage ${list} shows them`;
  if (found === kind) throw new UsageError(`${wants}, in capitals; got '${id}'`);
  if (found !== undefined) throw new UsageError(`${wants}; ${id} is ${withArticle(found.noun)}${find}`);
  throw new UsageError(`${wants}; got '${id}'${find}`);
}

/** Ids may also be separated by commas, as they are copied from elsewhere. */
function splitIds(args) {
  return args.flatMap((text) => text.split(/[\s,;]+/)).filter((id) => id !== '');
}

/**
 * The ids among the arguments of a command: one at least, each once.
 *
 * @param {string[]} args The arguments.
 * @param {Kind} kind The kind that is wanted.
 * @param {string} command The command's name.
 * @returns {string[]} The ids. Throws a UsageError.
 */
function readIds(args, kind, command) {
  const ids = splitIds(args);
  if (ids.length === 0) {
    throw new UsageError(
      `${command} takes the id of ${withArticle(kind.noun)}: connect-usage ${command} ${kind.example}`,
    );
  }
  return [...new Set(ids.map((id) => checkId(id, kind, command)))];
}

/** The only id among the arguments. */
function readId(args, kind, command) {
  const ids = readIds(args, kind, command);
  if (ids.length > 1) throw new UsageError(`${command} takes one id; got ${ids.length}: ${ids.join(' ')}`);
  return ids[0];
}

module.exports = { KINDS, checkId, kindOf, readId, readIds, splitIds };
