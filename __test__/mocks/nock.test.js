'use strict';

/** nock 13 and 14 both replace Node's http when they are loaded, so each has a registry of its own here. */

const { provesToMock } = require('../support/mocked');

for (const name of ['nock13', 'nock14']) {
  let nock;
  provesToMock(name, {
    start: (origin) => {
      nock = nock || require(name);
      if (!nock.isActive()) nock.activate();
      nock(origin)
        .post('/usage/records/UR-1/close', { external_billing_id: 'INV-7', external_billing_note: 'January' })
        .reply(200, { id: 'mocked' });
    },
    stop: () => {
      nock.cleanAll();
      nock.restore();
    },
  });
}
