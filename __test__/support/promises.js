'use strict';

/** Resolves to what a promise rejects with, which it has to. */
const failure = (promise) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

module.exports = { failure, wait };
