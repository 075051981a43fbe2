'use strict';

const path = require('path');
const { readRows } = require('../lib/internal/tables/readRows');
const { KEY, closings, runCommand, writeCsv } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage close --results`: what became of each row, in the files’ order.

const folder = useFolder();
const startSandbox = useSandboxes();
const start = (records, options) => startSandbox({ apiKey: KEY, records, ...options });
const csv = (name, rows, header) => writeCsv(folder, name, rows, header);
const inFolder = (name) => path.join(folder, name);

/** The rows of a table as arrays of texts. */
async function tableOf(file) {
  const rows = [];
  for await (const { cells } of readRows(file)) rows.push(Object.values(cells));
  return rows;
}

test('refused rows as JSON, and in the results', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('refused.csv', ['UR-1,#N/A,', 'UR-2,,']);
  const args = ['close', file, '--yes', '--json', '--results', inFolder('refused.xlsx')];
  const { code, stdout } = await runCommand(args, { sandbox });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    error: 'nothing was sent: the files cannot be used',
    files: [{ file, refused: 2 }],
    refused: [
      { file, row: 2, column: 'external_billing_id', value: '#N/A', reason: expect.any(String) },
      { file, row: 3, value: 'UR-2', reason: expect.stringContaining('--billing-id') },
    ],
  });
  expect(await tableOf(inFolder('refused.xlsx'))).toEqual([
    [file, '2', '', '', '', 'refused', expect.stringContaining("line 2, external_billing_id: '#N/A'")],
    [file, '3', 'UR-2', '', '', 'refused', expect.stringContaining('line 3 has no invoice')],
  ]);
});

test.each(['.csv', '.xlsx'])(
  'the results (%s) say what became of each row, in the files’ order',
  async (end) => {
    const sandbox = await start([
      { id: 'UR-1' },
      { id: 'UR-2', status: 'rejected' },
      { id: 'UR-3', status: 'closed', external_billing_id: 'INV-1' },
      { id: 'UR-4', status: 'closed', external_billing_id: 'INV-7' },
    ]);
    const first = csv('month.csv', ['UR-3,INV-7,', 'UR-1,INV-7,January', 'UR-2,INV-7,']);
    const second = csv('more.csv', ['UR-9,INV-7,', 'UR-4,INV-7,', 'UR-1,INV-7,']);
    const results = inFolder(`results${end}`);
    const { code } = await runCommand(['close', first, second, '--yes', '--results', results], { sandbox });
    expect(code).toBe(1);
    expect(await tableOf(results)).toEqual([
      [first, '2', 'UR-3', 'INV-7', '', 'closed otherwise', 'is closed with INV-1'],
      [first, '3', 'UR-1', 'INV-7', 'January', 'closed', ''],
      [first, '4', 'UR-2', 'INV-7', '', 'not closed', expect.stringContaining('VAL_001')],
      [second, '2', 'UR-9', 'INV-7', '', 'not closed', expect.stringContaining('not found')],
      [second, '3', 'UR-4', 'INV-7', '', 'closed', 'was closed before with this invoice'],
      [second, '4', 'UR-1', 'INV-7', '', 'closed', `repeats ${first} line 3, and counts once`],
    ]);
  },
);

test('the results of a run that ends early tell what is closed from what was not sent', async () => {
  const sandbox = await start(3, { faults: [{ kind: 'status', status: 401, when: { from: 3 } }] });
  const [one, two, three] = sandbox.records.keys();
  const file = csv('early.csv', [`${one},INV-7,`, `${two},INV-7,`, `${three},INV-7,`]);
  const results = inFolder('early.xlsx');
  const args = ['close', file, '--yes', '--results', results, '--batch-size', '1', '--concurrency', '1'];
  const { code } = await runCommand(args, { sandbox });
  expect(code).toBe(1);
  expect((await tableOf(results)).map((row) => row.slice(5))).toEqual([
    ['closed', ''],
    ['closed', ''],
    ['not sent', expect.stringContaining('401')],
  ]);
});

test('results that cannot be written are known before anything is sent', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('unwritable.csv', ['UR-1,INV-7,']);
  for (const [results, message] of [
    [inFolder('results.txt'), 'must end in .csv or .xlsx'],
    [file, 'would replace a file that is read'],
    [inFolder('none/results.csv'), 'none'],
  ]) {
    const { code, stderr } = await runCommand(['close', file, '--yes', '--results', results], { sandbox });
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  }
  expect(closings(sandbox)).toEqual([]);
});

test('results of refused files have the rows that could be used, too', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const first = csv('good.csv', ['UR-1,INV-7,', 'UR-2,INV-7,']);
  const second = csv('bad.csv', ['UR-3,INV-7,', 'UR-2,INV-8,']);
  const results = inFolder('refused-rows.csv');
  const { code } = await runCommand(['close', first, second, '--yes', '--results', results], { sandbox });
  expect(code).toBe(2);
  expect((await tableOf(results)).map(([file, row, id, , , result]) => [file, row, id, result])).toEqual([
    [first, '2', 'UR-1', 'not sent'],
    [first, '3', 'UR-2', 'not sent'],
    [second, '2', 'UR-3', 'not sent'],
    [second, '3', 'UR-2', 'refused'],
  ]);
});

test('a run that cannot begin is told apart from one that did not end', async () => {
  const sandbox = await start([{ id: 'UR-1' }]);
  const file = csv('begin.csv', ['UR-1,INV-7,']);
  const results = inFolder('begin-results.csv');
  const args = ['close', file, '--yes', '--results', results, '--journal', inFolder('none/journal')];
  const { code, stderr } = await runCommand(args, { sandbox });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('journal') });
  expect((await tableOf(results))[0].slice(5)).toEqual(['not sent', expect.stringContaining('journal')]);
  expect(sandbox.received).toBe(0);
});
