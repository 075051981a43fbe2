'use strict';

/** Reads a list's query: its filters, ordering, limit and offset. */

const { fieldTest, likeTest } = require('./fields.js');
const { RqlError, parse } = require('./rql.js');

function searchTest(fields, operator, value) {
  if (operator !== 'eq') throw new RqlError(`Bad search filter: ${operator}.`);
  const start = value.text.startsWith('*') ? '' : '*';
  const end = value.text.endsWith('*') ? '' : '*';
  const wide = { kind: 'text', text: start + value.text + end };
  const tests = [];
  for (const [name, field] of fields) if (field.search) tests.push(likeTest(name, field, 'ilike', wide));
  return (object) => tests.some((test) => test(object));
}

/** Reads a query; the predicate of a node that does not filter (limit, ordering) is null. */
class Plan {
  constructor(fields) {
    this.fields = fields;
    this.limit = undefined;
    this.offset = undefined;
    this.ordering = undefined;
  }

  predicate(node) {
    switch (node.type) {
      case 'test':
        return this.test(node);
      case 'not': {
        const part = this.predicate(node.part);
        return part && ((object) => !part(object));
      }
      case 'ordering':
        this.order(node.fields);
        return null;
      case 'select':
        // The real API ignores it: the list has nothing to select.
        return null;
      default:
        return this.logic(node);
    }
  }

  logic(node) {
    const parts = node.parts.map((part) => this.predicate(part)).filter((part) => part !== null);
    if (parts.length < 2) return parts[0] ?? null;
    if (node.type === 'or') return (object) => parts.some((part) => part(object));
    return (object) => parts.every((part) => part(object));
  }

  test({ field: name, operator, values }) {
    if (name === 'limit' || name === 'offset') {
      if (operator !== 'eq' || this[name] !== undefined) {
        throw new RqlError('Bad filter query: limit and offset are set incorrectly.');
      }
      this[name] = values[0].text;
      return null;
    }
    if (name === 'search') return searchTest(this.fields, operator, values[0]);
    const field = this.fields.get(name);
    if (!field) throw new RqlError(`Bad filter: ${name} is not a filter of this list.`);
    return fieldTest(name, field, operator, values);
  }

  order(fields) {
    if (this.ordering)
      throw new RqlError('Bad ordering filter: query can contain only one ordering operation.');
    this.ordering = fields.map(({ field: name, descending }) => {
      const field = this.fields.get(name);
      if (!field?.ordering) throw new RqlError(`Bad ordering filter: ${name}.`);
      return { read: field.read, descending };
    });
  }
}

/**
 * Plans a query of a list. The real API ignores a field that it does not know; the sandbox refuses it, so that a misspelt
 * field does not select everything.
 *
 * @param {string} query percent-decoded, without `?`
 * @param {Map<string, object>} fields the list's fields by name
 * @returns {{ limit?: string, offset?: string, predicate: ((object: object) => boolean) | null,
 *   ordering: { read: (object: object) => unknown, descending: boolean }[] }} what to select, and in which order
 * @throws {RqlError} for a query, field, operator or value that the API does not accept
 */
function plan(query, fields) {
  const tree = parse(query);
  const made = new Plan(fields);
  const predicate = tree === undefined ? null : made.predicate(tree);
  return { limit: made.limit, offset: made.offset, predicate, ordering: made.ordering ?? [] };
}

module.exports = { plan };
