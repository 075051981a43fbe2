'use strict';

const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');
const { hasTerminal, runOnTerminal } = require('./support/terminal');
const { shown, stepsOf, writeTable } = require('./support/walkthrough');

// docs/operators.md is true: its commands run in its order on a terminal, and print what stands there.

const root = path.join(__dirname, '..');
const steps = stepsOf(fs.readFileSync(path.join(root, 'docs/operators.md'), 'utf8'));
const folder = useFolder();
const startSandbox = useSandboxes();

/** The command that runs: it does not outlive a test that fails. */
let terminal;
afterEach(() => terminal?.stop());

const FILES = [
  { id: 'UF-2021-01-3453-7567', status: 'pending', name: 'Backup', records: 8 },
  {
    id: 'UF-2021-02-3453-7567',
    status: 'pending',
    name: 'February',
    records: 40,
    period: { from: '2021-02-01', to: '2021-02-28' },
  },
];

/** The run that is killed gets the answer to its first request, and not those to the four after it, which are done. */
const REQUESTS = 5;
const CLOSE = { method: 'POST', path: /\/usage\/records\// };
const UNANSWERED = { kind: 'hang', processed: true, when: { ...CLOSE, from: 2, to: REQUESTS } };

/** The rows of January that the document leaves out: three customers in turn. */
const rest = () =>
  Array.from({ length: 648 }, (_, at) => [
    `${at + 3}`,
    'item.mpn',
    `VMH-${(at % 5) + 1}`,
    '10',
    '2.5',
    '2021-01-01',
    '2021-01-31',
    'asset.external_id',
    `${2009295 + (at % 3)}`,
  ]);

/** Puts the command on the PATH; gives the environment of the shell. */
function install(sandbox) {
  const shim = `#!/bin/sh\necho $$ > '${folder}/.pid'\nexec '${process.execPath}' '${root}/bin/connect-usage.js' "$@"\n`;
  fs.mkdirSync(path.join(folder, '.bin'));
  fs.writeFileSync(path.join(folder, '.bin/connect-usage'), shim, { mode: 0o755 });
  fs.writeFileSync(path.join(folder, 'key.txt'), `${sandbox.keys.provider}\n`);
  fs.writeFileSync(path.join(folder, 'vendor.env'), `CONNECT_API_KEY=${sandbox.keys.vendor}\n`);
  const { CONNECT_API_KEY: _key, ...env } = process.env;
  return {
    ...env,
    PATH: `${path.join(folder, '.bin')}:${env.PATH}`,
    CONNECT_ENDPOINT: sandbox.url,
    NO_PROXY: '*',
  };
}

/** Ends the command as a power failure does, when it has sent those requests. */
async function kill(sandbox) {
  const isHalfDone = () =>
    sandbox.requests.filter(({ method, path: url }) => method === CLOSE.method && CLOSE.path.test(url))
      .length >= REQUESTS;
  while (!isHalfDone()) await new Promise((resolve) => setTimeout(resolve, 10));
  process.kill(Number(fs.readFileSync(path.join(folder, '.pid'), 'utf8')), 'SIGKILL');
}

/** Runs a command as the document has it; gives what the terminal shows. */
async function run({ command, output }, { before, env, sandbox }) {
  terminal = runOnTerminal(['bash', '-c', [...before, command].join('\n')], { cwd: folder, env });
  for (const [, answer] of output.matchAll(/\[y\/N\] (.*)$/gm)) {
    await terminal.until(/\[y\/N\] $/);
    terminal.type(`${answer}\n`);
  }
  const isKilled = /^Killed$/m.test(output);
  if (isKilled) await kill(sandbox);
  await terminal.ended;
  const text = shown(terminal.text());
  // How far the bar got is a matter of chance; the last word is that of an interactive shell.
  return isKilled ? `${text.replace(/\n\[#*-+\].*$/, '')}\nKilled` : text;
}

/** The commands of a text, without what differs between shells. */
const commandLines = (text) => text.match(/\bconnect-usage [^;\n]*/g) ?? [];

test('PowerShell is shown the same commands', () => {
  const all = steps.flatMap(({ commands = [] }) => commands.flatMap(({ command }) => commandLines(command)));
  const powershell = steps.flatMap(({ powershell: text = '' }) => commandLines(text));
  expect(powershell.length).toBeGreaterThan(0);
  expect(all).toEqual(expect.arrayContaining(powershell));
});

(hasTerminal ? test : test.skip)(
  'a month is closed as the document says',
  async () => {
    const sandbox = await startSandbox({ records: [], files: FILES, hubs: 2, faults: [UNANSWERED] });
    const env = install(sandbox);
    const before = [];
    for (const { commands = [], table } of steps) {
      if (table !== undefined) await writeTable(folder, table, rest);
      for (const { command, output } of commands) {
        const printed = await run({ command, output }, { before, env, sandbox });
        expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${shown(output)}`);
        if (command.startsWith('export ')) before.push(command);
      }
    }
    const records = [...sandbox.records.values()].filter(({ usagefile }) => usagefile.name !== 'Backup');
    expect(records).toHaveLength(690);
    // Each was closed once, and with the invoice that the document gives it.
    const wrong = records.filter(
      ({ id, external_billing_id: invoice, asset_external_id: customer, usagefile }) =>
        sandbox.closures.get(id)?.length > 1 ||
        (usagefile.name === 'January'
          ? invoice !== `INV-${Number(customer) - 2009295 + 1001}`
          : !['INV-2001', '123456789012'].includes(invoice)),
    );
    expect(wrong).toEqual([]);
    expect([...sandbox.files.values()].map(({ status }) => status)).toEqual(['rejected', 'closed', 'closed']);
  },
  180_000,
);
