'use strict';

/** The chart of the contenders: bars with whiskers from the least to the most. */

const { summary } = require('../stats');
const { number } = require('./format');
const { at, line, picture, text } = require('./svg');

const WIDTH = 760;
const LABELS = 130;
const BARS = 500;
const BAR = 16;
const STEP = 23;
const TOP = 60;

const kindOf = (name) => ({ ours: 'ours', 'ours, one hook': 'hook' })[name] ?? 'peer';

/** One bar with its name, its number and its whisker. */
function bar(name, { median, least, most }, y, scale) {
  const end = LABELS + median * scale;
  const middle = y + BAR / 2;
  const parts = [
    text(LABELS - 8, middle + 4.5, name, 'end'),
    `<rect x="${LABELS}" y="${at(y)}" width="${at(Math.max(1, median * scale))}" height="${BAR}" rx="2" class="${kindOf(name)}"/>`,
  ];
  const [from, to] = [LABELS + least * scale, LABELS + most * scale];
  if (to - from >= 1) {
    parts.push(line(from, middle, to, middle, 'whisker'));
    for (const x of [from, to]) parts.push(line(x, middle - 4, x, middle + 4, 'whisker'));
  }
  parts.push(text(Math.max(end, to) + 8, middle + 4.5, number(median)));
  return parts;
}

function panel({ heading, note, all, figure }, top) {
  const figures = Object.entries(all).map(([name, one]) => [name, summary(one[figure])]);
  const most = Math.max(...figures.map(([, one]) => one.most));
  const scale = BARS / most;
  return [
    text(LABELS, top, heading, 'head'),
    text(WIDTH - 12, top, note, 'small end'),
    ...figures.flatMap(([name, one], index) => bar(name, one, top + 12 + index * STEP, scale)),
  ];
}

/** The chart, as text. */
function bars({ close, method }) {
  const panels = [
    {
      heading: 'Requests per second, 16 concurrent',
      note: 'longer is better',
      all: close[16],
      figure: 'perSecond',
    },
    {
      heading: 'Requests per second, 128 concurrent',
      note: 'longer is better',
      all: close[128],
      figure: 'perSecond',
    },
    {
      heading: 'Time of the main thread for a request, µs, 16 concurrent',
      note: 'shorter is better',
      all: close[16],
      figure: 'mainThreadMicros',
    },
  ];
  const tall = Object.keys(close[16]).length * STEP + 42;
  const median = (all, name, figure) => number(summary(all[name][figure]).median);
  const said = panels.map(
    ({ heading, all, figure }) =>
      `${heading}: ${Object.keys(all)
        .map((name) => `${name} ${median(all, name, figure)}`)
        .join('; ')}.`,
  );
  return picture({
    width: WIDTH,
    height: TOP + panels.length * tall,
    title: 'Closing usage records: ours and others',
    description: `Bar chart, medians of ${method.rounds} rounds. ${said.join(' ')}`,
    parts: [
      text(12, 24, 'Closing usage records, one request each', 'title'),
      text(
        12,
        42,
        `A server on the same machine. Bars: median of ${method.rounds} rounds; whiskers: least and most.`,
        'small',
      ),
      ...panels.flatMap((one, index) => panel(one, TOP + 14 + index * tall)),
    ],
  });
}

module.exports = { bars };
