'use strict';

const { startServer } = require('./server');

/**
 * What every mocking library has to show: while it mocks, its answer is what a call gets and the real server
 * sees nothing; once it has stopped, the real server is reached.
 *
 * @param {string} name The library.
 * @param {{ start: Function, stop: Function }} library `start(origin)` answers `POST {origin}/usage/records/UR-1/close`
 *   with `{ "id": "mocked" }`; `stop()` ends that.
 */
function provesToMock(name, { start, stop }) {
  describe(name, () => {
    let server;
    let ConnectClient;
    beforeAll(async () => {
      server = await startServer({ json: { id: 'real' } });
      ({ ConnectClient } = require('../..'));
    });
    afterAll(() => server.close());

    const close = () =>
      new ConnectClient(server.url, 'ApiKey SU-000-000:test').usageRecords.close('UR-1', 'INV-7', 'January');

    test('answers in the place of the server, until it is stopped', async () => {
      expect(await close()).toEqual({ id: 'real' });
      expect(server.requests).toHaveLength(1);
      await start(server.url);
      expect(await close()).toEqual({ id: 'mocked' });
      expect(server.requests).toHaveLength(1);
      await stop();
      expect(await close()).toEqual({ id: 'real' });
      expect(server.requests).toHaveLength(2);
    });

    test("is passed by with transport: 'engine'", async () => {
      await start(server.url);
      const client = new ConnectClient(server.url, 'ApiKey SU-000-000:test', { transport: 'engine' });
      expect(await client.usageRecords.close('UR-1', 'INV-7')).toEqual({ id: 'real' });
      client.addAfterResponseHook((response) => response);
      expect(await client.usageRecords.close('UR-1', 'INV-7')).toEqual({ id: 'real' });
      await stop();
    });
  });
}

/** A response such as mocks give. */
function mockedResponse() {
  return new Response('{"id":"mocked"}', { headers: { 'content-type': 'application/json' } });
}

module.exports = { mockedResponse, provesToMock };
