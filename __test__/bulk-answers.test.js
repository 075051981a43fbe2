'use strict';

const path = require('path');
const { INVOICE, QUICK, closedIn, records, total } = require('./support/bulk');
const { useFolder } = require('./support/folder');
const { TRANSPORTS } = require('./support/transports');
const { json, startUsageServer } = require('./support/usage-server');

// What an answer may settle, and what it may not: every answer here comes twice, from a server that closed the record
// and from one that did not. The report and the journal must be true for both.

const ID = 'UR-0';
const CLOSED = { id: ID, status: 'closed' };
const OPTIONS = { ...QUICK, window: 10 };
const HALF = '"\\ud83d"';

const folder = useFolder();
let journals = 0;
let server;
afterEach(() => server?.close());

/** Items of a bulk answer that say nothing for certain. */
const SILENT = {
  'an error as single calls have it': [{ id: ID, error_code: 'VAL_001', errors: ['no'] }],
  'an id': [{ id: ID }],
  'the request': [{ id: ID, external_billing_id: INVOICE }],
  'a status of null': [{ id: ID, status: null }],
  'a status that is a number': [{ id: ID, status: 1 }],
  'a status that is empty': [{ id: ID, status: '' }],
  'a status that is true': [{ id: ID, status: true }],
  'a status that is a list': [{ id: ID, status: ['closed'] }],
  'a status that is an object': [{ id: ID, status: { value: 'closed' } }],
  'a status within another': [{ id: ID, record: CLOSED }],
  'a status of another name': [{ id: ID, state: 'closed' }],
  'a status in other letters': [{ id: ID, status: 'Closed' }],
  'a status that is not known': [{ id: ID, status: 'closing' }],
  'approved, and nothing else': [{ id: ID, status: 'approved' }],
  'an error': [{ id: ID, error: 'no' }],
  'an error that is an object': [{ id: ID, error: { code: 1 } }],
  'another record': [{ id: 'UR-999', status: 'closed' }],
  'an id in other letters': [{ id: 'ur-0', status: 'closed' }],
  'an id with a space': [{ id: 'UR-0 ', status: 'closed' }],
  'no id': [{ status: 'closed' }],
  'an id of null': [{ id: null, status: 'closed' }],
  'an id of another name': [{ record_id: ID, status: 'closed' }],
  'the id in a list': [{ id: [ID], status: 'closed' }],
  ids: [ID],
  'ids with their status': [[ID, 'closed']],
  'null, numbers, lists': [null, 7, [], 'closed'],
  nothing: [],
  'an object': {},
  'an object with the ids': { ids: [ID] },
  'an object by id': { [ID]: 'closed' },
  'a list of errors': { errors: ['no'] },
  text: 'closed',
  null: null,
};

/** Answers that are not even that. */
const UNREADABLE = {
  'an empty body': '',
  'no JSON': '{"oops',
  'half a list': `[${JSON.stringify({ id: ID })},`,
  'a page': '<html><body>closed</body></html>',
  'what follows JSON': `[${JSON.stringify({ id: ID })}] closed`,
};

/** Items that say closed, and that they do not. */
const DOUBTFUL = {
  error_codes: [{ ...CLOSED, error_codes: 'VAL_001' }],
  error_details: [{ ...CLOSED, error_details: 'no' }],
  error_code: [{ ...CLOSED, error_code: 'VAL_001' }],
  errors: [{ ...CLOSED, errors: ['no'] }],
  error: [{ ...CLOSED, error: 'no' }],
  'error before the rest': [{ error: 'no', ...CLOSED }],
  'a list of codes': [{ ...CLOSED, error_codes: ['VAL_001'] }],
  'an item before that refuses': [{ id: ID, error_codes: 'VAL_001' }, CLOSED],
  'an item behind that refuses': [CLOSED, { id: ID, error_codes: 'VAL_001' }],
  'an item between that refuses': [CLOSED, { id: ID, status: 'approved', error: 'x' }, CLOSED],
  'another invoice': [{ ...CLOSED, external_billing_id: 'INV-9' }],
  'another invoice in front': [{ external_billing_id: 'INV-9', ...CLOSED }],
  'an item behind with another invoice': [CLOSED, { ...CLOSED, external_billing_id: 'INV-9' }],
  'an item before with another invoice': [{ ...CLOSED, external_billing_id: 'INV-9' }, CLOSED],
};

