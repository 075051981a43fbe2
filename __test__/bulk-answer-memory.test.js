'use strict';

const { spawn } = require('child_process');
const http = require('http');
const { QUICK } = require('./support/bulk');
const { listen } = require('./support/listen');
const { TRANSPORTS } = require('./support/transports');

// An answer of 60 MiB of small objects, to any request of a run of one record: the whole process, Node itself included,
// stays below a bound. As generic values such an answer takes gigabytes.

const SIZE = 60 * 2 ** 20;
const MAX_MB = 600;
const ID = 'UR-0';
const OURS = `{"id":"${ID}","status":"closed","external_billing_id":"INV-7"}`;

jest.setTimeout(300000);

const PROGRAM = `
  const { peakMegabytes } = require(${JSON.stringify(require.resolve('./support/peakMemory'))});
  const { TRANSPORTS } = require(${JSON.stringify(require.resolve('./support/transports'))});
  const [transport, url] = process.argv.slice(1);
  const records = [{ id: '${ID}', externalBillingId: 'INV-7' }];
  const done = (report, error) => {
    const megabytes = peakMegabytes();
    console.log(JSON.stringify({ report, error: error && error.message.slice(0, 500), megabytes }));
  };
  TRANSPORTS[transport](url).usageRecords.closeMany(records, { ...${JSON.stringify(QUICK)}, maxTries: 2 })
    .then(done, (error) => done(error.report, error));`;

/** Text of about that many bytes: a piece, again and again, between a beginning and an end. */
const filled = (front, piece, end) => front + piece.repeat(Math.floor(SIZE / piece.length)) + end;

/** Bodies that a parser of generic values makes much of; `list` is for bulk answers, `object` for single records. */
const BODIES = {
  'small objects': {
    list: () => filled('[', '{},', `${OURS}]`),
    object: () => filled('[', '{},', `${OURS}]`),
  },
  'small items': { list: () => filled('[', '{"id":"UR-1","status":"closed"},', `${OURS}]`) },
  'one item with a large field': {
    list: () => filled('[{"x":[', '{},', `0],${OURS.slice(1)}]`),
    object: () => filled('{"x":[', '{},', `0],${OURS.slice(1)}`),
  },
  'one item with many fields': {
    list: () => filled('[{', '"x":1,', `${OURS.slice(1)}]`),
    object: () => filled('{', '"x":1,', OURS.slice(1)),
  },
  'one item with a large error': { list: () => filled('[{"error_details":"', 'xyz', `",${OURS.slice(1)}]`) },
};

/** Serves one answer to POST and one to GET, without making copies of it. */
async function serve(answers) {
  const bodies = Object.fromEntries(
    Object.entries(answers).map(([method, { status, body }]) => [
      method,
      { status, bytes: Buffer.from(body) },
    ]),
  );
  const listener = http.createServer((incoming, outgoing) => {
    incoming.resume();
    const { status, bytes } = bodies[incoming.method];
    outgoing.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
    outgoing.end(bytes);
  });
  return listen(listener);
}

async function measure(transport, answers) {
  const server = await serve(answers);
  try {
    const child = spawn(process.execPath, ['-e', PROGRAM, transport, server.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (piece) => {
      printed += piece;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    return JSON.parse(printed);
  } finally {
    await server.close();
  }
}

const one = { status: 200, body: OURS };

describe.each(Object.keys(TRANSPORTS))('over %s', (transport) => {
  test.each(Object.entries(BODIES))('a bulk answer of %s', async (_what, { list }) => {
    const { megabytes, report } = await measure(transport, { POST: { status: 206, body: list() }, GET: one });
    expect(megabytes).toBeLessThan(MAX_MB);
    expect(report).toMatchObject({ failed: [], unknown: [], conflicts: [] });
    expect(report.closed + report.alreadyClosed).toBe(1);
  });

  const readable = Object.entries(BODIES).filter(([, { object }]) => object !== undefined);
  test.each(readable)('a read of %s', async (_what, { object }) => {
    const answers = { POST: { status: 500, body: '' }, GET: { status: 200, body: object() } };
    const { megabytes, report } = await measure(transport, answers);
    expect(megabytes).toBeLessThan(MAX_MB);
    expect(report.failed).toEqual([]);
  });

  test.each([400, 404, 500])('an error (%i) of small objects', async (status) => {
    const body = filled('{"error_code":"VAL_001","errors":[', '{},', '"x"]}');
    const { megabytes, report } = await measure(transport, { POST: { status, body }, GET: one });
    expect(megabytes).toBeLessThan(MAX_MB);
    expect(report).toBeDefined();
    // The report quotes only the beginning of it.
    expect(JSON.stringify(report).length).toBeLessThan(100000);
  });

  test('an error whose text is all of it', async () => {
    const body = filled('{"error_code":"VAL_001","errors":["', 'xyz', '"]}');
    const { megabytes, report } = await measure(transport, {
      POST: { status: 400, body },
      GET: { status: 400, body },
    });
    expect(megabytes).toBeLessThan(MAX_MB);
    expect(report.unknown.length + report.failed.length).toBe(1);
    expect(JSON.stringify(report).length).toBeLessThan(100000);
  });
});
