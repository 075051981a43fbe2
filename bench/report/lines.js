'use strict';

/** The chart of whether a request costs the same after many, and among many. */

const { summary } = require('../stats');
const { number } = require('./format');
const { at, line, picture, text, ticks } = require('./svg');

const WIDTH = 760;
const LEFT = 56;
const RIGHT = 20;
const HEIGHT = 170;
const PANEL = 262;
const TOP = 84;

const SERIES = [
  { figure: 'cpuMicros', kind: 'all', name: 'all threads, processor time' },
  { figure: 'mainThreadMicros', kind: 'main', name: 'main thread' },
];

/** One line with its points and their whiskers. */
function series(all, { figure, kind }, x, y) {
  const points = Object.values(all).map((one, index) => ({ x: x(index), ...summary(one[figure]) }));
  const path = points.map((point) => `${at(point.x)},${at(y(point.median))}`).join(' ');
  return [
    ...points.map((point) => line(point.x, y(point.least), point.x, y(point.most), 'whisker')),
    `<polyline points="${path}" class="line ${kind}"/>`,
    ...points.map(
      (point) => `<circle cx="${at(point.x)}" cy="${at(y(point.median))}" r="3.5" class="of-${kind}"/>`,
    ),
  ];
}

function panel({ heading, all, label }, top) {
  const keys = Object.keys(all);
  const most = Math.max(...SERIES.flatMap(({ figure }) => keys.map((key) => summary(all[key][figure]).most)));
  const marks = ticks(most);
  const bottom = top + 20 + HEIGHT;
  const y = (value) => bottom - (value / marks.at(-1)) * HEIGHT;
  const step = (WIDTH - LEFT - RIGHT) / keys.length;
  const x = (index) => LEFT + step * (index + 0.5);
  return [
    text(LEFT, top, heading, 'head'),
    ...marks.flatMap((mark) => [
      line(LEFT, y(mark), WIDTH - RIGHT, y(mark), 'grid'),
      text(LEFT - 8, y(mark) + 4, number(mark), 'small end'),
    ]),
    ...keys.map((key, index) => text(x(index), bottom + 20, label(Number(key)), 'small middle')),
    ...SERIES.flatMap((one) => series(all, one, x, y)),
  ];
}

/** What a decade of calls is called. */
function decade(mark) {
  const before = mark === 1000 ? 0 : mark / 10;
  return before === 0 ? `the first ${number(mark)}` : `to ${number(mark)}`;
}

function legend(y) {
  return SERIES.flatMap(({ kind, name }, index) => [
    `<circle cx="${16 + index * 220}" cy="${y - 4}" r="4.5" class="of-${kind}"/>`,
    text(26 + index * 220, y, name),
  ]);
}

/** The chart, as text. */
function lines({ flat, method }) {
  const panels = [
    { heading: 'By how many calls were made before, 16 concurrent', all: flat.calls, label: decade },
    { heading: 'By the number of concurrent requests', all: flat.concurrency, label: number },
  ];
  const said = panels.map(({ heading, all, label }) => {
    const values = Object.entries(all).map(([key, one]) => {
      const [cpu, main] = SERIES.map(({ figure }) => number(summary(one[figure]).median));
      return `${label(Number(key))}: ${cpu} and ${main}`;
    });
    return `${heading}: ${values.join('; ')}.`;
  });
  return picture({
    width: WIDTH,
    height: TOP + panels.length * PANEL - 14,
    title: 'What a request of ours costs, after many and among many',
    description: `Line chart, microseconds of all threads and of the main thread, medians of ${method.flatRounds} rounds. ${said.join(' ')}`,
    parts: [
      text(12, 24, 'What a request of ours costs, µs', 'title'),
      ...legend(50),
      text(WIDTH - RIGHT, 50, `median of ${method.flatRounds} rounds; whiskers: least and most`, 'small end'),
      ...panels.flatMap((one, index) => panel(one, TOP + index * PANEL)),
    ],
  });
}

module.exports = { decade, lines };
