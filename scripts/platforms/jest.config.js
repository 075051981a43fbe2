'use strict';

const path = require('path');

/** What Jest 29 itself brings: by name, Jest would take the newer one that lies nearer to the tests. */
const own = (name) =>
  require.resolve(name, { paths: [path.dirname(require.resolve('jest29/package.json'))] });

/** Jest as it runs on other platforms: as light as it can be, because it may be emulated. `--rootDir` is the copy. */
module.exports = {
  ...require('../../jest.config'),
  testEnvironment: own('jest-environment-node'),
  testRunner: own('jest-circus/runner'),
  // No test needs it: everything is written as Node runs it. Babel alone takes a minute where it is emulated.
  transform: {},
  haste: { forceNodeFilesystemAPI: true },
  testTimeout: 240_000,
};
