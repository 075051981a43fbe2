'use strict';

const { mock } = require('node:test');
const { mockedResponse, provesToMock } = require('../support/mocked');

provesToMock('mock.method of node:test', {
  start: () => mock.method(globalThis, 'fetch', async () => mockedResponse()),
  stop: () => mock.restoreAll(),
});
