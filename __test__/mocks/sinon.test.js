'use strict';

const sinon = require('sinon');
const { mockedResponse, provesToMock } = require('../support/mocked');

provesToMock('sinon', {
  start: () => sinon.stub(globalThis, 'fetch').callsFake(async () => mockedResponse()),
  stop: () => sinon.restore(),
});

provesToMock('sinon, in the place of http.request', {
  start: () => {
    const http = require('http');
    const { PassThrough } = require('stream');
    sinon.stub(http, 'request').callsFake(() => {
      const outgoing = Object.assign(new PassThrough(), {
        setHeader: () => undefined,
        setTimeout: () => undefined,
      });
      const incoming = Object.assign(new PassThrough(), {
        statusCode: 200,
        statusMessage: 'OK',
        headers: {},
        rawHeaders: [],
      });
      outgoing.resume().on('end', () => {
        outgoing.emit('response', incoming);
        incoming.end('{"id":"mocked"}');
      });
      return outgoing;
    });
  },
  stop: () => sinon.restore(),
});
