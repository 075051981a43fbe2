'use strict';

const { execFileSync } = require('child_process');
const path = require('path');

const root = path.join(__dirname, '..');

/**
 * A generated text as the project's formatter writes it.
 *
 * @param {string} file The path that the text is written to, below the project's root.
 * @param {string} text The text.
 * @returns {string} The formatted text; throws an error for one that cannot be parsed.
 */
function format(file, text) {
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path', file], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
}

module.exports = { format };
