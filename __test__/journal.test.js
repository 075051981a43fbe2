'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const path = require('path');
const { promisify } = require('util');
const zlib = require('zlib');
const { ConnectClient } = require('..');
const { recordId } = require('../testing');
const { useFolder } = require('./support/folder');
const { failure, wait } = require('./support/promises');
const { INVOICE, records, useSandboxes } = require('./support/sandbox');

// The journal of a run. Damaged journals in detail: the tests in `src/core/bulk`.

const folder = useFolder();
const startSandbox = useSandboxes();
let sandbox;
let client;
const start = async (options) => {
  sandbox = await startSandbox(options);
  client = new ConnectClient(sandbox.url, sandbox.apiKey);
};
const closeMany = (count, options) => client.usageRecords.closeMany(records(count), options);

test('each line is a JSON object with its checksum, as docs/options.md describes it', async () => {
  await start({ records: 250 });
  const journal = path.join(folder, 'format');
  await closeMany(250, { journal });
  const lines = fs.readFileSync(journal, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(JSON.parse(lines[0])).toMatchObject({
    journal: 2,
    endpoint: expect.stringContaining('/usage/records'),
  });
  expect(lines).toHaveLength(7);
  const crc32 = makeCrc32();
  lines.forEach((line, index) => {
    const { crc, ...rest } = JSON.parse(line);
    expect(line.slice(-18)).toBe(`,"crc":"${crc}"}`);
    expect(crc).toBe(
      crc32(`${line.slice(0, -18)}}`)
        .toString(16)
        .padStart(8, '0'),
    );
    if (index > 0) expect(rest.line).toBe(index + 1);
  });
});

/** Node's own CRC-32, or what gzip puts behind its data where Node does not give it. */
function makeCrc32() {
  return zlib.crc32 || ((text) => zlib.gzipSync(text).readUInt32LE(zlib.gzipSync(text).length - 8));
}

test('an aborted run can be resumed at once', async () => {
  const count = 1500;
  await start({ records: count, latencyMs: 1 });
  const journal = path.join(folder, 'aborted');
  let aborts = 0;
  for (let round = 0; round < 60; round += 1) {
    const controller = new AbortController();
    const running = closeMany(count, { journal, batchSize: 10, signal: controller.signal });
    // So many lines later than the last time: in the middle of writing one, as often as not.
    const seen = sandbox.received + (round % 3);
    const timer = setInterval(() => sandbox.received > seen && controller.abort(), 0);
    try {
      await running;
    } catch (error) {
      expect(error.name).toBe('AbortError');
      aborts += 1;
    } finally {
      clearInterval(timer);
    }
  }
  expect(aborts).toBeGreaterThan(10);
  const report = await closeMany(count, { journal });
  expect(report.closed + report.alreadyClosed).toBe(count);
});

test('of a damaged journal, records that may have been sent are read back first', async () => {
  await start({ records: 30 });
  const journal = path.join(folder, 'damaged');
  await closeMany(20, { journal, batchSize: 10 });
  const bytes = fs.readFileSync(journal);
  // The first outcome line, and with it ten records of which only their intent is known.
  const at = bytes.indexOf('"closed"');
  bytes[at + 3] ^= 0x10;
  fs.writeFileSync(journal, bytes);
  sandbox.requests.length = 0;
  const report = await closeMany(30, { journal, window: 50 });
  expect(report).toMatchObject({ failed: [], conflicts: [], unknown: [], notSent: 0 });
  expect(report.closed + report.alreadyClosed).toBe(30);
  const sent = (wanted) => sandbox.requests.filter(({ method }) => method === wanted);
  const posted = sent('POST').flatMap(({ body }) => JSON.parse(body));
  // In the order in which they were read back.
  expect(posted.map(({ id }) => id).sort()).toEqual(
    records(30)
      .slice(20)
      .map(({ id }) => id)
      .sort(),
  );
  // Those whose line is damaged, and those that may have been in it.
  expect(new Set(sent('GET').map((request) => request.path)).size).toBe(20);
  for (const closures of sandbox.closures.values()) expect(closures).toHaveLength(1);
});

test('a journal that cannot be used rejects before anything is sent', async () => {
  await start({ records: 1 });
  const journal = path.join(folder, 'no', 'journal');
  await expect(closeMany(1, { journal })).rejects.toThrow(/^the journal .*journal: /);
  const csv = path.join(folder, 'records.csv');
  fs.writeFileSync(csv, 'id\nUR-1\n');
  await expect(closeMany(1, { journal: csv })).rejects.toThrow('is it another file?');
  expect(fs.readFileSync(csv, 'utf8')).toBe('id\nUR-1\n');
  expect(sandbox.received).toBe(0);
});

test('a run with the same journal skips what is closed, and refuses one of another endpoint', async () => {
  await start({ records: 20 });
  const journal = path.join(folder, 'again');
  expect(await closeMany(12, { journal })).toMatchObject({ closed: 12 });
  const before = sandbox.received;
  expect(await closeMany(20, { journal })).toMatchObject({
    closed: 8,
    alreadyClosed: 12,
  });
  expect(sandbox.received).toBe(before + 1);
  expect(await client.usageRecords.closeMany(records(1, 'INV-8'), { journal })).toMatchObject({
    conflicts: [{ id: recordId(0), externalBillingId: INVOICE }],
  });
  const elsewhere = new ConnectClient(`${sandbox.url}/other`, sandbox.apiKey);
  await expect(elsewhere.usageRecords.closeMany(records(1), { journal })).rejects.toThrow('another endpoint');
  // Two runs at once, each under way until one of them is refused: either may open the journal first.
  let release;
  const refused = new Promise((resolve) => {
    release = resolve;
  });
  async function* held() {
    yield* records(20);
    await refused;
  }
  const ends = [1, 2].map(() => {
    return client.usageRecords.closeMany(held(), { journal }).catch((error) => error);
  });
  const error = await Promise.race(ends);
  expect(error.message).toContain('another run is writing it');
  release();
  const reports = (await Promise.all(ends)).filter((end) => end !== error);
  expect(reports).toMatchObject([{ alreadyClosed: 20 }]);
});

// A preloaded library logs the process's system calls and lets some fail. Other systems behave alike, but for Windows,
// which cannot synchronise a directory.
(process.platform === 'linux' ? describe : describe.skip)(
  'on a disk whose system calls are intercepted',
  () => {
    const library = () => path.join(folder, 'disk.so');
    beforeAll(async () => {
      const source = path.join(__dirname, 'fixtures', 'disk.c');
      await promisify(execFile)('cc', ['-shared', '-fPIC', '-o', library(), source, '-ldl']);
    });

    const BEGINNING = `
    const { ConnectClient } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const [url, apiKey, journal, records] = process.argv.slice(1);
    const run = (options) =>
      new ConnectClient(url, apiKey).usageRecords
        .closeMany(JSON.parse(records), { journal, batchSize: 10, ...options })
        .then((report) => ({ report }), ({ name, message, code, report }) => ({ name, message, code, report }));
    const print = (result) => console.log(JSON.stringify(result));`;
    const ONCE = 'run().then(print)';
    /** Aborts a run when it has come a little further than the one before, goes on with the next one at once. */
    const ABORTING = `
    (async () => {
      const ends = [];
      for (let steps = 0; steps < 12; steps += 1) {
        const controller = new AbortController();
        const running = run({ signal: controller.signal });
        for (let step = 0; step < steps; step += 1) await new Promise((next) => setTimeout(next, 3));
        controller.abort();
        const { name = 'done', message } = await running;
        ends.push(name === 'AbortError' || name === 'done' ? name : message);
      }
      print({ ends, ...(await run()) });
    })();`;

    /** Closes 200 records in another process. */
    async function run(journal, env = {}, program = ONCE) {
      const args = [
        '-e',
        BEGINNING + program,
        sandbox.url,
        sandbox.apiKey,
        journal,
        JSON.stringify(records(200)),
      ];
      const settings = { env: { ...process.env, LD_PRELOAD: library(), ...env } };
      const { stdout } = await promisify(execFile)(process.execPath, args, settings);
      return JSON.parse(stdout);
    }

    test('the directory of a journal is synchronised', async () => {
      await start({ records: 200 });
      const log = path.join(folder, 'synchronised');
      const real = fs.realpathSync(folder);
      const link = path.join(folder, 'link');
      fs.mkdirSync(path.join(folder, 'elsewhere'));
      fs.symlinkSync(path.join('elsewhere', 'journal'), link);
      for (const journal of [path.join(folder, 'new'), link]) await run(journal, { DISK_LOG: log });
      expect(fs.readFileSync(log, 'utf8').trim().split('\n')).toEqual([real, path.join(real, 'elsewhere')]);
    });

    test('a run that was aborted on a slow disk can be resumed at once', async () => {
      await start({ records: 200 });
      const { ends, report } = await run(path.join(folder, 'slow'), { DISK_SLOW: '20000' }, ABORTING);
      // A slow machine may come to the end before the last ones are aborted.
      expect(ends.filter((end) => end !== 'AbortError' && end !== 'done')).toEqual([]);
      expect(ends.filter((end) => end === 'AbortError').length).toBeGreaterThan(2);
      expect(report.closed + report.alreadyClosed).toBe(200);
    });

    test('a run that ended on a full disk can be resumed', async () => {
      for (const at of [1, 2, 3, 5, 8]) {
        await start({ records: 200, latencyMs: 1 });
        const journal = path.join(fs.realpathSync(folder), `full-${at}`);
        const { message, code } = await run(journal, { DISK_FULL: journal, DISK_FULL_AT: `${at}` });
        expect(message).toMatch(/^the journal .* cannot be written: No space left on device/);
        expect(code).toBe('ENOSPC');
        const text = fs.readFileSync(journal, 'utf8');
        for (const line of text.split('\n').slice(0, -1)) JSON.parse(line);
        expect(text).toMatch(/^$|\n$/);
        const { report } = await run(journal);
        expect(report).toMatchObject({ failed: [], conflicts: [], unknown: [], notSent: 0 });
        expect(report.closed + report.alreadyClosed).toBe(200);
        for (const closures of sandbox.closures.values()) expect(closures).toHaveLength(1);
        await sandbox.close();
      }
    });
  },
);

describe('a journal that cannot be opened is an error of the file system', () => {
  const attempt = async (journal) => {
    await start({ records: 2 });
    const error = await failure(closeMany(2, { journal }));
    expect(sandbox.requests).toEqual([]);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(TypeError);
    expect(error.maybeProcessed).toBe(false);
    expect(error.message).toMatch(/^the journal /);
    return error;
  };

  test('a folder that is not there', async () => {
    expect(await attempt(path.join(folder, 'none/of/these'))).toMatchObject({ code: 'ENOENT' });
  });

  test('a directory', async () => {
    expect(await attempt(folder)).toMatchObject({ code: 'EISDIR' });
  });

  test('a file in the place of a folder', async () => {
    const file = path.join(folder, 'a-file');
    fs.writeFileSync(file, '');
    expect((await attempt(path.join(file, 'journal'))).code).toBe(
      process.platform === 'win32' ? 'ENOENT' : 'ENOTDIR',
    );
  });

  test('a name that is too long', async () => {
    expect((await attempt(path.join(folder, 'x'.repeat(400)))).code).toMatch(
      /^(ENAMETOOLONG|ENOENT|EINVAL)$/,
    );
  });

  test('one that another run writes', async () => {
    await start({ records: 2, faults: [{ kind: 'hang', times: 1 }] });
    const journal = path.join(folder, 'busy');
    const controller = new AbortController();
    const first = closeMany(2, { journal, signal: controller.signal }).catch((reason) => reason);
    while (!fs.existsSync(journal) || sandbox.requests.length === 0) {
      await wait(5);
    }
    const error = await failure(closeMany(2, { journal }));
    expect(error).not.toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'EBUSY', maybeProcessed: false });
    controller.abort();
    await first;
  });

  test('a file that is not a journal is a TypeError, and stays unchanged', async () => {
    await start({ records: 2 });
    const journal = path.join(folder, 'a-letter');
    fs.writeFileSync(journal, 'Dear records,\n');
    await expect(closeMany(2, { journal })).rejects.toBeInstanceOf(TypeError);
    expect(fs.readFileSync(journal, 'utf8')).toBe('Dear records,\n');
  });
});
