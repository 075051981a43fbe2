'use strict';

const SIGNALS = ['SIGINT', 'SIGTERM'];

/** Why a run ended that was interrupted. */
class Interrupted extends Error {}

/**
 * Makes the first Ctrl-C, or SIGTERM, abort a run, so that it ends in order; the second ends the process as usual.
 *
 * @returns {{ signal: AbortSignal, unsubscribe: () => void }} The signal, and how to stop listening.
 */
function onInterrupt() {
  const controller = new AbortController();
  const unsubscribe = () => {
    for (const name of SIGNALS) process.removeListener(name, stop);
  };
  const stop = () => {
    unsubscribe();
    controller.abort(new Interrupted('interrupted'));
  };
  for (const name of SIGNALS) process.on(name, stop);
  return { signal: controller.signal, unsubscribe };
}

module.exports = { Interrupted, onInterrupt };
