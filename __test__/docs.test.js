'use strict';

const fs = require('fs');
const path = require('path');
const { ConnectClient } = require('..');
const { main } = require('../scripts/docs');

// docs/ says what the package does: its tables are compared with what it accepts, declares and throws.

const root = path.join(__dirname, '..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

/** The names in the first column of the table below a heading. */
function listed(file, heading) {
  const text = read(file);
  const from = text.indexOf(`\n## ${heading}\n`);
  expect(from).toBeGreaterThan(0);
  const end = text.indexOf('\n## ', from + 1);
  const rows = text.slice(from, end < 0 ? undefined : end).matchAll(/^\| (`[^|]+) \|/gm);
  return [...rows].flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).sort();
}

/** What an error says that there is. */
function known(call) {
  try {
    call();
  } catch (error) {
    return /there are (.*)$/.exec(error.message)[1].split(', ').sort();
  }
  throw new Error('nothing was refused');
}
const client = new ConnectClient('http://127.0.0.1:1', 'key', { maxRetries: 0 });

test('the index of methods is what Rust declares', () => {
  // The formatter pads the tables.
  const plain = (text) => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---').trim();
  expect(plain(read('docs/methods.md'))).toBe(plain(main()));
});

test('the options of a client', () => {
  expect(listed('docs/options.md', 'Of a client')).toEqual(
    known(() => new ConnectClient('', '', { timeout: 1, invented: 1 })),
  );
});

test('the options of a call', async () => {
  const error = await client.usageChunks.download('X', { timeout: 1, invented: 1 }).catch((reason) => reason);
  expect(listed('docs/options.md', 'Of a call')).toEqual(
    known(() => {
      throw error;
    }),
  );
});

test('the options of a list', () => {
  const all = known(() => client.assets.list({}, { invented: 1 }));
  const ofCall = listed('docs/options.md', 'Of a call').filter((name) => name !== 'to');
  expect([...listed('docs/options.md', 'Of a list'), ...ofCall].sort()).toEqual(all);
});

test('the options of closeMany', async () => {
  const error = await client.usageRecords.closeMany([], { invented: 1 }).catch((reason) => reason);
  expect(listed('docs/options.md', 'Of `closeMany`')).toEqual(
    known(() => {
      throw error;
    }),
  );
});

test('the variables of the environment', () => {
  const files = ['lib', 'bin', 'binding.js'].flatMap((place) =>
    fs.statSync(path.join(root, place)).isDirectory()
      ? fs.readdirSync(path.join(root, place), { recursive: true }).map((file) => path.join(place, `${file}`))
      : [place],
  );
  const text = files
    .filter((file) => file.endsWith('.js'))
    .map(read)
    .join('\n');
  const used = new Set(
    [
      ...text.matchAll(/\b(?:env|environment)\.([A-Z_]{4,})|'([A-Z]+_(?:PROXY|[A-Z_]*CERTS?(?:_FILE)?))'/g),
    ].map(([, one, other]) => one || other),
  );
  for (const name of ['REQUEST_METHOD', 'NODE_OPTIONS']) used.delete(name);
  expect(listed('docs/options.md', 'Of the environment')).toEqual([...used].sort());
});

test('the codes of errors', () => {
  // Those of files and journals are Node's own, and belong to no ConnectionError.
  const others = /^(bulk|resources|rql)\/|tests\.rs$|^(save|headers|request)\.rs$/;
  const text = fs
    .readdirSync(path.join(root, 'src/core'), { recursive: true })
    .filter((file) => file.endsWith('.rs') && !others.test(file))
    .map((file) => read(`src/core/${file}`).split('#[cfg(test)]')[0])
    .join('\n');
  const used = new Set(
    [...text.matchAll(/"([A-Z][A-Z0-9_]{4,}|(?:max|no|unsupported)-\w+)"/g)].map(([, code]) => code),
  );
  used.delete('CARGO_PKG_VERSION');
  const codes = listed('docs/errors.md', 'The codes of a ConnectionError').filter((name) => name !== 'code');
  expect(codes).toEqual([...used].sort());
});
