'use strict';

const fs = require('fs');
const path = require('path');
const { ConnectClient, readRecords, writeRecords } = require('..');
const { generate } = require('../scripts/docs');

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
    return /known options: (.*)$/.exec(error.message)[1].split(', ').sort();
  }
  throw new Error('nothing was refused');
}
const client = new ConnectClient('http://127.0.0.1:1', 'key', { maxRetries: 0 });

describe('what is generated from the tables of the resources is up to date', () => {
  // Rust's example may have to be compiled first.
  let texts;
  beforeAll(() => {
    texts = generate();
  }, 600_000);

  test.each(['docs/methods.md', 'types/resources.d.ts'])('%s', (file) => {
    expect(read(file)).toBe(texts[file]);
  });
});

test('the options of a client', () => {
  expect(listed('docs/options.md', 'Client options')).toEqual(
    known(() => new ConnectClient('', '', { timeout: 1, invented: 1 })),
  );
});

test.each([
  ['readRecords', () => readRecords('x.csv', { invented: 1 })],
  ['writeRecords', () => writeRecords('x.csv', [], { invented: 1 })],
])('the options of %s', async (name, call) => {
  const error = await (async () => call())().catch((reason) => reason);
  expect(listed('docs/tables.md', `Options of ${name}`)).toEqual(
    known(() => {
      throw error;
    }),
  );
});

test('the options of a call', async () => {
  const error = await client.usageChunks.download('X', { timeout: 1, invented: 1 }).catch((reason) => reason);
  expect(listed('docs/options.md', 'Call options')).toEqual(
    known(() => {
      throw error;
    }),
  );
});

test('the options of a list', () => {
  const all = known(() => client.assets.list({}, { invented: 1 }));
  const ofCall = listed('docs/options.md', 'Call options').filter((name) => name !== 'to');
  expect([...listed('docs/options.md', 'List options'), ...ofCall].sort()).toEqual(all);
});

test('the options of waitFor', async () => {
  const error = await client.usageFiles.waitFor('X', 'ready', { invented: 1 }).catch((reason) => reason);
  expect(listed('docs/options.md', '`waitFor` options')).toEqual(
    known(() => {
      throw error;
    }),
  );
});

test('the options of closeMany', async () => {
  const error = await client.usageRecords.closeMany([], { invented: 1 }).catch((reason) => reason);
  expect(listed('docs/options.md', '`closeMany` options')).toEqual(
    known(() => {
      throw error;
    }),
  );
});

test('the variables of the environment', () => {
  const files = ['lib', 'bin', 'binding.js', 'index.js'].flatMap((place) =>
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
  expect(listed('docs/options.md', 'Environment variables')).toEqual([...used].sort());
});

test('the codes of errors', () => {
  // Those of files and journals are Node's own, and belong to no ConnectionError.
  const others = /^(bulk|resources|rql|tables)\/|tests\.rs$|(^|\/)(io_code|headers|request)\.rs$/;
  const text = fs
    .readdirSync(path.join(root, 'src/core'), { recursive: true })
    .filter((file) => file.endsWith('.rs') && !others.test(file))
    .map((file) => read(`src/core/${file}`).split('#[cfg(test)]')[0])
    .join('\n');
  const used = new Set(
    [...text.matchAll(/"([A-Z][A-Z0-9_]{4,}|(?:max|no|unsupported)-\w+)"/g)].map(([, code]) => code),
  );
  used.delete('CARGO_PKG_VERSION');
  const codes = listed('docs/errors.md', 'Codes of a ConnectionError').filter((name) => name !== 'code');
  expect(codes).toEqual([...used].sort());
});
