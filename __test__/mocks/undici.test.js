'use strict';

const { Agent, MockAgent, setGlobalDispatcher } = require('undici');
const { provesToMock } = require('../support/mocked');

provesToMock('MockAgent of undici', {
  start: (origin) => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    agent
      .get(origin)
      .intercept({ path: '/usage/records/UR-1/close', method: 'POST' })
      .reply(200, { id: 'mocked' }, { headers: { 'content-type': 'application/json' } });
    setGlobalDispatcher(agent);
  },
  stop: () => setGlobalDispatcher(new Agent()),
});
