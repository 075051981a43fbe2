'use strict';

/**
 * Makes a generator that gives the same numbers on every machine (mulberry32).
 *
 * @param {number} seed What it begins with.
 * @returns {(below: number) => number} Gives the next whole number from 0 on, below a bound.
 */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

module.exports = { random };
