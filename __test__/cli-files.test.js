'use strict';

const fs = require('fs');
const path = require('path');
const { readRows } = require('../lib/internal/tables/readRows');
const { KEY, runCommand } = require('./support/command');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage files ...`: usage files, from the draft to the closed month.

const SHEET = `record_id,item_search_criteria,item_search_value,quantity,start_time_utc,end_time_utc,asset_search_criteria,asset_search_value
1,item.mpn,VMH-1,10,2021-01-01,2021-01-31,asset.external_id,2009295
`;

const folder = useFolder();
const startSandbox = useSandboxes();
let sandbox;
const start = async (options) => {
  sandbox = await startSandbox({ apiKey: KEY, ...options });
};
const run = (line, options) => runCommand(line.split(' '), { sandbox, ...options });
const place = (name) => path.join(folder, name);

const FILES = [
  { id: 'UF-1', status: 'draft', name: 'January' },
  { id: 'UF-2', status: 'pending', records: 8, name: 'February', product: { id: 'PRD-2' } },
  { id: 'UF-3', status: 'pending', records: 3, schema: 'qt' },
];
const PRODUCTS = [{ id: 'PRD-1' }, { id: 'PRD-2' }];

async function rowsOf(file) {
  const rows = [];
  for await (const { cells } of readRows(file)) rows.push(cells);
  return rows;
}

test('list: columns, filters, a file, JSON', async () => {
  await start({ files: FILES, products: PRODUCTS });
  const all = await run('files list');
  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(all.stdout).toMatch(/^id +status +from .*\nUF-1 +draft +2021-01-01 .*January\nUF-2 +pending /);
  const ids = async (flags) => {
    const { code, stdout } = await run(`files list --json ${flags}`);
    expect(code).toBe(0);
    return JSON.parse(stdout).map(({ id }) => id);
  };
  expect(await ids('--status pending')).toEqual(['UF-2', 'UF-3']);
  expect(await ids('--status pending --status draft')).toEqual(['UF-1', 'UF-2', 'UF-3']);
  expect(await ids('--product PRD-2')).toEqual(['UF-2']);
  expect(await ids('--schema qt')).toEqual(['UF-3']);
  expect(await ids('--from 2021-02-01 --to 2021-02-01 --limit 2')).toEqual(['UF-1', 'UF-2']);
  expect(await ids('--to 2021-01-31')).toEqual([]);
  expect(await ids('--filter status=pending&like(name,*Feb*)')).toEqual(['UF-2']);
  expect(await ids('--filter ordering(-id)')).toEqual(['UF-3', 'UF-2', 'UF-1']);
  expect((await run('files list --to 2021-01-31')).stderr).toContain('there are no such usage files');
  expect(await run(`files list --out ${place('files.xlsx')}`)).toMatchObject({
    stdout: `${place('files.xlsx')}: 3 usage files\n`,
  });
  expect(await rowsOf(place('files.xlsx'))).toMatchObject([
    { id: 'UF-1', name: 'January', currency: 'USD' },
    { id: 'UF-2', product_id: 'PRD-2', records: '8' },
    { id: 'UF-3', schema: 'qt' },
  ]);
});

test.each([
  ['files list --status open', '--status must be one of draft, uploading, uploaded, processing, invalid'],
  [
    'files list --product UF-1',
    '--product takes the id of a product, such as PRD-000-000-000; UF-1 is a usage file',
  ],
  ['files list --from yesterday', '--from must be a day such as 2021-01-31, or a time'],
  ['files list --from 2021-02-01 --to 2021-01-01', '--from 2021-02-01 is after --to 2021-01-01'],
  ['files list --out files.txt', "--out must end in .csv or .xlsx; got 'files.txt'"],
  ['files list --filter limit=5', '--filter must not have limit or offset; use --limit'],
  ['files list --limit 0', "--limit must be a whole number above 0; got '0'"],
  ['files list UF-1', "files list takes no arguments; got 'UF-1'"],
  ['files get', 'files get takes the id of a usage file: connect-usage files get UF-2021-01-3453-7567'],
  ['files get UF-1 UF-2', 'files get takes one id; got 2'],
  [
    'files get UFC-1-001',
    'files get takes the id of a usage file, such as UF-2021-01-3453-7567; UFC-1-001 is a chunk',
  ],
  ['files submit UR-1', 'UR-1 is a usage record; connect-usage files list shows them'],
  ['files accept uf-1 --yes', "in capitals; got 'uf-1'"],
  ['files close january.xlsx --yes', "got 'january.xlsx'"],
  ['files accept UF-2', 'add --yes to do it without asking'],
  ['files create', 'files create needs --product PRD-...'],
  ['files create --product PRD-1 --from 2021-01-01', '--from and --to go together; --to is missing'],
  ['files upload UF-1', 'files upload takes a file: an Excel workbook (xlsx)'],
  ['files upload UF-1 none.xlsx', 'cannot read none.xlsx: there is no such file'],
  ['files upload january.xlsx UF-1', "got 'january.xlsx'"],
  ['files download UF-1 --kind raw', "--kind must be one of processed, uploaded, reconciliation; got 'raw'"],
  ['files download UF-1 --out none/x.xlsx', 'there is no folder none'],
  ['files wait UF-1 --for redy', "got 'redy'; did you mean ready?"],
  ['files wait UF-1 --timeout soon', "--timeout must be a number of minutes above 0; got 'soon'"],
])('%s is refused before anything is sent', async (line, message) => {
  await start({ files: FILES, products: PRODUCTS });
  const { code, stdout, stderr } = await run(line);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(sandbox.received).toBe(0);
});

test('get: all that Connect says, in lines or as JSON', async () => {
  await start({ files: FILES, products: PRODUCTS });
  const { code, stdout } = await run('files get UF-2');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^id +UF-2\nstatus +pending\nname +February\n/);
  expect(stdout).toMatch(/\nstats\.uploaded +8\n/);
  expect(JSON.parse((await run('files get UF-2 --json')).stdout)).toMatchObject({
    id: 'UF-2',
    name: 'February',
  });
  const missing = await run('files get UF-9');
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toContain('failed with status 404: NFND_000');
  expect(missing.stderr).toContain('hint: there is no such object');
});

test('template: the workbook that a vendor fills in', async () => {
  await start({ files: [], products: PRODUCTS });
  const to = place('template.xlsx');
  expect(await run(`files template PRD-1 --out ${to}`)).toMatchObject({
    code: 0,
    stdout: `${to}: ${fs.statSync(to).size} bytes\n`,
  });
  expect(sandbox.requests.at(-1).headers).not.toHaveProperty('authorization');
  const wrong = await run('files template UF-1');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('UF-1 is a usage file') });
});

test('a vendor: create, upload, wait, submit', async () => {
  await start({ files: [] });
  const made = await run(
    `files create --product PRD-736-723-721 --contract CRD-00000-00000-00000 --name January --from 2021-01-01 --to 2021-01-31 --currency EUR --json`,
  );
  expect(made.code).toBe(0);
  const { id, status, currency, period } = JSON.parse(made.stdout);
  expect({ status, currency, period }).toEqual({
    status: 'draft',
    currency: 'EUR',
    period: { from: '2021-01-01', to: '2021-01-31' },
  });
  fs.writeFileSync(place('january.csv'), SHEET);
  expect(await run(`files upload ${id} ${place('january.csv')} --wait`)).toMatchObject({
    code: 0,
    stdout: `${id}  ready\n`,
  });
  expect(await run(`files wait ${id}`)).toMatchObject({ code: 0, stdout: `${id}  ready\n` });
  expect(await run(`files reprocess ${id}`)).toMatchObject({ code: 0, stdout: `${id}  processing\n` });
  await run(`files wait ${id}`);
  expect(await run(`files submit ${id}`)).toMatchObject({ code: 0, stdout: `${id}  pending\n` });
  expect(sandbox.files.get(id).status).toBe('pending');
});

test('an upload that Connect finds invalid: exit code 1, and why', async () => {
  await start({ files: FILES, products: PRODUCTS });
  fs.writeFileSync(place('wrong.csv'), 'record_id\n1\n');
  const { code, stdout, stderr } = await run(`files upload UF-1 ${place('wrong.csv')} --wait`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'UF-1  invalid\n' });
  expect(stderr).toContain(
    'UF-1 is invalid, after which it cannot become ready or uploaded: The sheet has no column',
  );
  const json = await run('files wait UF-1 --json');
  expect({ code: json.code, status: JSON.parse(json.stdout).status }).toEqual({ code: 1, status: 'invalid' });
});

test('wait shows the state as it changes', async () => {
  await start({
    files: [
      { id: 'UF-1', status: 'draft' },
      { id: 'UF-2', status: 'draft' },
    ],
    processingMs: 60_000,
  });
  fs.writeFileSync(place('slow.csv'), SHEET);
  await run(`files upload UF-1 ${place('slow.csv')}`);
  const waiting = run('files wait UF-1 --timeout 1');
  while (!sandbox.requests.some(({ method }) => method === 'GET')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  sandbox.advance(60_000);
  const { code, stdout, stderr } = await waiting;
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'UF-1  ready\n' });
  expect(stderr).toMatch(/^\d\d:\d\d:\d\d {2}UF-1 {2}uploading\n$/);
  const late = await run('files wait UF-2 --timeout 0.0005');
  expect(late).toMatchObject({ code: 1, stdout: 'UF-2  draft\n' });
});

test('an interrupted wait', async () => {
  await start({ files: FILES, products: PRODUCTS });
  const running = run('files wait UF-1');
  while (sandbox.received === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  process.emit('SIGINT');
  const { code, stderr } = await running;
  expect(code).toBe(1);
  expect(stderr).toContain('the wait for UF-1 was interrupted');
});

test('create, whose answer is lost: exit code 3', async () => {
  await start({ files: [], faults: [{ kind: 'resetAfter', when: { method: 'POST' } }] });
  const { code, stderr } = await run('files create --product PRD-736-723-721');
  expect(code).toBe(3);
  expect(stderr).toContain('it is not known whether this was done: POST /usage/files failed');
});

test('download: the processed or the uploaded workbook, without the key, and never over a file', async () => {
  await start({ files: [{ id: 'UF-1', status: 'draft' }] });
  fs.writeFileSync(place('january.csv'), SHEET);
  await run(`files upload UF-1 ${place('january.csv')} --wait`);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const processed = await run('files download UF-1 --json');
    expect(processed.code).toBe(0);
    expect(JSON.parse(processed.stdout)).toEqual({
      path: 'UF-1-processed.xlsx',
      bytes: fs.statSync('UF-1-processed.xlsx').size,
    });
    const again = await run('files download UF-1');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('use --out UF-1-processed.xlsx to replace it');
  } finally {
    process.chdir(before);
  }
  expect(await rowsOf(place('UF-1-processed.xlsx'))).toHaveLength(1);
  expect(sandbox.requests.at(-1).headers).not.toHaveProperty('authorization');
  const saved = place('uploaded.csv');
  expect((await run(`files download UF-1 --kind uploaded --out ${saved}`)).code).toBe(0);
  expect(fs.readFileSync(saved, 'utf8')).toBe(SHEET);
  const none = await run(`files download UF-1 --kind reconciliation --out ${saved}`);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('UF-1 has no reconciliation file') });
});
