'use strict';

const path = require('path');

// Jest 29, as the resolver of a newer one is an addon itself, which is not there for every platform. Its own command would look
// for the newest Jest nearby, and run that.
const jest29 = path.dirname(require.resolve('jest29/package.json'));
require(require.resolve('jest-cli', { paths: [jest29] })).run();