const closeMany = (connect, options) => {
  journals += 1;
  const journal = path.join(folder, `${journals}`);
  const running = connect(server.url).usageRecords.closeMany(records(1), {
    ...OPTIONS,
    journal,
    ...options,
  });
  return running.then((report) => ({ report, journal }));
};

/** Holds report and journal against what the server did. */
function audit({ report, journal }) {
  expect(total(report)).toBe(1);
  expect(report.failed).toEqual([]);
  const isClosed = server.closedIds.includes(ID);
  expect(report.closed + report.alreadyClosed).toBeLessThanOrEqual(isClosed ? 1 : 0);
  for (const id of closedIn(journal)) expect(server.closedIds).toContain(id);
  for (const { message } of report.unknown) expect(message).toEqual(expect.stringMatching(/\w/));
  expect(server.closures(ID)).toBeLessThanOrEqual(1);
  expect(server.posts(ID)).toBeLessThanOrEqual(5);
  expect(server.overlaps).toBe(0);
}

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const bulk = async (answer, processed, more) => {
    const say = () => ({ ...answer, processed });
    server = await startUsageServer({ onBulk: say, onSingle: say, ...more });
    const outcome = await closeMany(connect);
    audit(outcome);
    return outcome.report;
  };
  const single = async (answer, processed) => {
    const refused = json(400, { error_code: 'VAL_001', errors: ['Expected one record.'] });
    server = await startUsageServer({ onBulk: () => refused, onSingle: () => ({ ...answer, processed }) });
    const outcome = await closeMany(connect);
    audit(outcome);
    return outcome.report;
  };

  describe.each([206, 202])('a bulk answer of %i that says', (status) => {
    test.each(Object.entries(SILENT))('%s settles nothing', async (_what, body) => {
      // Not closed, it is sent again, with the same answer, and stays unknown.
      expect((await bulk(json(status, body), false)).unknown).toHaveLength(1);
      await server.close();
      // Closed, a read says so.
      expect(await bulk(json(status, body), true)).toMatchObject({ unknown: [], conflicts: [] });
      expect(server.posts(ID)).toBe(1);
      expect(server.reads(ID)).toBeGreaterThan(0);
    });
  });

  test.each(['an error as single calls have it', 'an error', 'an id'])(
    'a record that was closed never fails while reads lag, where the answers say %s',
    async (what) => {
      const lagging = { lags: (_id, reads) => reads < 6, isSilent: true };
      expect(await bulk(json(206, SILENT[what]), true, lagging)).toMatchObject({
        unknown: [],
        conflicts: [],
      });
      // Refused a second time, it is only read.
      if (what !== 'an id') expect(server.posts(ID)).toBeLessThanOrEqual(2);
    },
  );

  test('closed, by reads that show no invoice again and again, is closed without one', async () => {
    const onRead = () => json(200, CLOSED);
    const { conflicts } = await bulk(json(206, DOUBTFUL.errors), true, { onRead });
    expect(conflicts).toEqual([{ id: ID, externalBillingId: null }]);
    expect(server.posts(ID)).toBe(1);
    expect(server.reads(ID)).toBeGreaterThan(4);
  });

  test.each(Object.entries(UNREADABLE))('a bulk answer that is %s settles nothing', async (_what, body) => {
    expect((await bulk({ status: 206, body }, false)).unknown).toHaveLength(1);
    await server.close();
    expect(await bulk({ status: 206, body }, true)).toMatchObject({ unknown: [], conflicts: [] });
    expect(server.posts(ID)).toBe(1);
  });

  test.each(Object.entries(DOUBTFUL))(
    'closed, with %s, is read and never sent again',
    async (_what, body) => {
      const open = await bulk(json(206, body), false);
      expect(open.unknown).toHaveLength(1);
      expect(server.posts(ID)).toBe(1);
      await server.close();
      expect(await bulk(json(206, body), true)).toMatchObject({ unknown: [], conflicts: [] });
      expect(server.posts(ID)).toBe(1);
      expect(server.reads(ID)).toBeGreaterThan(0);
    },
  );

  test('closed, with an error, is read until the invoice shows', async () => {
    const shown = [{}, { external_billing_id: null }, { external_billing_id: '' }, {}];
    const onRead = (_id, number) => {
      return number <= shown.length ? json(200, { ...CLOSED, ...shown[number - 1] }) : undefined;
    };
    const report = await bulk(json(206, DOUBTFUL.errors), true, { onRead });
    expect(report).toMatchObject({ unknown: [], conflicts: [] });
    expect([server.posts(ID), server.reads(ID)]).toEqual([1, shown.length + 1]);
  });

  test('closed, with an error, and read with another invoice, is a conflict', async () => {
    const onRead = (_id, number) =>
      json(200, number < 3 ? { id: ID, status: 'approved' } : { ...CLOSED, external_billing_id: 'INV-9' });
    const report = await bulk(json(206, DOUBTFUL.error), true, { onRead });
    expect(report.conflicts).toEqual([{ id: ID, externalBillingId: 'INV-9' }]);
    expect(server.posts(ID)).toBe(1);
  });

  test.each([
    ['null', { error_codes: null, error_details: null, error: null, errors: null, error_code: null }],
    ['empty text', { error_codes: '', error_details: '', error: '', error_code: '' }],
    ['empty lists', { errors: [], error_codes: [] }],
    ['our invoice', { external_billing_id: INVOICE, error: null }],
    ['no invoice', { external_billing_id: null }],
    ['much else', { amount: 1e300, params: [{ a: [[[]]] }], note: 'error', status_detail: 'approved' }],
  ])('closed, with %s, is closed, and nothing is read', async (_what, more) => {
    expect(await bulk(json(206, [{ ...CLOSED, ...more }]), true)).toMatchObject({ closed: 1, requests: 1 });
  });

  test('an answer settles no record but those that it answers', async () => {
    // Each names the other one as well, as closed.
    server = await startUsageServer({
      records: 2,
      onBulk: ([{ id }]) => json(206, [{ id: id === 'UR-0' ? 'UR-1' : 'UR-0', status: 'closed' }]),
    });
    const journal = path.join(folder, `others-${journals++}`);
    const { usageRecords } = connect(server.url);
    const report = await usageRecords.closeMany(records(2), { ...OPTIONS, batchSize: 1, journal });
    expect(report).toMatchObject({ closed: 0, alreadyClosed: 0, failed: [], conflicts: [] });
    expect(report.unknown.map(({ id }) => id).sort()).toEqual([ID, 'UR-1']);
    expect([...closedIn(journal)]).toEqual([]);
  });

  test('an error status settles nothing, whatever its body says', async () => {
    for (const status of [500, 502, 408]) {
      expect((await bulk(json(status, [CLOSED]), false)).closed).toBe(0);
      await server.close();
    }
  });

  test.each([
    ['nothing', 200, ''],
    ['no content', 204, ''],
    ['an object', 200, '{}'],
    ['approved', 200, JSON.stringify({ id: ID, status: 'approved' })],
    ['another record', 200, '{"id":"UR-999","status":"closed"}'],
    ['no id', 200, '{"status":"closed"}'],
    ['an id and nothing else', 202, JSON.stringify({ id: ID })],
    ['a list', 200, JSON.stringify([{ id: ID, status: 'approved' }])],
    ['text', 200, '"closed"'],
    ['null', 200, 'null'],
    ['a page', 200, UNREADABLE['a page']],
    ['half an object', 200, `{"id":"${ID}","status":"closed"`],
    ['an error as single calls have it', 200, JSON.stringify({ id: ID, error_code: 'X', errors: ['no'] })],
  ])("a close's own answer that says %s settles nothing", async (_what, status, body) => {
    expect((await single({ status, body }, false)).closed).toBe(0);
    await server.close();
    expect(await single({ status, body }, true)).toMatchObject({ unknown: [], conflicts: [] });
    expect(server.of(ID, 'single')).toHaveLength(1);
  });

  test.each([
    ['an error', 200, { ...CLOSED, error_code: 'VAL_001' }],
    ['another invoice', 200, { ...CLOSED, external_billing_id: 'INV-9' }],
    ['a refusal', 400, { ...CLOSED, error_code: 'VAL_001', errors: ['no'] }],
    ['a refusal without an id', 400, { status: 'closed', error_code: 'VAL_001', errors: ['no'] }],
    ['a conflict', 409, { ...CLOSED, error_code: 'VAL_001', errors: ['no'] }],
  ])("a close's own answer that says closed, with %s, is never sent again", async (_what, status, body) => {
    const report = await single(json(status, body), false);
    expect(report.unknown).toHaveLength(1);
    expect(server.of(ID, 'single')).toHaveLength(1);
    await server.close();
    expect(await single(json(status, body), true)).toMatchObject({ unknown: [], conflicts: [] });
    expect(server.of(ID, 'single')).toHaveLength(1);
  });

  test.each([
    ['another record', { id: 'UR-999', status: 'closed', external_billing_id: INVOICE }],
    ['no id', { status: 'closed', external_billing_id: INVOICE }],
    ['a list', [{ ...CLOSED, external_billing_id: INVOICE }]],
    ['no invoice', CLOSED],
    ['an invoice of null', { ...CLOSED, external_billing_id: null }],
    ['text', 'closed'],
    ['a status in other letters', { id: ID, status: 'CLOSED', external_billing_id: INVOICE }],
    ['another record that is rejected', { id: 'UR-999', status: 'rejected' }],
    ['no id, and rejected', { status: 'rejected' }],
  ])('a read that says %s settles nothing', async (_what, body) => {
    const report = await bulk({ reset: true }, false, { onRead: () => json(200, body) });
    expect(report).toMatchObject({ closed: 0, alreadyClosed: 0, failed: [] });
    expect(server.posts(ID)).toBe(1);
  });

  test.each([
    ['a byte order mark', `\ufeff${JSON.stringify([CLOSED])}`],
    ['half a surrogate', `[{"id":"${ID}","status":"closed","external_billing_note":${HALF}}]`],
    ['half a surrogate in an error of another', `[{"id":"X","error":${HALF}},${JSON.stringify(CLOSED)}]`],
    ['half a surrogate in a name', `[{${HALF}:1,"id":"${ID}","status":"closed"}]`],
    ['half a surrogate in an item that is none', `[${HALF},${JSON.stringify(CLOSED)}]`],
    ['the other half', `[{"note":"x\\udE00y","id":"${ID}","status":"closed"}]`],
    ['both halves', `[{"note":"\\ud83d\\ude00","id":"${ID}","status":"closed"}]`],
    ['escapes in what counts', '[{"i\\u0064":"U\\u0052-0","status":"\\u0063losed"}]'],
    ['bytes that are no UTF-8', Buffer.from(`[{"note":"\xe9","id":"${ID}","status":"closed"}]`, 'latin1')],
    ['much nesting', `[{"x":${'['.repeat(500)}${']'.repeat(500)},"id":"${ID}","status":"closed"}]`],
    ['large numbers', `[{"x":-1e999,"y":${'9'.repeat(400)},"id":"${ID}","status":"closed"}]`],
  ])('a bulk answer with %s is read', async (_what, body) => {
    const answer = { status: 206, body };
    expect(await bulk(answer, true)).toMatchObject({ closed: 1, unknown: [], requests: 1 });
  });

  test.each([
    ['a byte order mark', '\ufeff', '"x"'],
    ['half a surrogate', '', HALF],
  ])('%s in the answers to a single close and to a read', async (_what, front, note) => {
    const body = `${front}{"note":${note},"id":"${ID}","status":"closed","external_billing_id":"${INVOICE}"}`;
    expect(await single({ body }, true)).toMatchObject({ closed: 1, requests: 2 });
    await server.close();
    const report = await bulk({ reset: true }, true, { onRead: () => ({ body }) });
    expect(report).toMatchObject({ closed: 1, unknown: [], requests: 2 });
  });
});
