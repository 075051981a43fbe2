'use strict';

/** Checks of request bodies: a field per name, each a function from a value to what is wrong with it, or undefined. */

const { isObject } = require('../seeds/values.js');

/** Text of a length at most; numbers are taken for text, as the framework of the real API does. */
const text = (max) => (value) => {
  if (typeof value !== 'string' && typeof value !== 'number') return 'Not a valid string.';
  if (String(value).length > max) return `Ensure this field has no more than ${max} characters.`;
  return String(value).includes('\0') ? 'Null characters are not allowed.' : undefined;
};

/** The id of another object. */
const objectId = (value) => (value === '' ? 'This field may not be blank.' : text(100)(value));

const choice = (choices) => (value) =>
  choices.includes(value) ? undefined : `"${String(value)}" is not a valid choice.`;

const isDay = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

const day = (value) =>
  isDay(value) ? undefined : 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.';

/** An object with fields of its own. */
const object = (fields) => (value) =>
  isObject(value) ? errorsOf(value, fields).join(' ') || undefined : 'Expected an object.';

/** What is wrong with the fields of a body. Those that it does not have, or that are null, are right. */
function errorsOf(body, fields) {
  const errors = [];
  for (const [name, check] of Object.entries(fields)) {
    const value = body[name];
    const error = value === undefined || value === null ? undefined : check(value);
    if (error !== undefined) errors.push(`${name}: ${error}`);
  }
  return errors;
}

/** The fields of a body that are known and present; numbers as the text that they are taken for. */
function pick(body, names) {
  const entries = names.filter((name) => body[name] !== undefined).map((name) => [name, asText(body[name])]);
  return Object.fromEntries(entries);
}

const asText = (value) => (typeof value === 'number' ? String(value) : value);

/** The fields of an object that have a value. */
const withoutNulls = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

module.exports = { asText, choice, day, errorsOf, object, objectId, pick, text, withoutNulls };
