'use strict';

/**
 * At which stage of a request the caller's own code threw. A run that closes many records must know whether a record may
 * have been sent, and an error of a hook or an adapter does not say.
 */

/** Of each error that the caller's code threw: whether it was thrown before anything was sent, each time. */
const stages = new WeakMap();

/** Notes an error's stage. One object may be thrown at either stage: it counts as thrown after sending then. */
function note(error, isBefore) {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return;
  stages.set(error, isBefore && stages.get(error) !== false);
}

/**
 * Carries out what comes before a request is sent.
 *
 * @param {Function} make What makes the request.
 * @returns {*} What it makes; throws what it throws.
 */
function beforeSending(make) {
  try {
    return make();
  } catch (error) {
    note(error, true);
    throw error;
  }
}

/**
 * Carries out what sends a request, and all that comes after.
 *
 * @param {Function} send What sends it.
 * @returns {Promise<*>} What it resolves to; rejects with what it throws.
 */
async function afterSending(send) {
  try {
    return await send();
  } catch (error) {
    note(error, false);
    throw error;
  }
}

/** Whether an error is known to have been thrown before anything was sent. */
const wasBeforeSending = (error) => stages.get(error) === true;

module.exports = { afterSending, beforeSending, wasBeforeSending };
