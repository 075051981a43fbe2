'use strict';

/**
 * The headers of each object, by their names in lower case: `{ name, values }`. Kept apart, so that hooks see no
 * field of ours.
 */
const headersOf = new WeakMap();

/** The key of a name; refuses a name that is not legal, in node-fetch's words. */
function keyOf(name) {
  const text = `${name}`;
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(text)) throw new TypeError(`${text} is not a legal HTTP header name`);
  return text.toLowerCase();
}

/** A value as text; the error for an illegal one does not show it, for it may be a secret. */
function textOf(name, value) {
  const text = `${value}`;
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) {
    throw new TypeError(
      `the value of the header '${name}' contains a character that is not allowed in a header`,
    );
  }
  return text;
}

/**
 * The headers of a response, which hooks may change. Has the methods of the platform's Headers and of node-fetch's.
 */
class Headers {
  /** @param {string[]} flat Names and values in turn. */
  constructor(flat) {
    const map = new Map();
    for (let i = 0; i < flat.length; i += 2) {
      const key = flat[i].toLowerCase();
      if (map.has(key)) map.get(key).values.push(flat[i + 1]);
      else map.set(key, { name: key, values: [flat[i + 1]] });
    }
    headersOf.set(this, map);
  }

  get(name) {
    const found = headersOf.get(this).get(keyOf(name));
    return found === undefined ? null : found.values.join(', ');
  }

  has(name) {
    return headersOf.get(this).has(keyOf(name));
  }

  /** Replaces all values of the header. */
  set(name, value) {
    const [map, key, text] = [headersOf.get(this), keyOf(name), textOf(name, value)];
    map.set(key, { name: map.get(key)?.name || `${name}`, values: [text] });
  }

  /** Adds a value to those of the header. */
  append(name, value) {
    const [map, key, text] = [headersOf.get(this), keyOf(name), textOf(name, value)];
    if (map.has(key)) map.get(key).values.push(text);
    else map.set(key, { name: `${name}`, values: [text] });
  }

  delete(name) {
    headersOf.get(this).delete(keyOf(name));
  }

  /** The values of `Set-Cookie`, which cannot be joined. */
  getSetCookie() {
    return [...(headersOf.get(this).get('set-cookie')?.values || [])];
  }

  /** All values by name, as in node-fetch. */
  raw() {
    const raw = Object.create(null);
    for (const { name, values } of headersOf.get(this).values()) raw[name] = [...values];
    return raw;
  }

  forEach(callback, thisArg) {
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  *entries() {
    for (const name of [...headersOf.get(this).keys()].sort()) yield [name, this.get(name)];
  }

  *keys() {
    for (const [name] of this.entries()) yield name;
  }

  *values() {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  /**
   * As the platform and node-fetch have it. It also keeps headers in a request's options from being copied as a plain
   * object.
   */
  get [Symbol.toStringTag]() {
    return 'Headers';
  }
}

/**
 * Lists headers as the constructor takes them.
 *
 * @param {Headers} headers The headers.
 * @returns {string[]} Names and values in turn.
 */
function flatten(headers) {
  const flat = [];
  for (const { name, values } of headersOf.get(headers).values())
    for (const value of values) flat.push(name, value);
  return flat;
}

module.exports = { Headers, flatten };
