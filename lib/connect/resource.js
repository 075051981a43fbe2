'use strict';

/**
 * The classes of the resources, made of what Rust declares: name, path, methods, and the resources below. What is
 * particular to one resource stands in its file in `src/core/resources`, and nowhere in JavaScript.
 */

const GenericResource = require('./api/base');
const { expose, makeChild, surface } = require('./expose');

/** The classes that have been made, by name; one may be below several others. */
const classes = new Map([['GenericResource', GenericResource]]);

/**
 * Keeps what a factory has made, so that the same id gives the same object (fact 58): whoever assigns to
 * `client.products.parameters('PRD-1').search` finds it there again.
 */
function memoise(resource, factory) {
  const made = new Map();
  return (id) => {
    // By their text, as `1` and `'1'` are one id; what is no id is kept apart from its text.
    const key = ['number', 'bigint'].includes(typeof id) ? `${id}` : id;
    if (!made.has(key)) made.set(key, factory.call(resource, id));
    return made.get(key);
  };
}

/**
 * Makes the class of a resource, unless there is one.
 *
 * @param {string} className Its name, as Rust declares it.
 * @returns {Function} The class; its constructor takes the client, and the path if that is not the usual one.
 */
function define(className) {
  if (classes.has(className)) return classes.get(className);
  const { path, children } = surface.get(className);
  const Class = {
    [className]: class extends GenericResource {
      constructor(client, baseUri = path) {
        super(client, baseUri);
        // Own properties in the place of the methods, as in the original; so is whatever stands on the prototype.
        for (const { name } of children) this[name] = memoise(this, this[name]);
      }
    },
  }[className];
  classes.set(className, Class);
  for (const child of children) makeChild(Class, className, child, define(child.className));
  return expose(Class, className);
}

module.exports = { define };
