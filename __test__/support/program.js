'use strict';

const { execFile } = require('child_process');

/**
 * Runs a program in a process of its own; resolves to the JSON that it prints.
 *
 * @param {string} program Its source.
 * @param {object} [options] `args`: its arguments, from `process.argv[1]`; `flags`: Node's own.
 */
function printedBy(program, { args = [], flags = [] } = {}) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, '-e', program, ...args], (error, stdout, stderr) =>
      error ? reject(new Error(stderr || error.message)) : resolve(JSON.parse(stdout)),
    );
  });
}

module.exports = { printedBy };
