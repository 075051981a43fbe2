'use strict';

const { spawn } = require('child_process');
const { once } = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { PassThrough, Readable } = require('stream');
const { ConnectClient, readRecords, TableError, writeRecords } = require('..');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `readRecords` as JavaScript uses it; what a file means is tested in Rust, and with the files of `fixtures/tables`.

const folder = useFolder();
const startSandbox = useSandboxes();

function write(name, text) {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

async function all(records) {
  const list = [];
  for await (const record of records) list.push(record);
  return list;
}

const TEXT = 'Record ID;External Billing ID;Asset\nUR-1;INV-7;AS-1\nUR-2;;AS-2\n';
const RECORDS = [
  { id: 'UR-1', externalBillingId: 'INV-7', row: 2 },
  { id: 'UR-2', row: 3 },
];
const chunked = async function* () {
  for (const char of TEXT) yield char;
};
const INPUTS = {
  'a file': () => write('input.csv', TEXT),
  bytes: () => Buffer.from(TEXT),
  'an ArrayBuffer': () => new TextEncoder().encode(TEXT).buffer,
  'a stream of Node': () => Readable.from([Buffer.from(TEXT)]),
  'a stream of the web': () => Readable.toWeb(Readable.from([Buffer.from(TEXT)], { objectMode: false })),
  'an async generator': () => chunked(),
};

/** All temporary copies of streams that can be seen; on Windows also those that other suites have left to the collector. */
const allCopies = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('connect-table-'));
let before;
beforeEach(() => {
  before = allCopies();
});
/** The copies that a process has made in this test. */
const copies = (pid = process.pid) =>
  allCopies().filter((name) => name.startsWith(`connect-table-${pid}-`) && !before.includes(name));

test.each(Object.keys(INPUTS))('reads and describes %s', async (name) => {
  const records = readRecords(INPUTS[name]());
  expect(await records.describe()).toStrictEqual({
    format: 'csv',
    encoding: 'utf-8',
    separator: ';',
    columns: { id: 'Record ID', externalBillingId: 'External Billing ID' },
    ignored: ['Asset'],
    rows: 2,
  });
  expect(await all(records)).toStrictEqual(RECORDS);
  expect((await records.describe()).rows).toBe(2);
  expect(copies()).toEqual([]);
});

test('a file is read anew in each loop, a stream only once', async () => {
  const file = write('twice.csv', 'id\nUR-1\n');
  const records = readRecords(file);
  expect(await all(records)).toHaveLength(1);
  fs.writeFileSync(file, 'id\nUR-1\nUR-2\n');
  expect(await all(records)).toHaveLength(2);
  const stream = readRecords(INPUTS['a stream of Node']());
  expect(await all(stream)).toHaveLength(2);
  await expect(all(stream)).rejects.toThrow('the stream has been read');
});

test('a file that changes after its check gives no record', async () => {
  const file = write('changes.csv', 'id\nUR-1\n');
  const records = readRecords(file);
  await records.describe();
  fs.writeFileSync(file, 'id\nUR-2\n');
  const error = await all(records).catch((reason) => reason);
  expect(error).toBeInstanceOf(TableError);
  expect(error.message).toContain('the file changed');
});

test('refused rows are all named, and none of the others is given', async () => {
  const file = write('refused.csv', 'id,external_billing_id\nUR-1,INV-7\nUR-2,#N/A\n3,INV-7\n');
  const records = readRecords(file);
  const error = await all(records).catch((reason) => reason);
  expect(error).toBeInstanceOf(TableError);
  expect(error.name).toBe('TableError');
  expect(error.message).toBe(`cannot use ${file}: ${error.refused.map(({ message }) => message).join('; ')}`);
  expect(error.refusedCount).toBe(2);
  expect(error.refused).toStrictEqual([
    {
      row: 3,
      column: 'external_billing_id',
      value: '#N/A',
      reason: expect.stringMatching(/^is an error of the spreadsheet/),
      message: expect.stringMatching(/^line 3, external_billing_id: '#N\/A' is an error/),
    },
    {
      row: 4,
      column: 'id',
      value: '3',
      reason: expect.stringMatching(/^is no record id/),
      message: expect.stringMatching(/^line 4, id: '3' is no record id/),
    },
  ]);
  await expect(records.describe()).rejects.toBeInstanceOf(TableError);
});

