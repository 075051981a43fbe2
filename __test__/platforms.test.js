'use strict';

const fs = require('fs');
const path = require('path');

// Each platform that is claimed is built by `.ci/platforms`, and the README says what was built and where it ran.

const { napi } = require('../package.json');
const { TARGETS } = require('../scripts/platforms/targets');

const root = path.join(__dirname, '..');

test('what is claimed is what is listed', () => {
  expect(TARGETS.map(({ target }) => target).sort()).toEqual([...napi.targets].sort());
});

test('what CI builds otherwise is the machine’s own platform', () => {
  const others = TARGETS.filter(({ cargo }) => !cargo).map(({ target }) => target);
  expect(others).toEqual(['x86_64-unknown-linux-gnu']);
});

describe.each(TARGETS.filter(({ cargo }) => cargo))(
  '$target',
  ({ target, cargo, room, node, run, suites, without }) => {
    test('is built as itself, or as Windows can be built elsewhere', () => {
      const same = target.replace('-msvc', '-gnu');
      expect(cargo.target.split('.')[0]).toBe(same);
      // The README promises glibc 2.17.
      if (target.endsWith('linux-gnu')) expect(cargo.target).toBe(`${same}.2.17`);
    });

    test('runs with a Node of its own, or says that it does not run', () => {
      expect(room === undefined).toBe(run === 'not run');
      if (room === undefined) return;
      expect(node.version).toMatch(/^\d+\.\d+\.\d+$/);
      for (const suite of ['binding', 'loader', 'closeMany', 'usageRecords']) expect(suites).toContain(suite);
      for (const suite of suites) expect(fs.existsSync(path.join(__dirname, `${suite}.test.js`))).toBe(true);
    });

    test('leaves out only tests that exist, each with a reason', () => {
      const texts = (suites ?? []).map((suite) =>
        fs.readFileSync(path.join(__dirname, `${suite}.test.js`), 'utf8'),
      );
      for (const [name, reason] of Object.entries(without ?? {})) {
        expect(texts.filter((text) => text.includes(name))).toHaveLength(1);
        expect(reason).toMatch(/\w/);
      }
    });
  },
);

test('the README has a row for each', () => {
  const [, table] = /\n\| Platform.*\n\|[ -|]+\n((?:\|.*\n)+)/.exec(
    fs.readFileSync(path.join(root, 'README.md'), 'utf8'),
  );
  const rows = table
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(TARGETS.map(({ platform, built, run }) => [platform, built, run]));
});
