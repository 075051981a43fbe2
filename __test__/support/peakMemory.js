'use strict';

const fs = require('fs');

/**
 * The most memory this process has had since its program was started, in MB.
 *
 * Not `resourceUsage().maxRSS`: Linux keeps that over `exec`, so a program that a large process starts begins with the
 * peak of its parent. Then a bound is exceeded by memory of the test runner, and growth below that peak is not seen.
 */
function peakMegabytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  return Number(kilobytes) / 1024;
}

module.exports = { peakMegabytes };
