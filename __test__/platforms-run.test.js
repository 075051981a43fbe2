'use strict';

const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');
const { ZIG } = require('../scripts/platforms/build');
const { countsOf } = require('../scripts/platforms/tests');

// What `.ci/platforms` makes of builds that fail and of runs that are interrupted: its scripts in a folder of their own, with a
// tool-chain that only pretends. What is really built and run is only known from `.ci/platforms` itself.

const root = path.join(__dirname, '..');
const folder = useFolder();
const base = path.join(folder, 'target/platforms');
const bin = path.join(folder, 'bin');
const onLinux = process.platform === 'linux' && process.arch === 'x64' ? describe : describe.skip;

/** Puts a program on the PATH. */
function pretend(name, script) {
  fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A script that makes the library of a target, or of each that it is called for. */
const BUILD = `for target; do :; done
place="$CARGO_TARGET_DIR/$target/platforms"
mkdir -p "$place" && : >"$place/libcloudblue_connect_native.dylib"`;

const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
const COMMAND = ['.ci/platforms', 'apple'];
const report = () => JSON.parse(fs.readFileSync(path.join(base, 'report.json'), 'utf8'));

/** Builds what is only linked. */
function link(command = COMMAND, more = {}) {
  const { status, stdout, stderr } = spawnSync('bash', command, {
    cwd: folder,
    env: { ...env, ...more },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, said: `${stdout}${stderr}` };
}

/** The processes that a test has started; they end with it, whatever became of it. */
const started = [];
afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // As it should be.
    }
  }
});

