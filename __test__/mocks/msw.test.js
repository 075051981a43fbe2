'use strict';

const { execFileSync } = require('child_process');
const path = require('path');

test('msw answers in the place of the server, until it is closed', () => {
  const printed = execFileSync(process.execPath, [path.join(__dirname, '../fixtures/msw.js')], {
    encoding: 'utf8',
  });
  expect(JSON.parse(printed)).toEqual({ during: 'mocked', seen: 0, after: 'real' });
}, 60000);
