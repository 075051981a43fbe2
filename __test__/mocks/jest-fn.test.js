'use strict';

const { mockedResponse, provesToMock } = require('../support/mocked');

const real = globalThis.fetch;

provesToMock('jest.fn in the place of fetch', {
  start: () => {
    globalThis.fetch = jest.fn(async () => mockedResponse());
  },
  stop: () => {
    globalThis.fetch = real;
  },
});

provesToMock('jest.spyOn fetch', {
  start: () => jest.spyOn(globalThis, 'fetch').mockImplementation(async () => mockedResponse()),
  stop: () => jest.restoreAllMocks(),
});
