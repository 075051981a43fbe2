'use strict';

/** A file holds no table of records, or rows of it are refused. Nothing of it is used. */
class TableError extends Error {
  /**
   * @param {string} message What is wrong.
   * @param {object} [details] `refused` and `refusedCount`.
   */
  constructor(message, details) {
    super(message);
    const { refused = [], refusedCount = refused.length } = details || {};
    this.refused = refused;
    this.refusedCount = refusedCount;
  }

  /** `TableError`. */
  get name() {
    return 'TableError';
  }
}

module.exports = { TableError };
