'use strict';

/** Medians, spreads, and ratios of what was measured in the same round. */

/** The median of numbers; NaN of none. */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What a figure was over the rounds.
 *
 * @param {number[]} [values] One of each round; null where it could not be measured.
 * @returns {object} `{ median, least, most }`; NaN where there is nothing.
 */
function summary(values = []) {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length === 0) return { median: Number.NaN, least: Number.NaN, most: Number.NaN };
  return { median: median(known), least: Math.min(...known), most: Math.max(...known) };
}

/** The ratios of two figures, round by round: what else the machine did in a round hit both alike. */
function ratios(above = [], below = []) {
  return summary(above.map((value, round) => (value === null ? Number.NaN : value / below[round])));
}

/** A number with four digits that count: more are noise, and a file that cannot be read. */
function rounded(value) {
  return typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}

/** The same list in an order that each round has its own of, so that nobody always comes after the same. */
function shuffled(list, round) {
  const order = [...list];
  let state = round + 1;
  for (let i = order.length - 1; i > 0; i -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

module.exports = { median, ratios, rounded, shuffled, summary };
