'use strict';

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__test__/**/*.test.js'],
  // Fixtures are projects of their own, run by a test in a process of their own.
  testPathIgnorePatterns: ['/node_modules/', '/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/target/', '/fixtures/'],
  watchman: false,
  // One for each core: Jest would leave one free, and most tests wait for a server, a process or a compiler.
  maxWorkers: '100%',
  // No test is about speed: five seconds, Jest's default, can pass on a machine that has other things to do.
  testTimeout: 60_000,
};
