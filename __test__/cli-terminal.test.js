'use strict';

const path = require('path');
const { line, makeBar } = require('../lib/internal/cli/progressBar');
const { KEY, closings, writeCsv } = require('./support/command');
const { useFolder } = require('./support/folder');
const { INVOICE, useSandboxes } = require('./support/sandbox');
const { hasTerminal, runOnTerminal } = require('./support/terminal');
const { recordId } = require('../testing');

// `connect-usage` on a pseudo-terminal: the question, the bar, Ctrl-C.

const program = path.join(__dirname, '../bin/connect-usage.js');
const folder = useFolder();
const startSandbox = useSandboxes();
const onTerminal = hasTerminal ? test : test.skip;

const running = [];
afterEach(() => {
  for (const terminal of running.splice(0)) terminal.stop();
});

/** Starts `connect-usage` with these arguments. */
function run(args, sandbox, columns) {
  const env = {
    ...process.env,
    CONNECT_ENDPOINT: sandbox.url,
    CONNECT_API_KEY: KEY,
    NO_PROXY: '*',
  };
  const terminal = runOnTerminal([process.execPath, program, ...args], { cwd: folder, env, columns });
  running.push(terminal);
  return terminal;
}

/** Writes a file of that many records. */
const fileOf = (count) =>
  writeCsv(
    folder,
    `${count}.csv`,
    Array.from({ length: count }, (_, index) => `${recordId(index)},${INVOICE},`),
  );

const closedIn = (sandbox) =>
  [...sandbox.records.values()].filter(({ status }) => status === 'closed').length;

/** How the bar is drawn over itself, and in a window that has become narrower. */
const REDRAWN = '\r\u001b[K';
const REDRAWN_NARROWER = '\u001b[2A\r\u001b[J';

const QUESTION = /Close 3 records\? This cannot be undone\. \[y\/N\] $/;

describe('the question', () => {
  onTerminal.each([
    ['y\n', 3],
    ['YES\n', 3],
    ['n\n', 0],
    ['\n', 0],
    ['yesterday\n', 0],
    // Ctrl-D: the end of the input.
    ['\u0004', 0],
  ])('is answered by %j: %i records are closed', async (answer, count) => {
    const sandbox = await startSandbox({ apiKey: KEY, records: 3 });
    const terminal = run(['close', fileOf(3)], sandbox);
    await terminal.until(QUESTION);
    expect(terminal.text()).toContain('3.csv: 3 rows\r\n');
    expect(terminal.text()).toContain(`  3  ${INVOICE}\r\n`);
    expect(closings(sandbox)).toEqual([]);
    terminal.type(answer);
    expect(await terminal.ended).toBe(count > 0 ? 0 : 1);
    expect(closedIn(sandbox)).toBe(count);
    expect(terminal.text()).toContain(
      count > 0 ? 'closed 3 of 3 records' : 'connect-usage: nothing was sent\r\n',
    );
  });

  onTerminal('Ctrl-C at the question ends the command, and nothing was sent', async () => {
    const sandbox = await startSandbox({ apiKey: KEY, records: 3 });
    const terminal = run(['close', fileOf(3)], sandbox);
    await terminal.until(QUESTION);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    expect(closings(sandbox)).toEqual([]);
  });

  onTerminal('--yes answers it beforehand', async () => {
    const sandbox = await startSandbox({ apiKey: KEY, records: 3 });
    const terminal = run(['close', fileOf(3), '--yes'], sandbox);
    expect(await terminal.ended).toBe(0);
    expect(terminal.text()).not.toContain('[y/N]');
  });
});

