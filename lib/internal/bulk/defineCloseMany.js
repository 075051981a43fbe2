'use strict';

const { defineMethod } = require('../resources/defineNativeMethods');

/**
 * Defines `closeMany`, which is not an endpoint but a run of many requests.
 *
 * @param {Function} Resource The class.
 * @param {string} className Its name, as Rust knows it.
 */
function defineCloseMany(Resource, className) {
  defineMethod(
    Resource,
    'closeMany',
    {
      async closeMany(records, options) {
        // Loaded when it is called: most programs never do.
        const { closeMany } = require('./closeMany');
        return closeMany(className, /** @type {*} */ (this), records, options);
      },
    }.closeMany,
  );
}

module.exports = { defineCloseMany };
