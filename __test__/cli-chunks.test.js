'use strict';

const fs = require('fs');
const path = require('path');
const { readRows } = require('../lib/internal/tables/readRows');
const { KEY, closings, runCommand, writeCsv } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage chunks ...`: the parts of an accepted usage file, each closed with its invoice.

const folder = useFolder();
const startSandbox = useSandboxes();
let sandbox;
let ids;
const start = async (options) => {
  const files = [{ id: 'UF-1', status: 'accepted', records: 12 }];
  sandbox = await startSandbox({ apiKey: KEY, files, hubs: 3, ...options });
  ids = [...sandbox.chunks.keys()];
};
const run = (line, options) => runCommand(line.split(' '), { sandbox, ...options });
const place = (name) => path.join(folder, name);
const invoices = () =>
  ids.map((id) => sandbox.closures.get(id)?.map(({ externalBillingId }) => externalBillingId));
const INVOICES = 'id,external_billing_id';

test('list: columns, filters, and a file that close reads', async () => {
  await start();
  sandbox.chunks.get(ids[2]).status = 'failed';
  sandbox.chunks.get(ids[2]).error = { detail: 'No such hub.' };
  sandbox.chunks.get(ids[1]).outdated = true;
  const { code, stdout, stderr } = await run('chunks list --file UF-1');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^id +status +outdated +file +records +closed +hub\n/);
  expect(stdout).toMatch(/-002 +ready +outdated +UF-1 +4 +0 +Sandbox hub 2\n/);
  const found = async (flags) =>
    JSON.parse((await run(`chunks list --json ${flags}`)).stdout).map(({ id }) => ids.indexOf(id));
  expect(await found('--status failed')).toEqual([2]);
  expect(await found('--hub HB-0000-0001')).toEqual([1]);
  expect(await found('--file UF-2')).toEqual([]);
  const xlsx = place('chunks.xlsx');
  expect((await run(`chunks list --out ${xlsx}`)).stdout).toBe(`${xlsx}: 3 chunks\n`);
  const rows = [];
  for await (const { cells } of readRows(xlsx)) rows.push(cells);
  expect(rows[2]).toMatchObject({ id: ids[2], external_billing_id: '', error: 'No such hub.' });
  // With one invoice for all, it is closed as it is: what is not ready is refused.
  const closed = await run(`chunks close ${xlsx} --billing-id INV-7 --yes`);
  expect(closed.code).toBe(1);
  expect(closed.stderr).not.toContain('columns that are not read');
  expect(invoices()).toEqual([['INV-7'], undefined, undefined]);
});

test('nothing that the server says is obeyed by the terminal', async () => {
  await start();
  sandbox.chunks.get(ids[0]).binding.hub.name = '\u001b]0;title\u0007Hub\u009b2J';
  const { stdout } = await run('chunks list --file UF-1');
  expect(stdout).toContain(' ]0;title Hub 2J');
  sandbox.faults = [{ kind: 'status', status: 418 }];
  sandbox.chunks.clear();
  const { stderr } = await run(`chunks get ${ids[0]}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('get, download, regenerate, wait', async () => {
  await start({ processingMs: 60_000 });
  const [id] = ids;
  expect((await run(`chunks get ${id}`)).stdout).toMatch(new RegExp(`^id +${id}\nstatus +ready\n`));
  const to = place('chunk.xlsx');
  expect(await run(`chunks download ${id} --out ${to}`)).toMatchObject({
    code: 0,
    stdout: `${to}: ${fs.statSync(to).size} bytes\n`,
  });
  expect(await run(`chunks regenerate ${id}`)).toMatchObject({ code: 0, stdout: `${id}  draft\n` });
  sandbox.requests.splice(0);
  const waiting = run(`chunks wait ${id} ${ids[1]}`);
  while (sandbox.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  sandbox.advance(60_000);
  const { code, stdout, stderr } = await waiting;
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${id}  ready\n${ids[1]}  ready\n` });
  expect(stderr).toContain(`${id}  draft\n`);
});

test('wait for all chunks of a usage file', async () => {
  await start();
  const all = ids.map((id) => `${id}  ready\n`).join('');
  expect(await run('chunks wait --file UF-1')).toMatchObject({ code: 0, stdout: all });
  expect(await run('chunks wait --file UF-9')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('UF-9 has no chunks, or none yet'),
  });
  const both = await run('chunks wait UFC-1-001 --file UF-1');
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('not both') });
});

test('close by ids: asks, shows what is closed, and closes with the invoice', async () => {
  await start();
  const line = `chunks close ${ids[0]},${ids[1]} ${ids[1]} --billing-id INV-7`;
  const no = await run(line, { terminal: true, input: '\n' });
  expect(no.code).toBe(1);
  expect(no.stderr).toContain(`  ${ids[0]}  INV-7  ready  4 accepted records  Sandbox hub 1\n`);
  expect(no.stderr).toContain('Close 2 chunks? This cannot be undone. [y/N] ');
  expect(closings(sandbox)).toEqual([]);
  const yes = await run(line, { terminal: true, input: 'y\n' });
  expect(yes).toMatchObject({ code: 0, stdout: 'closed 2 of 2 chunks\n' });
  expect(invoices()).toEqual([['INV-7'], ['INV-7'], undefined]);
});

test('close by a file, with a journal: a second run sends nothing', async () => {
  await start();
  const file = writeCsv(
    folder,
    'chunks.csv',
    [`${ids[0]},INV-1`, `${ids[1]},INV-2`, `${ids[1]},INV-2`],
    INVOICES,
  );
  const line = `chunks close ${file} --yes --json --journal ${place('chunks.journal')}`;
  const first = await run(line);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ closed: 2, duplicates: 1, failed: [], unknown: [] });
  expect(invoices()).toEqual([['INV-1'], ['INV-2'], undefined]);
  const second = await run(line);
  expect(JSON.parse(second.stdout)).toMatchObject({ closed: 0, alreadyClosed: 2 });
  expect(closings(sandbox)).toHaveLength(2);
});

test('a chunk that was closed before, without a journal: exit code 3, it must be looked up', async () => {
  await start();
  const line = `chunks close ${ids[0]} --billing-id INV-7 --yes`;
  await run(line);
  const { code, stdout } = await run(line);
  expect(code).toBe(3);
  expect(stdout).toContain('1 may be closed with this invoice, or not; look each of them up');
  const [, command] = /^ {4}connect-usage (records list .*)$/m.exec(stdout);
  const { stdout: records } = await run(command);
  expect(records.match(/,INV-7,/g)).toHaveLength(4);
});

test('outdated chunks are not closed', async () => {
  await start();
  sandbox.chunks.get(ids[0]).outdated = true;
  const { code, stdout } = await run(`chunks close ${ids[0]} ${ids[1]} --billing-id INV-7 --yes`);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^closed 1 of 2 chunks\n1 could not be closed:\n {2}UFC-1-001 .*regenerate it/);
  expect(invoices()).toEqual([undefined, ['INV-7'], undefined]);
});

test('an interrupt ends the run with its report: what was under way is unknown', async () => {
  await start({ faults: [{ kind: 'hang', processed: true, when: { method: 'POST', from: 2 } }] });
  const running = run(`chunks close ${ids.join(' ')} --billing-id INV-7 --yes --concurrency 1 --json`);
  while (closings(sandbox).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  process.emit('SIGINT');
  const { code, stdout, stderr } = await running;
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ closed: 1, unknown: [{ id: ids[1] }], notSent: 1 });
  expect(stderr).toContain('the run ended early: interrupted');
});

test('a dry run closes nothing', async () => {
  await start();
  const { code, stdout, stderr } = await run(`chunks close ${ids[0]} --billing-id INV-7 --dry-run`);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'dry run: 1 of 1 chunks would be closed; nothing was sent\n',
  });
  expect(stderr).toContain(`${ids[0]}  INV-7  ready`);
  expect(closings(sandbox)).toEqual([]);
});

test('a dry run counts only what is ready', async () => {
  await start();
  sandbox.chunks.get(ids[1]).status = 'failed';
  const journal = place('before.journal');
  await run(`chunks close ${ids[0]} --billing-id INV-7 --yes --journal ${journal}`);
  const line = `chunks close ${ids.join(' ')} --billing-id INV-7 --dry-run`;
  const { code, stdout } = await run(line);
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: `dry run: 1 of 3 chunks would be closed; nothing was sent
2 could not be closed, as only a chunk that is ready can be:
  ${ids[0]} is closed
  ${ids[1]} is failed
`,
  });
  // What the journal says to be closed is not one of them.
  const resumed = await run(`${line} --journal ${journal} --json`);
  expect(JSON.parse(resumed.stdout)).toMatchObject({
    alreadyClosed: 1,
    otherStates: [{ id: ids[1], status: 'failed' }],
  });
  expect(closings(sandbox)).toHaveLength(1);
});

test.each([
  ['', 'takes the ids of chunks, with --billing-id, or a CSV or Excel file'],
  ['UFC-1-001', 'chunks close needs --billing-id ID'],
  ['UF-1 --billing-id INV-7 --yes', 'UF-1 is a usage file; connect-usage chunks list shows them'],
  ['UFC-1-001 UR-1 --billing-id INV-7 --yes', 'UR-1 is a usage record'],
  ['UFC-1-001 --billing-id INV-7', 'add --yes to do it without asking'],
  ['UFC-1-001 UFC-9 --billing-id INV-7 --yes', 'Connect does not know 1 of the chunks:\n  UFC-9: '],
  ['UFC-1-001 --billing-id #N/A --yes', "--billing-id: '#N/A' is an error of the spreadsheet"],
  ['UFC-1-001 --billing-id 1.23457E+11 --yes', 'is a number in scientific notation'],
  ['UFC-1-001 --billing-id= --yes', '--billing-id is empty'],
  ['none.csv --yes', 'cannot read none.csv'],
  ['UFC-1-001 --billing-id INV-7 --yes --concurrency x', '--concurrency must be a whole number above 0'],
])('chunks close %s is refused: nothing is closed', async (rest, message) => {
  await start();
  const { code, stdout, stderr } = await runCommand(['chunks', 'close', ...rest.split(' ').filter(Boolean)], {
    sandbox,
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(closings(sandbox)).toEqual([]);
});

test('a file of which a row cannot be used is refused as a whole', async () => {
  await start();
  const rows = ['UR-1,INV-7', `${ids[0]},#N/A`, `${ids[1]},1.23457E+11`, `${ids[2]},`, ',INV-7'];
  const file = writeCsv(folder, 'refused.csv', rows, INVOICES);
  const { code, stdout, stderr } = await run(`chunks close ${file} --yes`);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  for (const text of [
    "line 2, id: 'UR-1' is no chunk id; one looks like UFC-2020-07-8349-4102-001",
    "line 3, external_billing_id: '#N/A' is an error of the spreadsheet",
    "line 4, external_billing_id: '1.23457E+11' is a number in scientific notation",
    'line 5 has no invoice',
    "line 6 has no id; enter the chunk's id",
  ]) {
    expect(stderr).toContain(text);
  }
  const json = await run(`chunks close ${file} --yes --json`);
  expect(JSON.parse(json.stdout)).toMatchObject({
    error: 'nothing was sent: the files cannot be used',
    refused: [{ row: 2 }, { row: 3 }, { row: 4 }, { row: 5 }, { row: 6 }],
  });
  const misspelt = writeCsv(folder, 'misspelt.csv', [`${ids[0]},INV-7`], 'Chunk ID,invoice');
  const refused = await run(`chunks close ${misspelt} --yes`);
  expect(refused.stderr).toContain(
    'it has no column external_billing_id; add it, or give one invoice for all chunks',
  );
  expect(sandbox.received).toBe(0);
});
