'use strict';

/**
 * For tests of code that closes usage records: a sandbox of the API on this machine.
 *
 * ```js
 * const { startSandbox } = require('cloudblue-connect-native/testing');
 * const sandbox = await startSandbox({ records: 10 });
 * const client = new ConnectClient(sandbox.url, sandbox.apiKey);
 * // ... run what is to be tested, look at sandbox.records, sandbox.closures, sandbox.requests ...
 * await sandbox.close();
 * ```
 */

const { recordId } = require('./seeds/records.js');
const { startSandbox } = require('./sandbox.js');

module.exports = { recordId, startSandbox };
