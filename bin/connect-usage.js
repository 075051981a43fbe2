#!/usr/bin/env node
'use strict';

const { main } = require('../lib/cli/main');

// Who reads no further, as `head` does, has had enough; that is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
