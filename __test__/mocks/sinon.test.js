'use strict';

const sinon = require('sinon');
const { mockedResponse, provesToMock } = require('../support/mocked');

provesToMock('sinon', {
  start: () => sinon.stub(globalThis, 'fetch').callsFake(async () => mockedResponse()),
  stop: () => sinon.restore(),
});
