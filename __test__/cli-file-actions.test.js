'use strict';

const { KEY, runCommand } = require('./support/command');
const { useSandboxes } = require('./support/sandbox');

// `connect-usage files accept`, and what else is done with usage files that are there.

const startSandbox = useSandboxes();
let sandbox;
const start = async (options) => {
  sandbox = await startSandbox({ apiKey: KEY, ...options });
};
const run = (line, options) => runCommand(line.split(' '), { sandbox, ...options });
const posts = () => sandbox.requests.filter(({ method }) => method !== 'GET');

const FILES = [
  { id: 'UF-1', status: 'draft', name: 'January' },
  { id: 'UF-2', status: 'pending', records: 8, name: 'February', product: { id: 'PRD-2' } },
  { id: 'UF-3', status: 'pending', records: 3, schema: 'qt' },
];
const PRODUCTS = [{ id: 'PRD-1' }, { id: 'PRD-2' }];

test('accept asks, names the file, and does what is answered', async () => {
  await start({ files: FILES, products: PRODUCTS });
  const no = await run('files accept UF-2', { terminal: true, input: 'n\n' });
  expect(no.code).toBe(1);
  expect(no.stderr).toMatch(
    /^Accept UF-2 \(February, .*8 records, pending\)\? This cannot be undone\. \[y\/N\] /,
  );
  expect(no.stderr).toContain('nothing was sent');
  expect(posts()).toEqual([]);
  const yes = await runCommand(['files', 'accept', 'UF-2', '--note', 'Agreed'], {
    sandbox,
    terminal: true,
    input: 'y\n',
  });
  expect(yes).toMatchObject({ code: 0, stdout: 'UF-2  accepted\n' });
  expect(sandbox.files.get('UF-2').acceptance_note).toBe('Agreed');
});

test('several files: each is done, and what failed is said', async () => {
  await start({ files: FILES, products: PRODUCTS });
  const { code, stdout, stderr } = await run('files accept UF-2 UF-1 UF-3 UF-3 --yes');
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'UF-2  accepted\nUF-3  accepted\n' });
  expect(stderr).toContain(
    'UF-1: POST /usage/files/UF-1/accept failed with status 400: VAL_001 Only a usage file',
  );
  const json = await run('files accept UF-1 UF-9 --yes --json');
  expect(JSON.parse(json.stdout)).toEqual([
    { id: 'UF-1', error: expect.stringContaining('VAL_001') },
    { id: 'UF-9', error: expect.stringContaining('NFND_000') },
  ]);
});

test('approve-all, reject, delete', async () => {
  await start({ files: FILES, products: PRODUCTS });
  expect(await run('files approve-all UF-3')).toMatchObject({ code: 0, stdout: 'UF-3  pending\n' });
  expect([...sandbox.records.values()].filter(({ status }) => status === 'approved')).toHaveLength(3);
  const args = ['files', 'reject', 'UF-2', '--note', 'Wrong prices', '--yes', '--json'];
  const rejected = await runCommand(args, { sandbox });
  expect(JSON.parse(rejected.stdout)).toMatchObject({ status: 'rejected', rejection_note: 'Wrong prices' });
  expect(await run('files delete UF-1 --yes')).toMatchObject({ code: 0, stdout: 'UF-1  deleted\n' });
});

test('close: not while records have no invoice, unless that is wanted', async () => {
  await start({ files: [{ id: 'UF-1', status: 'accepted', records: 3 }] });
  const refused = await run('files close UF-1 --yes');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('3 of the 3 accepted records of UF-1 have no invoice');
  expect(posts()).toEqual([]);
  expect(await run('files close UF-1 --yes --without-invoice')).toMatchObject({
    code: 0,
    stdout: 'UF-1  closed\n',
  });
});

test('an answer that is lost: exit code 3, and how to find out', async () => {
  await start({
    files: [
      { id: 'UF-1', status: 'pending' },
      { id: 'UF-2', status: 'pending' },
    ],
    faults: [{ kind: 'resetAfter', when: { method: 'POST' } }],
  });
  const { code, stderr } = await run('files accept UF-1 UF-2 --yes');
  expect(code).toBe(3);
  expect(stderr).toContain('it is not known whether this was done with UF-1: ');
  expect(stderr).toContain('to find out: connect-usage files get UF-1\n');
  expect(stderr).toContain('nothing was done with UF-2');
  expect(sandbox.files.get('UF-2').status).toBe('pending');
});

test('an answer that cannot be read: what was asked for may be done', async () => {
  await start({
    files: [{ id: 'UF-1', status: 'pending' }],
    faults: [{ kind: 'badJson', when: { method: 'POST' } }],
  });
  const { code, stderr } = await run('files accept UF-1 --yes');
  expect(code).toBe(3);
  expect(stderr).toContain('it is not known whether this was done with UF-1: ');
  expect(sandbox.files.get('UF-1').status).toBe('accepted');
});

test('an interrupt between two files: the second is not touched', async () => {
  await start({
    files: FILES,
    products: PRODUCTS,
    faults: [{ kind: 'delay', ms: 300, when: { method: 'POST' } }],
  });
  const running = run('files accept UF-2 UF-3 --yes');
  while (sandbox.received === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  process.emit('SIGTERM');
  const { code, stdout, stderr } = await running;
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'UF-2  accepted\n' });
  expect(stderr).toContain('nothing was done with UF-3');
  expect(sandbox.files.get('UF-3').status).toBe('pending');
});
