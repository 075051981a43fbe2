'use strict';

const { spawnSync } = require('child_process');
const path = require('path');

/** The folder that `pip install --target` put requirements.txt into; none where the parser is not to be had. */
const folder = process.env.CONNECT_LIB_RQL;

/**
 * Has the server's parser read queries, all in one process.
 *
 * @param {string[]} queries As the server has them: percent-decoded.
 * @returns {object[]} Of each `{ values }`, or `{ error }` if it was refused.
 */
function parseAll(queries) {
  const { status, stdout, stderr, error } = spawnSync('python3', [path.join(__dirname, 'parse.py')], {
    input: queries.map((query) => `${JSON.stringify(query)}\n`).join(''),
    encoding: 'utf8',
    // No bytecode: nothing is written beside the test.
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 1 << 26,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`the parser ended with ${status}: ${stderr}`);
  const answers = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  if (answers.length !== queries.length) throw new Error(`${answers.length} answers to ${queries.length}`);
  return answers;
}

module.exports = { folder, parseAll };