describe('the bar', () => {
  onTerminal('is drawn over itself, and ends full', async () => {
    const sandbox = await startSandbox({ apiKey: KEY, records: 300 });
    const terminal = run(['close', fileOf(300), '--yes'], sandbox);
    expect(await terminal.ended).toBe(0);
    const bars = terminal.text().split(REDRAWN).slice(1);
    expect(bars.length).toBeGreaterThan(0);
    for (const bar of bars) expect(bar).toMatch(/^\[#*-*\] {2}\d+ % {2}\d+\/300 {2}\d+\/s/);
    expect(terminal.text()).toMatch(/300\/300 {2}\d+\/s\r\nclosed 300 of 300 records\r\n/);
  });

  onTerminal('fits the window, also when it is resized', async () => {
    const delay = { kind: 'delay', ms: 100, when: { method: 'POST' } };
    const sandbox = await startSandbox({ apiKey: KEY, records: 1000, faults: [delay] });
    const args = ['close', fileOf(1000), '--yes', '--concurrency', '1'];
    const terminal = run(args, sandbox, 80);
    await terminal.until(/100\/1000/);
    terminal.resize(30);
    expect(await terminal.ended).toBe(0);
    const [before, ...after] = terminal.text().split(REDRAWN_NARROWER);
    expect(after).toHaveLength(1);
    const widths = (text) => text.split(REDRAWN).map((drawn) => drawn.split('\r\n')[0].length);
    expect(Math.max(...widths(before))).toBeLessThan(80);
    expect(Math.max(...widths(after[0]))).toBeLessThan(30);
  });

  const PROGRESS = { done: 50, total: 200, failed: 0, rate: 100, etaMs: 61_000 };

  test.each([200, 80, 60, 50, 40, 30, 20, 10, 2])('is narrower than %i columns', (columns) => {
    expect(line(PROGRESS, columns).length).toBeLessThan(columns);
  });

  test('removes what a narrower window has broken into several lines', () => {
    const written = [];
    const io = { stderr: { isTTY: true, write: (text) => written.push(text) }, columns: 80 };
    const bar = makeBar(io);
    bar.show(PROGRESS);
    const { length } = line(PROGRESS, 80);
    io.columns = 40;
    bar.show(PROGRESS);
    bar.show(PROGRESS);
    expect(Math.ceil(length / 40)).toBe(2);
    expect(written).toEqual([
      `\r\u001b[K${line(PROGRESS, 80)}`,
      `\u001b[1A\r\u001b[J${line(PROGRESS, 40)}`,
      `\r\u001b[K${line(PROGRESS, 40)}`,
    ]);
  });

  test('is a line every ten seconds where there is no terminal', () => {
    const written = [];
    let time = 0;
    const bar = makeBar({ stderr: { write: (text) => written.push(text) }, columns: 80 }, () => time);
    for (time of [0, 9_999, 10_000, 10_001, 19_999, 20_000]) bar.show({ ...PROGRESS, done: time / 1000 });
    bar.end();
    expect(written).toEqual([
      'connect-usage: 5 %  10/200  100/s  1:01 left\n',
      'connect-usage: 10 %  20/200  100/s  1:01 left\n',
    ]);
  });
});

describe('Ctrl-C', () => {
  /** The counts of a report that is printed. */
  const counts = (text) => {
    const count = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);
    return {
      closed: count(/closed (\d+) of/),
      already: count(/(\d+) were already closed/),
      unknown: count(/(\d+) may or may not be closed/),
      notSent: count(/(\d+) were not sent/),
    };
  };

  onTerminal('ends a run in order: the report is printed, and its counts add up', async () => {
    // The first request is answered, those after it are not.
    const hang = { kind: 'hang', when: { method: 'POST', from: 2 } };
    const sandbox = await startSandbox({ apiKey: KEY, records: 1000, faults: [hang] });
    const args = ['close', fileOf(1000), '--yes', '--journal', 'run.journal', '--results', 'results.csv'];
    const terminal = run(args, sandbox);
    await terminal.until(/100\/1000/);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(3);
    const text = terminal.text();
    const { closed, already, unknown, notSent } = counts(text);
    expect(closed).toBe(100);
    expect(closed + already + unknown + notSent).toBe(1000);
    expect(closedIn(sandbox)).toBe(100);
    expect(text).toContain('connect-usage: the run ended early: interrupted\r\n');
    expect(text).not.toContain(KEY);
  });
});
