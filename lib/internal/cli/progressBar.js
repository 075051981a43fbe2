'use strict';

/** How far a run is: a bar on a terminal, elsewhere a line now and then. */

const WIDTH = 30;

/** A bar that is narrower says nothing. */
const MIN_WIDTH = 5;

/** How often a line is written where there is no terminal, in milliseconds. */
const LINE_EVERY = 10_000;

/** Milliseconds as minutes and seconds. */
function clock(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;
}

/** @typedef {{ done: number, total?: number, failed: number, rate: number, etaMs?: number }} Progress */

/** The part of a run that is done, from 0 to 1. @type {(progress: Progress) => number} */
const partOf = ({ done, total }) => (total ? Math.min(done / total, 1) : 0);

/** The progress of a run in words. */
function words(progress) {
  const { done, total, failed, rate, etaMs } = progress;
  const texts = [
    total ? `${Math.floor(partOf(progress) * 100)} %` : '',
    total ? `${done}/${total}` : `${done}`,
    `${Math.round(rate)}/s`,
    etaMs === undefined || done === total ? '' : `${clock(etaMs)} left`,
    failed > 0 ? `${failed} not confirmed` : '',
  ];
  return texts.filter(Boolean).join('  ');
}

/**
 * The progress of a run in one line.
 *
 * @param {Progress} progress
 * @param {number} [columns] How wide the terminal is. The last column stays empty: some terminals break the line there.
 */
function line(progress, columns = Infinity) {
  const text = words(progress);
  const width = Math.min(WIDTH, columns - 1 - text.length - '[]  '.length);
  if (width < MIN_WIDTH) return text.slice(0, Math.max(columns - 1, 1));
  const filled = Math.round(partOf(progress) * width);
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]  ${text}`;
}

/** Writes a line every ten seconds. */
function makeLines(stream, now) {
  let last = now();
  return {
    show(progress) {
      if (now() - last < LINE_EVERY) return;
      last = now();
      stream.write(`connect-usage: ${words(progress)}\n`);
    },
    end: () => undefined,
  };
}

/**
 * Shows the progress of a run on the standard error.
 *
 * @param {{ stderr: *, columns: number }} io Where to draw it.
 * @param {() => number} [now] The time in milliseconds.
 * @returns {{ show: Function, end: Function }} `show` takes the progress of `closeMany`.
 */
function makeBar(io, now = Date.now) {
  const { stderr } = io;
  if (!stderr.isTTY) return makeLines(stderr, now);
  let drawn = 0;
  return {
    show(progress) {
      const { columns } = io;
      // In a window that has become narrower, what was drawn takes several lines.
      const above = Math.max(Math.ceil(drawn / columns) - 1, 0);
      const text = line(progress, columns);
      stderr.write(`${above > 0 ? `\u001b[${above}A` : ''}\r\u001b[${above > 0 ? 'J' : 'K'}${text}`);
      drawn = text.length;
    },
    end() {
      if (drawn > 0) stderr.write('\n');
      drawn = 0;
    },
  };
}

module.exports = { line, makeBar };
