#!/usr/bin/env node
'use strict';

/**
 * Writes docs/methods.md, the index of all methods, and types/resources.d.ts, the types of the resources, from the tables in
 * src/core/resources: `npm run docs`. A test fails while a file is not what this would write.
 */

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { methodsDocument } = require('./docs/methods');
const { resourceTypes } = require('./docs/types');
const { format } = require('./format');

const root = path.join(__dirname, '..');

/** Every resource as Rust describes it; see `describe-api.rs`. */
function describeApi() {
  const args = ['run', '--quiet', '--locked', '--example', 'describe-api'];
  return JSON.parse(execFileSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/**
 * The files that are written, with their text.
 *
 * @returns {Object<string, string>} The texts, by the path of their file.
 */
function generate() {
  const api = describeApi();
  const texts = { 'docs/methods.md': methodsDocument(api), 'types/resources.d.ts': resourceTypes(api) };
  return Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, format(file, text)]));
}

module.exports = { generate };

if (require.main === module) {
  for (const [file, text] of Object.entries(generate())) fs.writeFileSync(path.join(root, file), text);
}
