'use strict';

const fs = require('fs');
const path = require('path');
const { Readable, Writable } = require('stream');
const { main } = require('../../lib/internal/cli/main');

const SECRET = 'topsecret';
const KEY = `ApiKey SU-000-000:${SECRET}`;

/** A stream that keeps what is written to it. */
function sink(isTTY) {
  const texts = [];
  const stream = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        texts.push(`${chunk}`);
        done();
      },
    }),
    { isTTY, columns: 80 },
  );
  return { stream, text: () => texts.join('') };
}

/**
 * Runs `connect-usage` in this process.
 *
 * @param {string[]} args Its arguments.
 * @param {object} options `sandbox`; `terminal`: whether it runs on one; `input`: what is typed, or comes from a pipe.
 * @returns {Promise<object>} `{ code, stdout, stderr }`.
 */
async function runCommand(args, { sandbox, terminal = false, input = '' }) {
  const [stdout, stderr] = [sink(terminal), sink(terminal)];
  const stdin = Object.assign(Readable.from(input.length > 0 ? [input] : []), { isTTY: terminal });
  const env = { CONNECT_ENDPOINT: sandbox.url, CONNECT_API_KEY: KEY };
  const code = await main(args, { env, stdin, stdout: stdout.stream, stderr: stderr.stream });
  const said = { code, stdout: stdout.text(), stderr: stderr.text() };
  expect(said.stdout + said.stderr).not.toContain(SECRET);
  return said;
}

/** Writes a CSV file of records into a folder; gives its path. */
function writeCsv(folder, name, rows, header = 'id,external_billing_id,external_billing_note') {
  const file = path.join(folder, name);
  fs.writeFileSync(file, `${[header, ...rows].join('\n')}\n`);
  return file;
}

/** The requests of a sandbox that would close something. */
const closings = ({ requests }) => requests.filter(({ path: url }) => /\/close/.test(url));

module.exports = { KEY, closings, runCommand, writeCsv };
