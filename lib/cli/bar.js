'use strict';

const WIDTH = 30;

/** A number of milliseconds as minutes and seconds. */
function clock(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;
}

/** One line that says how far a run is. */
function line({ done, total, failed, rate, etaMs }) {
  const part = total ? Math.min(done / total, 1) : 0;
  const filled = Math.round(part * WIDTH);
  const pieces = [
    `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}]`,
    total ? `${Math.floor(part * 100)} %` : '',
    total ? `${done}/${total}` : `${done}`,
    `${Math.round(rate)}/s`,
    etaMs === undefined || done === total ? '' : `${clock(etaMs)} left`,
    failed > 0 ? `${failed} not closed` : '',
  ];
  return pieces.filter(Boolean).join('  ');
}

/**
 * A progress bar on a terminal; nothing anywhere else.
 *
 * @param {object} stream Where to draw it.
 * @returns {{ show: Function, end: Function }} `show` takes the progress of `closeMany`.
 */
function makeBar(stream) {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  let drawn = false;
  return {
    show(progress) {
      drawn = true;
      stream.write(`\r\u001b[K${line(progress)}`);
    },
    end() {
      if (drawn) stream.write('\n');
      drawn = false;
    },
  };
}

module.exports = { line, makeBar };
