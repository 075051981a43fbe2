#!/usr/bin/env node
'use strict';

const { main } = require('../lib/internal/cli/main');

// A reader that stops early, such as `head`, is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
