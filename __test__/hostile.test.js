'use strict';

const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');
const { SERVERS, startHostile } = require('./support/hostile');
const { startServer } = require('./support/server');
const { PATHS, TRANSPORTS } = require('./support/transports');

// How calls to a hostile server end, compared with the table of docs/hostile-servers.md.

const CALLS = {
  close: (client) => client.usageRecords.close('UR-1', 'INV-7'),
  search: (client) => client.usageRecords.search({ status: 'approved' }),
  fetch: async (client) => (await client.fetch('/usage/records')).text(),
  upload: (client) => client.usageFiles.upload('UF-1', Buffer.alloc(300_000, 'x')),
  download: (client) => client.usageChunks.download('UFC-1'),
};

/** Deadlines are short only where the call has to time out: the machine may be busy. */
const SHORT = { readTimeout: 400, timeout: 1500 };
const LONG = { readTimeout: 30_000, timeout: 50_000 };
const LIMITS = { maxRetries: 0, maxResponseBytes: 4 << 20 };
const folder = useFolder();
/** The table: what is stated of each server and call. */
const text = fs.readFileSync(path.join(__dirname, '../docs/hostile-servers.md'), 'utf8');
const table = new Map();
for (const line of text.split('\n')) {
  const [name, ...cells] = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (name in SERVERS)
    table.set(name, Object.fromEntries(Object.keys(CALLS).map((call, at) => [call, cells[at]])));
}

/** What a call ended with, in the words of the table. */
async function ending(call) {
  try {
    await call();
    return 'resolves';
  } catch (error) {
    expect(require('util').inspect(error, { depth: 9, showHidden: true })).not.toContain('topsecret');
    const { name, status, code, maybeProcessed } = error;
    // Which of the two it is depends on whether there was something left to send.
    const what = status === undefined ? code.replace('EPIPE', 'ECONNRESET') : status;
    // A class, not its name: all of them are errors of ours.
    const kind = status === undefined ? name : error.constructor.name;
    return [kind, what, maybeProcessed ? 'unsure' : undefined].filter(Boolean).join(' ');
  }
}

/** What the table states; a connection may end before the request is written, which is certain then not to have been sent. */
function stated(name, found) {
  const row = { ...table.get(name) };
  if (name !== 'closes the connection at once') return row;
  for (const [call, cell] of Object.entries(row)) {
    if (!found[call].endsWith(' unsure')) row[call] = cell.replace(' unsure', '');
  }
  return row;
}

let other;
beforeAll(async () => {
  other = await startServer({ json: { id: 'from elsewhere' } });
});
afterAll(() => other.close());

test('the table has a row for each server', () => {
  expect([...table.keys()].sort()).toEqual(Object.keys(SERVERS).sort());
});

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  test.each(Object.keys(SERVERS))('a server that %s', async (name) => {
    // One for each call: a connection that is about to be closed is not to be shared.
    const servers = await Promise.all(Object.keys(CALLS).map(() => startHostile(name, other.url)));
    try {
      const before = process.memoryUsage().rss;
      const isLate = Object.values(table.get(name)).some((cell) => cell.startsWith('TimeoutError'));
      const found = {};
      await Promise.all(
        Object.entries(CALLS).map(async ([call, run], at) => {
          const client = connect(servers[at].url, { ...LIMITS, ...(isLate ? SHORT : LONG) });
          found[call] = await ending(() => run(client));
        }),
      );
      expect(found).toEqual(stated(name, found));
      // Five calls with 4 MiB each at most, the garbage of JavaScript and what this test itself sends besides.
      expect(process.memoryUsage().rss - before).toBeLessThan(250 << 20);
    } finally {
      for (const server of servers) await server.close();
    }
  });
});

test('the key went to no other origin', () => {
  expect(other.requests.length).toBeGreaterThan(0);
  expect(other.requests.filter(({ headers }) => 'authorization' in headers)).toEqual([]);
});

test('a file that never ends is written until the deadline, and not left behind', async () => {
  const server = await startHostile('drips the body');
  try {
    const to = path.join(folder, 'file');
    const client = PATHS['the engine'](server.url, { ...LIMITS, ...SHORT });
    await expect(client.usageChunks.download('UFC-1', { to })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  } finally {
    await server.close();
  }
});
