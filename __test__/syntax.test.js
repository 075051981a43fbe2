'use strict';

const fs = require('fs');
const path = require('path');
const acorn = require('acorn');

// What consumers' tools have to read is the language of 2020: bundlers and the transformers of old test runners do not know
// newer syntax. The command and the sandbox run in Node itself.

const root = path.join(__dirname, '..');

const isCommand = (file) => file.startsWith(path.join('lib', 'internal', 'cli'));
const library = fs.readdirSync(path.join(root, 'lib'), { recursive: true });
const scripts = ['index.js', 'binding.js', ...library.map((file) => path.join('lib', `${file}`))].filter(
  (file) => file.endsWith('.js') && !isCommand(file),
);

test.each(scripts)('%s', (file) => {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  expect(() => acorn.parse(text, { ecmaVersion: 2020, sourceType: 'script' })).not.toThrow();
});

test('newer syntax is noticed', () => {
  expect(() => acorn.parse('a ??= 1', { ecmaVersion: 2020 })).toThrow(SyntaxError);
});
