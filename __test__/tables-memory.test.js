'use strict';

const fs = require('fs');
const path = require('path');
const { useFolder } = require('./support/folder');
const { printedBy } = require('./support/program');

jest.setTimeout(300000);

const folder = useFolder();
const ROWS = 1000000;

/** How many MB of memory may be needed besides what an idle process has; the file has 64. */
const MOST = 32;

/** Writes a CSV file of a million records. */
function writeRows(file) {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, 'id;external_billing_id;external_billing_note\r\n');
  for (let first = 0; first < ROWS; first += 10000) {
    const lines = Array.from({ length: 10000 }, (_, index) => {
      const number = `${first + index}`.padStart(8, '0');
      return `UR-2021-01-2023-8696-${number};INV-2021-01-0001;"Línea; ${number}"\r\n`;
    });
    fs.writeSync(out, lines.join(''));
  }
  fs.closeSync(out);
}

/** V8's young generation is bounded, as it grows to 48 MB. */
const flags = ['--expose-gc', '--max-semi-space-size=4'];

test.each([
  ['a file', 'file'],
  ['a stream', 'collected()'],
])('a million rows of %s are read within a bound of memory', async (_, source) => {
  const file = path.join(folder, 'million.csv');
  if (!fs.existsSync(file)) writeRows(file);
  const { count, last, more } = await printedBy(
    `
    const { readRecords } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const file = ${JSON.stringify(file)};
    const { peakMegabytes } = require(${JSON.stringify(require.resolve('./support/peakMemory'))});
    // What a stream leaves to be collected is not what reading it needs.
    const collected = async function* () {
      let count = 0;
      for await (const chunk of require('fs').createReadStream(file)) {
        count += 1;
        if (count % 64 === 0) gc();
        yield chunk;
      }
    };
    (async () => {
      // What the first reading loads belongs to the process.
      for await (const record of readRecords(Buffer.from('id\\nUR-1\\n')));
      const before = peakMegabytes();
      let count = 0;
      let last;
      for await (const record of readRecords(${source})) {
        count += 1;
        last = record;
      }
      console.log(JSON.stringify({ count, last, more: peakMegabytes() - before }));
    })();`,
    { flags },
  );
  expect(count).toBe(ROWS);
  expect(last).toMatchObject({ id: 'UR-2021-01-2023-8696-00999999', row: ROWS + 1 });
  expect(more).toBeLessThan(MOST);
});
