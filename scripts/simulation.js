'use strict';

/** How many seeds two minutes must suffice for, and within how many a known fault must be found. */
const SEEDS = '20000';

/**
 * Two minutes of simulated worlds, and each known fault once, which is to be found. Minutes of work, and a build of its
 * own: only where it is asked for. A few hundred worlds are among cargo's tests.
 *
 * @param run Runs a command, as `spawnSync` does.
 */
function simulation(run) {
  if (!process.env.CONNECT_SIMULATION) {
    console.log(
      '\n> Simulated for a moment only: CONNECT_SIMULATION=1, or `npm run check`, does it for minutes.',
    );
    return { passed: 0, failed: 0 };
  }
  const simulate = (...args) => {
    const command = ['run', '--silent', 'simulate', '--', ...args];
    const { status, stdout } = run('npm', command, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 28,
    });
    return { status, stdout: stdout || '' };
  };
  const results = [];
  const note = (isRight, stdout) => {
    process.stdout.write(isRight ? stdout.split('\n').slice(0, 3).join('\n') + '\n' : stdout);
    results.push(isRight);
  };
  const worlds = simulate('--seconds', '120', '--at-least', SEEDS);
  note(worlds.status === 0, worlds.stdout);
  const help = simulate('--help').stdout;
  const faults = Array.from(help.matchAll(/^ +([a-z]+(?:-[a-z]+)+) /gm), ([, name]) => name);
  note(faults.length > 0, `${faults.length} known faults\n`);
  for (const fault of faults) {
    const { status, stdout } = simulate('--seeds', SEEDS, '--fault', fault);
    note(status === 1 && /A rule was broken by seed/.test(stdout), stdout);
  }
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

module.exports = { simulation };