test('a file that cannot be read is an error of Node', async () => {
  const missing = await all(readRecords(path.join(folder, 'none.csv'))).catch((error) => error);
  expect(missing).toMatchObject({ code: 'ENOENT', message: expect.stringContaining('cannot read') });
  expect(missing).not.toBeInstanceOf(TableError);
  await expect(readRecords(folder).describe()).rejects.toMatchObject({ code: 'EISDIR' });
  for (const input of [write('large.csv', TEXT), Buffer.from(TEXT), Readable.from([TEXT])]) {
    await expect(readRecords(input, { maxBytes: 20 }).describe()).rejects.toMatchObject({ code: 'EFBIG' });
  }
});

test('a stream that fails, and one of another kind of content', async () => {
  const broken = new Readable({
    read() {
      this.destroy(new Error('broken'));
    },
  });
  await expect(all(readRecords(broken))).rejects.toThrow('broken');
  await expect(readRecords(Buffer.from('%PDF-1.7')).describe()).rejects.toThrow(
    'cannot use the stream: it is a PDF',
  );
  expect(copies()).toEqual([]);
});

test('a signal ends a reading with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const endless = async function* () {
    yield 'id\n';
    for (;;) yield 'UR-1\n';
  };
  const waiting = async function* () {
    yield 'id\n';
    await new Promise(() => undefined);
  };
  const stuck = new Readable({ read: () => undefined });
  const stopped = [waiting(), stuck, Readable.toWeb(new Readable({ read: () => undefined }))].map((source) =>
    expect(all(readRecords(source, { signal: controller.signal }))).rejects.toBe(reason),
  );
  const reading = all(readRecords(endless(), { signal: controller.signal }));
  setTimeout(() => controller.abort(reason), 20);
  await expect(reading).rejects.toBe(reason);
  await Promise.all(stopped);
  expect(stuck.destroyed).toBe(true);
  const records = readRecords(write('aborted.csv', TEXT), { signal: controller.signal });
  await expect(records.describe()).rejects.toBe(reason);
  expect(copies()).toEqual([]);
});

// On Windows a file has its name until it is closed.
const isSeen = process.platform === 'win32' ? 1 : 0;

test('a loop that is left, or a table that is closed, leaves no copy of a stream', async () => {
  for await (const { id } of readRecords(Readable.from([TEXT]))) {
    expect(id).toBe('UR-1');
    break;
  }
  const records = readRecords(Readable.from([TEXT]));
  await records.describe();
  expect(copies()).toHaveLength(isSeen);
  await records.close();
  expect(copies()).toEqual([]);
});

