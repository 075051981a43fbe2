'use strict';

/**
 * Defines the classes of the resources from what Rust declares in `src/core/resources`: name, path, methods, and the
 * resources below.
 */

const GenericResource = require('../../connect/api/base');
const { defineChildFactory, defineMethod, defineNativeMethods, metadata } = require('./defineNativeMethods');

/**
 * The classes defined so far, by name; one may be below several others.
 *
 * @type {Map<string, any>}
 */
const classes = new Map([['GenericResource', GenericResource]]);

/**
 * Makes a factory return the same object for the same id, as in the original: `products.parameters(id).search` can be
 * replaced.
 */
function memoize(resource, factory) {
  const created = new Map();
  return (id) => {
    // `1` and `'1'` are the same id; a value that is no id is not the same as its text.
    const key = ['number', 'bigint'].includes(typeof id) ? `${id}` : id;
    if (!created.has(key)) created.set(key, factory.call(resource, id));
    return created.get(key);
  };
}

/** Defines `waitFor` on the class of objects that have states. */
function defineWaitFor(Class, className) {
  const { waitFor } = {
    async waitFor(id, states, options) {
      const wait = require('./waitFor');
      return wait.waitFor(/** @type {*} */ (this), className, id, states, options);
    },
  };
  defineMethod(Class, 'waitFor', waitFor);
}

/**
 * Defines the class of a resource, unless it is defined already.
 *
 * @param {string} className Its name, as Rust declares it.
 * @returns {new (client: object, baseUri?: string) => any} The class; its constructor takes the client and,
 *   optionally, another path.
 */
function define(className) {
  if (classes.has(className)) return classes.get(className);
  const { path, children, states } = metadata.get(className);
  const Class = {
    [className]: class extends GenericResource {
      constructor(client, baseUri = path) {
        super(client, baseUri);
        // Own properties, as in the original, which shadow the methods of the prototype.
        for (const { name } of children) this[name] = memoize(this, this[name]);
      }
    },
  }[className];
  classes.set(className, Class);
  for (const child of children) defineChildFactory(Class, className, child, define(child.className));
  if (states.length > 0) defineWaitFor(Class, className);
  return defineNativeMethods(Class, className);
}

module.exports = { define };
