'use strict';

/** Bodies that a schema does not allow, each with what is wrong about it. */

const { resolve } = require('./document.js');

/** What a value of a type is replaced with. Numbers are no wrong texts: Connect reads them as text. */
const OTHERS = {
  string: [{}, [], true],
  object: ['text', 7, true, []],
  array: ['text', 7, true, {}],
};

function otherTypes(schema) {
  return (OTHERS[schema.type] ?? []).map((value) => ({ what: `is ${JSON.stringify(value)}`, value }));
}

function otherValues(schema) {
  const values = [];
  if (schema.enum) values.push({ what: 'is no choice', value: 'no-such-choice' });
  if (schema.format === 'date') values.push({ what: 'is no date', value: 'yesterday' });
  if (schema.minLength) values.push({ what: 'is empty', value: '' });
  if (schema.maxLength) values.push({ what: 'is too long', value: 'x'.repeat(schema.maxLength + 1) });
  return values;
}

/** The wrong variants of an object: a property that is wrong, or one that is missing. */
function wrongProperties(schema, value) {
  const wrong = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    wrongValues(property, value[name]).map((variant) => ({
      field: name,
      what: `has a field ${name} that ${variant.what}`,
      value: { ...value, [name]: variant.value },
    })),
  );
  const missing = (schema.required ?? []).map((name) => {
    const { [name]: _left, ...rest } = value;
    return { field: name, what: `has no ${name}`, value: rest };
  });
  return [...wrong, ...missing];
}

/** A list whose item is wrong. What is wrong with a field that it need not have is told in the item's own result. */
function ofItem(schema, { what, value, field }) {
  const isOwn = field !== undefined && !schema.required.includes(field);
  return { what: `has an item that ${what}`, value: [value], isOwn };
}

/**
 * All variants of a valid value that are wrong in one place.
 *
 * @param {object} reference the schema, or a reference to it
 * @param {unknown} value a valid value
 * @returns {{ what: string, value: unknown, isOwn?: boolean }[]} the variants; `isOwn` if only the result of an item
 *   says so
 */
function wrongValues(reference, value) {
  const schema = resolve(reference);
  const here = [...otherTypes(schema), ...otherValues(schema)];
  if (schema.type === 'object') return [...here, ...wrongProperties(schema, value ?? {})];
  if (schema.type !== 'array') return here;
  const items = wrongValues(schema.items, value?.[0]);
  return [...here, ...items.map((variant) => ofItem(schema.items, variant))];
}

/** A text in a value, replaced with a number or with null: Connect may take it or refuse it. */
function replaceTexts(schema, value, other) {
  return Object.keys(schema.properties ?? {}).flatMap((name) => {
    const property = resolve(schema.properties[name]);
    if (property.type === 'object') {
      return replaceTexts(property, value?.[name], other).map(({ what, value: inner }) => ({
        what: `${name}.${what}`,
        value: { ...value, [name]: inner },
      }));
    }
    return { what: `${name} ${other}`, value: { ...value, [name]: other } };
  });
}

/**
 * Variants of a valid value that are neither right nor wrong by its schema's letter: a number or null for each text.
 *
 * @param {object} reference the schema, or a reference to it
 * @param {unknown} value a valid value
 * @returns {{ what: string, value: unknown }[]} the variants
 */
function doubtfulValues(reference, value) {
  const schema = resolve(reference);
  if (schema.type === 'array') {
    return doubtfulValues(schema.items, value[0]).map((variant) => ({ ...variant, value: [variant.value] }));
  }
  return [7, null].flatMap((other) => replaceTexts(schema, value, other));
}

module.exports = { doubtfulValues, wrongValues };