test('a process that is killed leaves no copy of a stream', async () => {
  const program = `
    const { PassThrough } = require('stream');
    const { readRecords } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const stream = new PassThrough();
    stream.write('id\\nUR-1\\n');
    readRecords(stream).describe();
    setTimeout(() => console.log('reading'), 100);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(copies(child.pid)).toHaveLength(isSeen);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(copies(child.pid)).toEqual([]);
});

test('a table goes straight into closeMany, which wants an invoice for each record', async () => {
  const sandbox = await startSandbox({ records: [{ id: 'UR-1' }, { id: 'UR-2' }] });
  const { usageRecords } = new ConnectClient(sandbox.url, sandbox.apiKey);
  await expect(usageRecords.closeMany(readRecords(write('close.csv', TEXT)))).rejects.toThrow(
    'line 3: `externalBillingId` is missing; fill in its cell',
  );
  const report = await usageRecords.closeMany(readRecords(write('close.csv', TEXT)), {
    externalBillingId: 'INV-8',
  });
  expect(report.closed).toBe(2);
  expect(sandbox.records.get('UR-2').external_billing_id).toBe('INV-8');
});

test.each([
  ['has no invoice', 'UR-2001,', '`externalBillingId` is missing'],
  ['names another invoice for a record', 'UR-1,INV-8', 'came before with another external billing id'],
  ['is refused', 'UR-2001,#N/A', 'is an error of the spreadsheet'],
])('nothing is sent if the last of many rows %s', async (_, last, message) => {
  const sandbox = await startSandbox({ records: [{ id: 'UR-1' }] });
  const { usageRecords } = new ConnectClient(sandbox.url, sandbox.apiKey);
  const lines = Array.from({ length: 2000 }, (_row, i) => `UR-${i + 1},INV-7\n`);
  const file = write('close.csv', `id,external_billing_id\n${lines.join('')}${last}\n`);
  await expect(usageRecords.closeMany(readRecords(file))).rejects.toThrow(message);
  await expect(usageRecords.closeMany(readRecords(fs.createReadStream(file)))).rejects.toThrow(message);
  expect(sandbox.requests).toEqual([]);
});

test('a table that is being checked when the run is aborted is not closed', async () => {
  const sandbox = await startSandbox({ records: [{ id: 'UR-1' }] });
  const { usageRecords } = new ConnectClient(sandbox.url, sandbox.apiKey);
  const signal = AbortSignal.abort();
  const running = usageRecords.closeMany(readRecords(write('close.csv', 'id\nUR-1\n')), {
    externalBillingId: 'INV-7',
    signal,
  });
  await expect(running).rejects.toMatchObject({ report: { closed: 0 } });
  expect(sandbox.requests).toEqual([]);
});

test('a table that is closed while its stream is awaited rejects, and closes the stream', async () => {
  const stream = new PassThrough();
  stream.write('id\n');
  const table = readRecords(stream);
  const rejected = expect(table.describe()).rejects.toThrow(
    new TypeError('readRecords: the table was closed'),
  );
  await table.close();
  await rejected;
  expect(stream.destroyed).toBe(true);
  expect(copies()).toEqual([]);
});

test('a table that is closed within a loop gives no more records', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `UR-${i}\n`);
  const table = readRecords(Readable.from([Buffer.from(`id\n${lines.join('')}`)]));
  const seen = [];
  const loop = async () => {
    for await (const { id } of table) {
      seen.push(id);
      if (seen.length === 1) await table.close();
    }
  };
  await expect(loop()).rejects.toThrow('the table was closed');
  expect(seen.length).toBeLessThan(3000);
});

test('a table whose signal aborts after its check gives no record', async () => {
  const controller = new AbortController();
  const table = readRecords(write('aborted.csv', TEXT), { signal: controller.signal });
  await table.describe();
  controller.abort(new Error('enough'));
  await expect(all(table)).rejects.toThrow('enough');
});

test.each([
  [[TEXT], 'this text has several lines: pass Buffer.from(text)'],
  [[], 'expected the path of a file, a stream, or bytes; got undefined'],
  [[''], "expected the path of a file, a stream, or bytes; got ''"],
  [[7], 'got 7'],
  [['x.csv', { sheets: 'a' }], "unknown option 'sheets'"],
  [['x.csv', { format: 'xls' }], "the option format must be 'csv' or 'xlsx'; got 'xls'"],
  [['x.csv', { maxBytes: 0 }], 'the option maxBytes must be a whole number of bytes above 0'],
  [['x.csv', 7], 'the options must be an object; got 7'],
])('readRecords(...%j) throws', (args, message) => {
  expect(() => readRecords(...args)).toThrow(TypeError);
  expect(() => readRecords(...args)).toThrow(message);
});

describe('writeRecords', () => {
  const records = [
    { id: 'UR-1', externalBillingId: '=1+1', externalBillingNote: 'two\r\n"lines"' },
    { id: 'UR-2', external_billing_id: '00012', external_billing_note: null },
    { id: 'UR-3' },
  ];
  const read = [
    { id: 'UR-1', externalBillingId: '=1+1', externalBillingNote: 'two\r\n"lines"', row: 2 },
    { id: 'UR-2', externalBillingId: '00012', row: 4 },
    { id: 'UR-3', row: 5 },
  ];
  async function* generate() {
    yield* records;
  }
  const SOURCES = { array: () => records, set: () => new Set(records), 'async generator': generate };

  test.each(Object.keys(SOURCES))('writes what readRecords reads, from an iterable: %s', async (name) => {
    const file = path.join(folder, 'written.csv');
    for (const separator of [',', ';', '\t']) {
      const written = await writeRecords(file, SOURCES[name](), { separator });
      expect(written).toStrictEqual({ path: file, format: 'csv', rows: 3 });
      expect(fs.readFileSync(file, 'utf8')).toMatch(
        /^\uFEFFid.external_billing_id.external_billing_note\r\nUR-1.'=1\+1/,
      );
      const table = readRecords(file);
      expect(await table.describe()).toMatchObject({ separator, rows: 3 });
      expect(await all(table)).toStrictEqual(read);
    }
  });

  test('fills in an invoice and a note, and takes a list of the API', async () => {
    const sandbox = await startSandbox({ records: 3 });
    const { usageRecords } = new ConnectClient(sandbox.url, sandbox.apiKey);
    const file = path.join(folder, 'list.txt');
    const options = { format: 'csv', externalBillingId: 'INV-7', externalBillingNote: 'January' };
    expect(await writeRecords(file, usageRecords.list(), options)).toMatchObject({ rows: 3 });
    for await (const record of readRecords(file)) {
      expect(record).toMatchObject({ externalBillingId: 'INV-7', externalBillingNote: 'January' });
    }
  });

  test('a table that is read is a source, too', async () => {
    const file = path.join(folder, 'copy.csv');
    await writeRecords(file, readRecords(Buffer.from(TEXT)));
    expect(await all(readRecords(file))).toEqual(RECORDS);
  });

  test('what fails leaves the old file, and nothing else', async () => {
    const inner = fs.mkdtempSync(path.join(folder, 'fails-'));
    const file = path.join(inner, 'old.csv');
    fs.writeFileSync(file, 'old');
    async function* failing() {
      yield { id: 'UR-1' };
      throw new Error('the source failed');
    }
    await expect(writeRecords(file, failing())).rejects.toThrow('the source failed');
    await expect(writeRecords(file, [{ id: 'UR-1' }, { ids: 'UR-2' }])).rejects.toThrow(
      'records[1]: `id` is missing',
    );
    const controller = new AbortController();
    async function* waiting() {
      yield { id: 'UR-1' };
      controller.abort(new Error('enough'));
      await new Promise(() => undefined);
    }
    await expect(writeRecords(file, waiting(), { signal: controller.signal })).rejects.toThrow('enough');
    await expect(writeRecords(file, [], { signal: controller.signal })).rejects.toThrow('enough');
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(inner)).toEqual(['old.csv']);
    const nowhere = writeRecords(path.join(inner, 'none/x.csv'), []);
    await expect(nowhere).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('cannot write'),
    });
  });

  test.each([
    [[], 'expected the path of a file; got undefined'],
    [['x.csv', 7], 'the records must be an array or another iterable; got 7'],
    [['x.csv', [], { separator: '|' }], "the option separator must be ',', ';' or a tab; got '|'"],
    [['x.csv', [], { sheet: 'a' }], "unknown option 'sheet'"],
    [['x', []], 'its name must end in .csv or .xlsx'],
  ])('writeRecords(...%j) rejects with a TypeError', async (args, message) => {
    const error = await writeRecords(...args).catch((reason) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(message);
  });
});
