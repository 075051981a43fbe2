'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');

/** Makes a folder for the tests of a file, which is removed after them. */
function useFolder() {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'connect-test-')));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

module.exports = { useFolder };
