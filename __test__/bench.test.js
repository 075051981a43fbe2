'use strict';

/**
 * The benchmark runs, and what is published is what was measured. How fast anything is is not tested: these machines are
 * shared.
 */

const { execFile, spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { published } = require('../bench/report');

const root = path.join(__dirname, '..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const results = () => JSON.parse(read('bench/results.json'));

/** Whether a text is XML whose elements are all closed, in order. */
function isWellFormed(xml) {
  const open = [];
  const body = xml.replace(/<style>[^<]*<\/style>/, '');
  for (const [tag, close, name, attributes, end] of body.matchAll(
    /<(\/?)(\w+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (close && (attributes || open.pop() !== name)) return false;
    if (!close && !end) open.push(name);
    if (tag.includes('NaN') || tag.includes('undefined')) return false;
  }
  const left = body.replace(/<(\/?)(\w+)((?: [\w-]+="[^"<]*")*)(\/?)>/g, '');
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;)/.test(left);
}

/** The figures of everybody at one place, by name. */
const namesAt = (all) => Object.keys(all).sort();

describe('what is published', () => {
  test.each(['docs/benchmark.md', 'docs/benchmark.svg', 'docs/benchmark-flat.svg', 'README.md'])(
    '%s is what the results make',
    (file) => {
      expect(read(file)).toBe(published(results())[file]);
    },
  );

  test('the results are of a whole run', () => {
    const { method, close } = results();
    for (const all of Object.values(close)) {
      for (const figures of Object.values(all)) expect(figures.perSecond).toHaveLength(method.rounds);
    }
  });
});

// undici and got need Node 20; the server and the load generator need cargo.
const canRun =
  Number(process.versions.node.split('.')[0]) >= 20 && spawnSync('cargo', ['--version']).status === 0;

(canRun ? describe : describe.skip)('a quick run', () => {
  let folder;
  let quick;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-bench-'));
    await new Promise((resolve, reject) => {
      const args = [path.join(root, 'bench/run.js'), '--quick', '--out', folder];
      // Ends before Jest's own timeout, so that the server ends, too.
      execFile(process.execPath, args, { timeout: 580_000 }, (error, stdout, stderr) =>
        error ? reject(new Error(`${stdout}${stderr}`)) : resolve(),
      );
    });
    quick = JSON.parse(fs.readFileSync(path.join(folder, 'results.json'), 'utf8'));
  }, 600_000);
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  const written = (name) => fs.readFileSync(path.join(folder, name), 'utf8');

  test('measures everybody, everywhere', () => {
    const { close, search, get, layers, start, flat } = quick;
    for (const concurrency of ['1', '16', '128']) {
      expect(namesAt(close[concurrency])).toEqual(
        [
          'ours',
          'ours, one hook',
          'published SDK',
          'undici.request',
          'undici.fetch',
          'global fetch',
          'node-fetch',
          'axios',
          'got',
        ].sort(),
      );
      for (const action of [search, get]) {
        expect(namesAt(action[concurrency])).toEqual(['ours', 'published SDK', 'undici.request']);
      }
      expect(namesAt(layers[concurrency])).toEqual(['core', 'hyper', 'raw', 'reqwest']);
    }
    expect(namesAt(start)).toEqual(['axios', 'node-fetch', 'ours', 'published SDK', 'undici']);
    expect(Object.keys(flat.calls)).toEqual(['100', '1000']);
    expect(Object.keys(flat.concurrency)).toEqual(['1', '16']);
  });

  test('every figure is a number', () => {
    // Only Linux reports the counters of a thread.
    const isKernels = (name) => name === 'mainThreadCpuMicros' || name === 'cpuMicros';
    const look = (value, name) => {
      if (Array.isArray(value)) {
        expect(value).toHaveLength(1);
        if (process.platform === 'linux' || !isKernels(name))
          expect([name, value]).toEqual([name, [expect.any(Number)]]);
      } else {
        expect([name, Object.keys(value).length]).not.toEqual([name, 0]);
        for (const [key, inner] of Object.entries(value)) look(inner, key);
      }
    };
    const { machine, method, addonBytes, ...figures } = quick;
    look(figures, 'results');
    expect(addonBytes).toBeGreaterThan(0);
    expect(machine.node).toBe(process.versions.node);
    expect(method.rounds).toBe(1);
    for (const all of Object.values(quick.close)) {
      for (const one of Object.values(all)) {
        expect(Object.keys(one).sort()).toEqual([
          'cpuMicros',
          'delayP99Ms',
          'latencyP50Ms',
          'latencyP99Ms',
          'mainThreadCpuMicros',
          'mainThreadMicros',
          'perSecond',
          'rssMb',
        ]);
      }
    }
    expect(Object.keys(quick.closeMany)).toContain('mainThreadMicros');
  });

  test('writes the tables and the charts', () => {
    const page = written('benchmark.md');
    for (const name of Object.keys(quick.close[16])) expect(page).toContain(`| ${name}`);
    expect(page).toContain('## Targets');
    expect(page).toContain('## Where ours is behind');
    expect(written('README.md')).toContain('| this package ');
    for (const chart of ['benchmark.svg', 'benchmark-flat.svg']) {
      const svg = written(chart);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*role="img"/);
      expect(svg).toContain('<title id="title">');
      expect(svg).toContain('<desc id="description">');
      expect(isWellFormed(svg)).toBe(true);
    }
  });
});

test('what is no XML is noticed', () => {
  expect(isWellFormed('<svg a="1"><g><b/></g></svg>')).toBe(true);
  for (const text of [
    '<svg><g></svg></g>',
    '<svg>',
    '<svg a=1></svg>',
    '<svg>a & b</svg>',
    '<svg x="NaN"></svg>',
  ]) {
    expect(isWellFormed(text)).toBe(false);
  }
});
