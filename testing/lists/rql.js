'use strict';

/**
 * A parser of the query language of Connect's lists (RQL), after the grammar that CloudBlue publishes for its server.
 * It accepts and refuses what that grammar does; in particular there is no `gte`, `lte`, `range`, `null(field, ...)`
 * or `empty(field, ...)`. The fields are interpreted in `filters.js`.
 */

// The server's `\w` and `\s` are those of Python: letters and digits of every script, and four separators more.
const WORD = '\\p{L}\\p{N}_';
const SPACE = '\\s\\x1c-\\x1f\\x85';
const NAME = new RegExp(`[a-zA-Z][${WORD}.-]*`, 'uy');
const VALUE = new RegExp(`null\\(\\)|empty\\(\\)|[${WORD}\\-*+\\\\][${WORD}.${SPACE}\\-:+@*\\\\]*`, 'uy');
const QUOTED = /"[^"]*"|'[^']*'/y;

const COMPARISONS = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const LISTS = new Set(['in', 'out']);
const SEARCHES = new Set(['like', 'ilike']);
const CONTROLS = new Set(['ordering', 'select']);
const LOGIC = new Set(['and', 'or']);

/** The query is not RQL. `message` is what the sandbox answers, under status 400. */
class RqlError extends Error {}

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail() {
    const where =
      this.at < this.text.length ? `near '${this.text.slice(this.at, this.at + 20)}'` : 'at its end';
    throw new RqlError(`Bad filter query: cannot be parsed ${where}.`);
  }

  peek() {
    return this.text[this.at];
  }

  take(character) {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  expect(character) {
    if (!this.take(character)) this.fail();
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at += found[0].length;
    return found[0];
  }

  name() {
    const name = this.match(NAME);
    if (name === undefined) this.fail();
    return name;
  }

  /** A value: `{ kind: 'text' | 'null' | 'empty', text }`. */
  value() {
    const quoted = this.match(QUOTED);
    if (quoted !== undefined) return { kind: 'text', text: quoted.slice(1, -1) };
    const start = this.at;
    const text = this.match(VALUE);
    // A value `t` without quotes starts a tuple, which none of the list's fields takes.
    if (text === undefined || text === 't') {
      this.at = start;
      this.fail();
    }
    if (text === 'null()') return { kind: 'null', text };
    if (text === 'empty()') return { kind: 'empty', text };
    return { kind: 'text', text };
  }

  /** The whole query: terms joined by `&`, and those joined by `,`. An empty query has no node. */
  query() {
    if (this.text === '') return undefined;
    const parts = this.separated(',', this.conjunction());
    if (this.at < this.text.length) this.fail();
    return joined('and', parts);
  }

  conjunction() {
    const parts = [this.term()];
    while (this.take('&')) parts.push(this.term());
    return joined('and', parts);
  }

  separated(separator, first) {
    const parts = [first];
    while (this.take(separator)) parts.push(this.conjunction());
    return parts;
  }

  term() {
    if (this.take('(')) return this.group();
    const start = this.at;
    const word = this.match(NAME);
    if (word === undefined) this.fail();
    if (this.peek() !== '(') {
      this.at = start;
      return this.equation();
    }
    if (LOGIC.has(word)) return this.logic(word);
    if (word === 'not') return this.negation();
    if (CONTROLS.has(word)) return { type: word, fields: this.signedNames() };
    const comparison = COMPARISONS.has(word) || SEARCHES.has(word);
    if (!comparison && !LISTS.has(word)) {
      this.at = start;
      this.fail();
    }
    return this.call(word);
  }

  /** `(...)`: one term, or several joined by `|`, `;` (or) or `,` (and), never by two of these. */
  group() {
    const first = this.conjunction();
    const separator = this.peek();
    let node = first;
    if (separator === '|' || separator === ';') node = joined('or', this.separated(separator, first));
    else if (separator === ',') node = joined('and', this.separated(separator, first));
    this.expect(')');
    return node;
  }

  logic(type) {
    this.expect('(');
    const parts = this.separated(',', this.conjunction());
    if (parts.length < 2) this.fail();
    this.expect(')');
    return joined(type, parts);
  }

  /** `not(...)` takes one plain expression: no `and`, `or` or second `not` inside. */
  negation() {
    const start = this.at;
    this.expect('(');
    const part = this.term();
    if (part.type === 'and' || part.type === 'or' || part.type === 'not') {
      this.at = start;
      this.fail();
    }
    this.expect(')');
    return { type: 'not', part };
  }

  signedNames() {
    const fields = [];
    this.expect('(');
    if (this.take(')')) return fields;
    do {
      const descending = this.take('-');
      if (!descending) this.take('+');
      fields.push({ field: this.name(), descending });
    } while (this.take(','));
    this.expect(')');
    return fields;
  }

  /** `eq(field,value)`, `like(field,value)` or `in(field,(value,value))`. */
  call(operator) {
    this.expect('(');
    const field = this.name();
    this.expect(',');
    const values = [];
    if (LISTS.has(operator)) {
      this.expect('(');
      do values.push(this.value());
      while (this.take(','));
      this.expect(')');
    } else {
      values.push(this.value());
    }
    this.expect(')');
    return { type: 'test', operator, field, values };
  }

  /** `field=value` or `field=operator=value`. */
  equation() {
    const field = this.name();
    // At the start of a term `t` is the grammar's word for a tuple and cannot be a name.
    if (field === 't') this.fail();
    this.expect('=');
    const start = this.at;
    const word = this.match(NAME);
    if (COMPARISONS.has(word) && this.take('=')) {
      return { type: 'test', operator: word, field, values: [this.value()] };
    }
    this.at = start;
    return { type: 'test', operator: 'eq', field, values: [this.value()] };
  }
}

function joined(type, parts) {
  return parts.length === 1 ? parts[0] : { type, parts };
}

/**
 * Parses a query that is percent-decoded already.
 *
 * @param {string} text for example `status=approved&ordering(-created_time)`
 * @returns {object | undefined} the tree, or undefined for an empty query
 * @throws {RqlError} if the server's grammar does not know such a query
 */
function parse(text) {
  return new Parser(text).query();
}

/**
 * Percent-decodes a query string once, as the server does: a `+` stays a `+`, a `%` that starts no escape
 * stays, bytes that are no UTF-8 become U+FFFD.
 *
 * @param {string} query what follows the `?` of a request
 * @returns {string} the decoded text
 */
function decodeQuery(query) {
  return query.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) =>
    Buffer.from(escapes.replace(/%/g, ''), 'hex').toString('utf8'),
  );
}

module.exports = { RqlError, decodeQuery, parse };
