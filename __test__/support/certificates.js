'use strict';

const fs = require('fs');
const path = require('path');

/** Where the certificates of the tests are; `fixtures/tls/make.sh` makes them. */
const folder = path.join(__dirname, '../fixtures/tls');
const read = (name) => fs.readFileSync(path.join(folder, `${name}.pem`), 'utf8');

/** The root, and a certificate of it for localhost, with its key. */
const ca = read('ca');
const leaf = { cert: read('leaf'), key: read('leaf-key') };

module.exports = { ca, folder, leaf, read };
