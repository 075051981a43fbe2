'use strict';

/** Jest as it runs on other platforms: as light as it can be, because it may be emulated. `--rootDir` is the copy. */
module.exports = {
  ...require('../../jest.config'),
  // No test needs it: everything is written as Node runs it. Babel alone takes a minute where it is emulated.
  transform: {},
  haste: { forceNodeFilesystemAPI: true },
  testTimeout: 240_000,
};
