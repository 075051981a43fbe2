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
const { behind } = require('../bench/report/behind');

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

  test('measures everybody far away, too', () => {
    const names = {
      'HTTP/1.1': ['ours', 'ours, one hook', 'published SDK', 'undici.request'],
      'HTTP/2': ['ours', 'undici.request'],
    };
    expect(Object.keys(quick.far)).toEqual(Object.keys(names));
    for (const [protocol, { warm, cold, month }] of Object.entries(quick.far)) {
      expect(Object.keys(warm)).toEqual(['1', '16', '64']);
      for (const all of [...Object.values(warm), cold]) expect(Object.keys(all)).toEqual(names[protocol]);
      expect(Object.keys(month)).toEqual(['closeMany', ...names[protocol]]);
    }
    for (const action of ['close', 'search'])
      expect(Object.keys(quick.tls[action])).toEqual(['ours', 'published SDK', 'undici.request']);
  });

  test('everybody far away speaks TLS 1.3, with the same cipher, over the protocol in question', () => {
    for (const [protocol, { warm, cold, month }] of Object.entries(quick.far)) {
      for (const all of [...Object.values(warm), cold, month]) {
        for (const [name, { negotiated }] of Object.entries(all)) {
          // node-fetch offers no protocol.
          const alpn =
            name === 'published SDK' ? '' : ` ${{ 'HTTP/1.1': 'http/1.1', 'HTTP/2': 'h2' }[protocol]}`;
          expect([name, Object.keys(negotiated)]).toEqual([
            name,
            [`TLSv1_3 TLS13_AES_256_GCM_SHA384 X25519${alpn}`],
          ]);
        }
      }
    }
  });

  test('new connections resume the sessions of the first ones', () => {
    for (const { fullHandshakes, resumedHandshakes } of Object.values(quick.far['HTTP/1.1'].cold)) {
      expect(fullHandshakes[0] + resumedHandshakes[0]).toBe(128);
      expect(resumedHandshakes[0]).toBeGreaterThan(0);
    }
  });

  test('every figure is a number', () => {
    // Only Linux reports the counters of a thread, and the most memory that a process had.
    const isKernels = (name) =>
      ['mainThreadCpuMicros', 'cpuMicros', 'coldMainCpuMs', 'peakMb'].includes(name);
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
    expect(page.indexOf('## ')).toBe(page.indexOf('## Where ours is behind'));
    expect(page).toContain('### Warm, over HTTP/2');
    expect(page).not.toMatch(/undefined|NaN/);
    expect(written('README.md')).toContain('| this package, `closeMany`');
    expect(written('README.md')).not.toMatch(/undefined|NaN|n\/a/);
    for (const chart of ['benchmark.svg', 'benchmark-flat.svg']) {
      const svg = written(chart);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*role="img"/);
      expect(svg).toContain('<title id="title">');
      expect(svg).toContain('<desc id="description">');
      expect(isWellFormed(svg)).toBe(true);
    }
  });
});

describe('where ours is behind', () => {
  const turn = (micros) => ({
    perSecond: [1000],
    cpuMicros: [micros],
    mainThreadCpuMicros: [1],
    peakMb: [50],
  });
  const resultsWith = (ours, theirs, far) => ({
    close: { 1: { ours: turn(ours), axios: turn(theirs) } },
    search: {},
    get: {},
    start: { ours: {} },
    ...far,
  });

  test('nothing is said where it is not', () => {
    expect(behind(resultsWith(100, 100))).toBe('In this run, none.');
    expect(behind(resultsWith(104, 100))).toBe('In this run, none.');
  });

  test('each figure is listed under its cause', () => {
    const text = behind(resultsWith(150, 100));
    expect(text).toMatch(
      /^\*\*Cause\.\*\* One call at a time .*\n\n- ours, `close` one at a time, processor time per request, all threads: behind axios \(1\.5 times\)\.$/,
    );
  });

  test('far away, too', () => {
    const cold = { ours: { fullHandshakes: [120] }, axios: { fullHandshakes: [64] } };
    const month = { closeMany: { wallMs: [1] }, ours: { wallMs: [3000] }, axios: { wallMs: [2000] } };
    const warm = { 16: { ours: turn(300), axios: turn(100) } };
    const text = behind(resultsWith(100, 100, { far: { 'HTTP/2': { warm, cold, month } } }));
    expect(text).toContain(
      '- ours, a cold start over HTTP/2, handshakes in full: behind axios (1.88 times).',
    );
    expect(text).toContain('- ours, a month over HTTP/2, time: behind axios (1.5 times).');
    expect(text).toContain('16 concurrent, processor time per request, all threads: behind axios (3 times).');
    expect(text).not.toContain('behind closeMany');
  });
});

test('a part that there is not is refused', () => {
  const { status, stderr } = spawnSync(process.execPath, [
    path.join(root, 'bench/run.js'),
    '--only',
    'nothing',
  ]);
  expect(String(stderr)).toContain('--only must be one of near, far, flat');
  expect(status).toBe(1);
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
