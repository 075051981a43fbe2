'use strict';

/** How many seeds must run in two minutes. */
const AT_LEAST = '20000';

/** Within how many seeds a known fault must be found. The rarest takes some 2000, so that chance fails no run. */
const TO_FIND_A_FAULT = '100000';

/**
 * Two minutes of simulated worlds, then each known fault, which must be found. This takes minutes and a build of its
 * own, so it only runs on request; a few hundred worlds are among cargo's tests.
 *
 * @param run Runs a command, as `spawnSync` does.
 */
function simulation(run) {
  if (!process.env.CONNECT_SIMULATION) {
    console.log('\n> The long simulation is skipped: CONNECT_SIMULATION=1, or `npm run check`, runs it.');
    return { passed: 0, failed: 0, skipped: 0 };
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
  const worlds = simulate('--seconds', '120', '--at-least', AT_LEAST);
  note(worlds.status === 0, worlds.stdout);
  const help = simulate('--help').stdout;
  const faults = Array.from(help.matchAll(/^ +([a-z]+(?:-[a-z]+)+) /gm), ([, name]) => name);
  note(faults.length > 0, `${faults.length} known faults\n`);
  for (const fault of faults) {
    const { status, stdout } = simulate('--seeds', TO_FIND_A_FAULT, '--fault', fault);
    note(status === 1 && /An invariant was violated by seed/.test(stdout), stdout);
  }
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

module.exports = { simulation };
