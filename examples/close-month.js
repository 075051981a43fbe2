'use strict';

/**
 * The command `connect-usage close`, on a month's records.
 *
 *   npm start                                  closes examples/records.csv in a sandbox on this machine
 *   CONNECT_ENDPOINT=https://api.connect.cloudblue.com/public/v1 \
 *   CONNECT_API_KEY='ApiKey SU-...:...' \
 *   npm start -- month.csv                     closes month.csv in your account
 */

const path = require('path');

/** In a clone, before `npm install`, there is nothing to run yet: said in a sentence. */
function requireBuilt() {
  try {
    require('../binding.js');
  } catch (error) {
    if (error.code !== 'ERR_CONNECT_ADDON') throw error;
    console.error('the addon is not built yet: run `npm install` first');
    process.exit(1);
  }
  return require('../lib/internal/cli/main.js');
}

async function inSandbox(main, args) {
  const { startSandbox } = require('../testing');
  const { monthRecords } = require('./month.js');
  const sandbox = await startSandbox({ records: monthRecords(), latencyMs: 20 });
  try {
    console.log(`closing ${path.relative('', args[1])} in the sandbox at ${sandbox.url}`);
    const env = { ...process.env, CONNECT_ENDPOINT: sandbox.url, CONNECT_API_KEY: sandbox.apiKey };
    // In the sandbox nothing is at stake: it is not asked.
    const io = { env, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
    const code = await main([...args, '--yes'], io);
    // The month has records that cannot be closed, as months have: that is no failure of the example.
    return code === 1 ? 0 : code;
  } finally {
    await sandbox.close();
  }
}

async function start([file = path.join(__dirname, 'records.csv'), ...options]) {
  const { main } = requireBuilt();
  const args = ['close', file, ...options];
  if (!process.env.CONNECT_ENDPOINT) return inSandbox(main, args);
  if (process.argv.length < 3) {
    // The example's own records are nobody's; a real account deserves a file that was chosen.
    console.error('with CONNECT_ENDPOINT set, name the CSV file to close: npm start -- records.csv');
    return 2;
  }
  return main(args);
}

start(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