/** Starts a run whose cargo takes for ever, and waits until it does; returns the run and the id of cargo. */
async function startForever() {
  const mark = path.join(folder, 'started');
  fs.rmSync(mark, { force: true });
  pretend('cargo', `echo $$ >'${mark}.tmp' && mv '${mark}.tmp' '${mark}'\nexec sleep 1000`);
  const child = spawn('bash', COMMAND, { cwd: folder, env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  while (!fs.existsSync(mark) && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const cargo = Number(fs.readFileSync(mark, 'utf8'));
  started.push(child.pid, cargo);
  return { child, ended, cargo };
}

/** Waits until a process is gone; whoever adopted it may not have buried it yet. */
async function untilGone(pid) {
  const isThere = () => {
    try {
      return !/^State:\s*[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  while (isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
}

onLinux('a run', () => {
  beforeAll(() => {
    for (const name of ['bin', '.ci', 'target/platforms/toolchain', 'target/platforms/zig'])
      fs.mkdirSync(path.join(folder, name), { recursive: true });
    for (const name of ['scripts', 'package.json', '.ci/platforms'])
      fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
    pretend('rustc', `case "$*" in *sysroot*) echo /opt/rust;; *) echo 'rustc 1.95.0';; esac`);
    const made = { sysroot: '/opt/rust', version: 'rustc 1.95.0' };
    fs.writeFileSync(path.join(base, 'toolchain.made'), JSON.stringify(made));
    fs.writeFileSync(path.join(base, 'zig.made'), JSON.stringify(ZIG));
  });

  test('counts what was linked', () => {
    pretend('cargo', BUILD);
    const { status, said } = link();
    expect({ status, said }).toEqual({
      status: 0,
      said: expect.stringMatching(/2 passed, 0 failed, 0 skipped\n$/),
    });
    expect(report()).toMatchObject({ passed: 2, failed: 0, skipped: 0 });
  });

  test('does not take the library of an earlier run for one that cargo did not build', () => {
    pretend('cargo', BUILD);
    expect(link().status).toBe(0);
    pretend('cargo', 'echo "warning: dropping unsupported crate type"');
    const { status, said } = link();
    expect(status).toBe(1);
    expect(said).toContain('cargo built no libcloudblue_connect_native.dylib');
    expect(said).toContain('dropping unsupported crate type');
    expect(report()).toMatchObject({ passed: 0, failed: 2, skipped: 0 });
  });

  test('fails if cargo does, with the end of its output', () => {
    pretend('cargo', 'echo "error: nothing is right" >&2\nexit 101');
    const { status, said } = link();
    expect(status).toBe(1);
    expect(said).toMatch(/link: FAILED\ncargo: 101\n[\s\S]*error: nothing is right/);
    expect(report()).toMatchObject({ passed: 0, failed: 2, skipped: 0 });
  });

  test('refuses a word that no target has, and builds nothing', () => {
    pretend('cargo', BUILD);
    const { status, said } = link([...COMMAND, 'musll']);
    expect({ status, said }).toEqual({ status: 1, said: expect.stringContaining('has the word musll') });
    expect(said).not.toContain('apple');
  });

  test('on another machine than Linux on x64 skips everything, and says so', () => {
    pretend('cargo', BUILD);
    const other = path.join(folder, 'other.js');
    fs.writeFileSync(other, `Object.defineProperty(process, 'arch', { value: 'arm64' });`);
    const { status, said } = link(COMMAND, { NODE_OPTIONS: `--require=${JSON.stringify(other)}` });
    expect({ status, said }).toEqual({
      status: 0,
      said: expect.stringContaining('SKIPPED: this is linux arm64'),
    });
    expect(report()).toMatchObject({ passed: 0, failed: 0, skipped: 2 });
  });

  test('skips what cannot be downloaded, and fails if what was downloaded is broken', () => {
    const program = `require('./scripts/platforms/rooms')
      .prepareNode({ from: 'npm', name: 'some-node', version: '1.2.3', bin: 'node' })
      .catch((error) => console.log(error instanceof require('./scripts/platforms/run').Unavailable, error.message))`;
    const obtain = () =>
      spawnSync(process.execPath, ['-e', program], { cwd: folder, env, encoding: 'utf8' }).stdout;
    pretend('npm', 'echo "the registry is away"\nexit 1');
    expect(obtain()).toMatch(/^true `npm pack .*: 1\n[\s\S]*the registry is away/);
    pretend('npm', 'echo "no tarball" >"$4/some-node.tgz"');
    expect(obtain()).toMatch(/^false `sh -c tar .*: \d+\n/);
  });

  // Whoever may not mount cannot run other platforms, either.
  const mount = ['--mount', '--pid', '--fork', 'mount', '-t', 'proc', 'proc', '/proc'];
  const inRoom = spawnSync('unshare', mount).status === 0 ? test : test.skip;

  inRoom('has the checkout in a room that was made elsewhere, though it is below /tmp', () => {
    const room = path.join(folder, 'room');
    for (const name of ['dev', 'proc', 'tmp']) fs.mkdirSync(path.join(room, name), { recursive: true });
    const source = path.join(folder, 'reads.c');
    fs.writeFileSync(source, '#include <unistd.h>\nint main(void) { return access("package.json", R_OK); }');
    const made = spawnSync('cc', ['-static', '-o', path.join(room, 'reads'), source]);
    expect(made.status).toBe(0);
    const options = JSON.stringify({ folder, log: 'room', minutes: 1 });
    const program = `require('./scripts/platforms/rooms')
      .runNode('musl-x64', ${JSON.stringify(room)}, '/reads', [], ${options}).then(console.log)`;
    const { stdout } = spawnSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe('0\n');
  });

  test('refuses to start beside another one, and leaves that one alone', async () => {
    const first = await startForever();
    const { status, said } = link();
    expect({ status, said }).toEqual({
      status: 1,
      said: expect.stringContaining('another run in this folder'),
    });
    expect(() => process.kill(first.cargo, 0)).not.toThrow();
    first.child.kill('SIGTERM');
    await first.ended;
    pretend('cargo', BUILD);
    expect(link().status).toBe(0);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'])(
    'that ends with %s leaves no process and no report',
    async (signal) => {
      const { child, ended, cargo } = await startForever();
      child.kill(signal);
      expect(await ended).toBe(signal === 'SIGKILL' ? signal : 1);
      await untilGone(cargo);
      expect(fs.existsSync(path.join(base, 'report.json'))).toBe(false);
    },
  );
});

describe('the counts of a target', () => {
  const suite = (...statuses) => ({
    status: 'passed',
    message: '',
    assertionResults: statuses.map((status) => ({ status, fullName: `what is ${status}` })),
  });
  const count = (suites, status = 0) => {
    const all = suites.flatMap(({ assertionResults }) => assertionResults.map(({ status: of }) => of));
    const number = (wanted) => all.filter((of) => of === wanted).length;
    const json = {
      testResults: suites,
      numTotalTestSuites: suites.length,
      numRuntimeErrorTestSuites: 0,
      numPassedTests: number('passed'),
      numFailedTests: number('failed'),
      numPendingTests: number('pending'),
      numTodoTests: number('todo'),
    };
    return countsOf(json, status, ['tls', 'files']);
  };

  test('are Jest’s, with the names of what was skipped', () => {
    const counts = { passed: 2, failed: 0, skipped: 2, omitted: ['what is pending', 'what is todo'] };
    expect(count([suite('passed', 'pending'), suite('passed', 'todo')])).toEqual(counts);
    expect(count([suite('passed', 'failed'), suite('passed')], 1)).toMatchObject({ passed: 2, failed: 1 });
  });

  test('have a failure if a suite is missing, or skips everything', () => {
    const failures = 'Jest ended with 0, after tests of 1 of 2 suites.';
    expect(count([suite('passed')])).toMatchObject({ passed: 1, failed: 1, skipped: 0, failures });
    expect(count([suite('passed'), suite('pending')])).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 1,
      failures,
    });
  });

  test('have a failure if Jest fails without one', () => {
    expect(count([suite('passed'), suite('passed')], 'SIGSEGV')).toMatchObject({ passed: 2, failed: 1 });
  });
});
