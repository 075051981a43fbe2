'use strict';

/** node-fetch is what the original SDK sent with: its consumers mock it by name. */

const { mockedResponse, provesToMock } = require('../support/mocked');

provesToMock("jest.doMock('node-fetch')", {
  start: () => jest.doMock('node-fetch', () => async () => mockedResponse()),
  stop: () => {
    jest.dontMock('node-fetch');
    jest.resetModules();
  },
});

provesToMock("jest.setMock('node-fetch') with a mock function", {
  start: () =>
    jest.setMock(
      'node-fetch',
      jest.fn(async () => mockedResponse()),
    ),
  stop: () => {
    jest.dontMock('node-fetch');
    jest.resetModules();
  },
});
