'use strict';

const fs = require('fs');
const path = require('path');
const { parse } = require('yaml');
const { PLATFORMS } = require('../scripts/build');
const { engines, napi } = require('../package.json');
const consumers = require('./consumers/package.json');

// What the workflows must do that no tool checks: every platform is built, tested where it runs, and published by the one
// script. zizmor, in .ci/run, looks for what is unsafe.

const root = path.join(__dirname, '..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const folder = '.github/workflows';
const texts = Object.fromEntries(
  fs.readdirSync(path.join(root, folder)).map((file) => [file, read(`${folder}/${file}`)]),
);
const { 'ci.yml': ci, 'release.yml': release } = Object.fromEntries(
  Object.entries(texts).map(([file, text]) => [file, parse(text)]),
);
const jobs = [...Object.entries(ci.jobs), ...Object.entries(release.jobs)];
const stepsOf = ({ steps = [] }) => steps;
const commandsOf = (job) => stepsOf(job).flatMap(({ run }) => (run === undefined ? [] : [run]));
const usesOf = (job, action) => stepsOf(job).filter(({ uses }) => uses?.startsWith(`${action}@`));

/** npm's names of the platforms that a job's machines have, by their label. */
const MACHINES = {
  'ubuntu-24.04': 'linux-x64-gnu',
  'ubuntu-24.04-arm': 'linux-arm64-gnu',
  'macos-15': 'darwin-arm64',
  'macos-15-intel': 'darwin-x64',
  'windows-2025': 'win32-x64-msvc',
};

test('every target is built, once, on a machine of its system', () => {
  const { include } = ci.jobs.build.strategy.matrix;
  expect(include.map(({ target }) => target).sort()).toEqual([...napi.targets].sort());
  for (const { target, os } of include) {
    expect(MACHINES[os]).toMatch(new RegExp(`^${PLATFORMS[target].os}-`));
  }
});

test('every target is run by a job, with the packages that are published', () => {
  const { use, containers } = ci.jobs;
  const alpines = containers.strategy.matrix.image.filter((image) => image.endsWith('-alpine'));
  expect(alpines.length).toBeGreaterThan(0);
  const run = [
    ...use.strategy.matrix.os.map((os) => MACHINES[os]),
    ...containers.strategy.matrix.os.map((os) => MACHINES[os].replace(/-gnu$/, '-musl')),
  ];
  expect(run.sort()).toEqual(napi.targets.map((target) => PLATFORMS[target].name).sort());
  for (const job of [use, containers, ci.jobs['other-runtimes']]) {
    expect(job.needs).toEqual(['main-package', 'build']);
    expect(usesOf(job, 'actions/download-artifact')).toHaveLength(1);
    expect(
      commandsOf(job).filter((command) => command.includes('node scripts/try-package.js dist')),
    ).toHaveLength(1);
  }
});

test('they are run with the lowest Node of `engines`, and each version that people use', () => {
  const versions = ci.jobs.use.strategy.matrix.node;
  expect(versions[0]).toBe(/^>=(\d+\.\d+)$/.exec(engines.node)[1]);
  const majors = Object.keys(consumers.optionalDependencies).filter((name) => /^node\d+$/.test(name));
  expect(versions.slice(1)).toEqual(majors.map((name) => name.replace('node', '')));
});

test('the packages are made without a cache, which others could have written', () => {
  const cached = jobs
    .filter(([, job]) => usesOf(job, 'Swatinem/rust-cache').length > 0)
    .map(([name]) => name);
  expect(cached).toEqual(['check', 'lowest-rust']);
  const uploading = jobs.filter(([, job]) => usesOf(job, 'actions/upload-artifact').length > 0);
  expect(uploading.map(([name]) => name)).toEqual(['main-package', 'build']);
  for (const [, job] of jobs) {
    for (const { with: options } of usesOf(job, 'actions/setup-node')) {
      expect(options).toMatchObject({ 'package-manager-cache': false });
      expect(options).not.toHaveProperty('cache');
    }
  }
});

test('what is uploaded is there, and no pattern tells the main package from the others', () => {
  const uploads = jobs.flatMap(([, job]) => usesOf(job, 'actions/upload-artifact'));
  // Overwritten, as a job that is run again would otherwise find its name taken.
  const what = { path: 'dist/*.tgz', 'if-no-files-found': 'error', overwrite: true };
  expect(uploads.map((step) => step.with)).toEqual([
    { name: 'package-main', ...what },
    { name: expect.stringMatching(/^package-.*target/), ...what },
  ]);
  expect(commandsOf(ci.jobs['main-package']).join()).toContain('--only main');
  expect(commandsOf(ci.jobs.build).join()).toContain('--only platform');
});

test('only the script publishes, after all of CI, and with provenance', () => {
  const publishing = jobs.filter(([, job]) => commandsOf(job).join().includes('publish'));
  expect(publishing.map(([name]) => name)).toEqual(['publish']);
  expect(commandsOf(release.jobs.publish)).toEqual(['node scripts/publish.js dist --provenance']);
  expect(release.jobs.publish.needs).toBe('ci');
  expect(release.jobs.publish.environment).toBe('npm');
  expect(release.jobs.ci).toMatchObject({ needs: 'version', uses: './.github/workflows/ci.yml' });
  expect(commandsOf(release.jobs.version)).toEqual(['node scripts/check-release.js "$GITHUB_REF_NAME"']);
  const others = [...Object.values(texts), read('.ci/run')].join('\n').match(/npm publish/g);
  expect(others).toBeNull();
});

test('only the job that publishes may do more than read', () => {
  expect(ci.permissions).toEqual({});
  expect(release.permissions).toEqual({});
  for (const [name, { permissions }] of jobs) {
    const publisher = { contents: 'read', 'id-token': 'write' };
    expect([name, permissions]).toEqual([name, name === 'publish' ? publisher : { contents: 'read' }]);
  }
});

test('every action is pinned to a commit, the same one everywhere, and its version stands behind it', () => {
  const lines = Object.values(texts)
    .flatMap((text) => text.split('\n'))
    .filter((line) => /\buses:/.test(line) && !line.includes('uses: ./'));
  expect(lines.length).toBeGreaterThan(10);
  const pins = new Map();
  for (const line of lines) {
    const [, action, pin] = /uses: ([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line) || [];
    expect({ line, isPinned: pin !== undefined }).toEqual({ line, isPinned: true });
    expect(pins.get(action) || pin).toBe(pin);
    pins.set(action, pin);
  }
});

test('no job runs for ever, or waits for the workflow that calls it', () => {
  for (const [name, job] of jobs) {
    expect([name, job['timeout-minutes'] > 0]).toEqual([name, job.uses === undefined]);
  }
  // A called workflow whose group is the caller's waits for its own end.
  expect(ci.concurrency.group).toMatch(/^ci-/);
  // Without the queue a third release cancels the second one that waits.
  expect(release.concurrency).toEqual({ group: 'release', 'cancel-in-progress': false, queue: 'max' });
});

test('the addons of Linux are linked by the zig that .ci/run tries', () => {
  const [wanted] = /ziglang==\S+ cargo-zigbuild==\S+/.exec(read('.ci/run'));
  expect(commandsOf(ci.jobs.build).join('\n')).toContain(wanted);
});

test('commands are run by bash on every system', () => {
  expect(ci.defaults).toEqual({ run: { shell: 'bash' } });
});
