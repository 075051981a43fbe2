'use strict';

/** How many letters must be added, left out or replaced to make one word of another; two that are swapped count as one. */
function distance(from, to) {
  let before = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = last[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j] + 1, row[j - 1] + 1);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[to.length];
}

/**
 * The word that was probably meant.
 *
 * @param {string} word What was typed.
 * @param {string[]} known The words that there are.
 * @returns {string | undefined} The nearest of them; undefined if none is near.
 */
function nearest(word, known) {
  const typed = word.toLowerCase();
  const [best] = known
    .map((name) => ({ name, steps: distance(typed, name.toLowerCase()) }))
    .sort((one, other) => one.steps - other.steps);
  return best !== undefined && best.steps <= Math.max(1, word.length / 3) ? best.name : undefined;
}

/** `; did you mean ...?`, or nothing. */
function suggestion(word, known, show = (name) => name) {
  const name = nearest(word, known);
  return name === undefined ? '' : `; did you mean ${show(name)}?`;
}

module.exports = { nearest, suggestion };
