'use strict';

const fs = require('fs');
const path = require('path');

/**
 * Builds the addon for all platforms, and runs their tests (`.ci/platforms`). This takes a quarter of an hour, root and Debian's
 * archive, so it only runs on request.
 *
 * @param run Runs a command, as `spawnSync` does.
 * @returns {{ passed: number, failed: number, skipped: number }} The counts of its report; without a report, one failure.
 */
function platforms(run) {
  if (!process.env.CONNECT_PLATFORMS) {
    console.log(
      '\n> Other platforms are skipped: CONNECT_PLATFORMS=1, or `bash .ci/platforms`, builds and tests them.',
    );
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const report = path.join(__dirname, '../target/platforms/report.json');
  fs.rmSync(report, { force: true });
  const { status } = run('bash', ['.ci/platforms'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (!fs.existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { passed, failed, skipped } = JSON.parse(fs.readFileSync(report, 'utf8'));
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped };
}

module.exports = { platforms };
