'use strict';

const { enableFetchMocks, disableFetchMocks } = require('jest-fetch-mock');
const { provesToMock } = require('../support/mocked');

provesToMock('jest-fetch-mock', {
  start: () => {
    enableFetchMocks();
    fetch.mockResponse('{"id":"mocked"}', { headers: { 'content-type': 'application/json' } });
  },
  stop: () => disableFetchMocks(),
});
