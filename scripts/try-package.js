#!/usr/bin/env node
'use strict';

/**
 * Installs the packed packages into an empty project, without scripts and without a network, closes a record on the
 * sandbox with them, and loads them in worker threads. CI runs it on each platform.
 *
 *   node scripts/try-package.js dist [command...]    with another runtime than Node: `bun`, `deno run --allow-all`
 */

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { PLATFORMS, packageOf } = require('./build');
const { name, version } = require('../package.json');

const PROGRAM = `
import { ConnectClient } from 'cloudblue-connect-native';
import { startSandbox } from 'cloudblue-connect-native/testing';

const sandbox = await startSandbox({ records: 2 });
const client = new ConnectClient(sandbox.url, sandbox.apiKey);
const [id] = sandbox.records.keys();
const { status } = await client.usageRecords.close(id, 'INV-7', 'January');
await sandbox.close();
if (status !== 'closed') throw new Error(\`the record is \${status}\`);
console.log('closed a record on', process.platform, process.arch, process.version);
`;

/** Each thread loads the package and ends before the next one starts; the main thread does not load it. */
const THREADS = `
import { Worker } from 'node:worker_threads';

for (let i = 0; i < 4; i += 1) {
  const worker = new Worker("require('cloudblue-connect-native')", { eval: true });
  const code = await new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(\`a thread ended with \${code}\`);
}
console.log('loaded in threads');
`;

/** The package with the addon for this machine. */
function platformPackage() {
  const { platform, arch } = process;
  const { glibcVersionRuntime } = process.report.getReport().header;
  const libc = platform === 'linux' ? (glibcVersionRuntime ? 'glibc' : 'musl') : undefined;
  const found = Object.values(PLATFORMS).find(
    (one) => one.os === platform && one.cpu === arch && one.libc === libc,
  );
  if (!found) throw new Error(`there is no addon for ${platform} ${arch} ${libc || ''}`);
  return packageOf(found.name);
}

/** The file that npm packs a package in. */
const tarballOf = (name) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

function main([from, ...command]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-try-'));
  try {
    const tarballs = [name, platformPackage()].map((one) => path.resolve(from, tarballOf(one)));
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "name": "consumer", "private": true }');
    fs.writeFileSync(path.join(folder, 'use.mjs'), PROGRAM);
    fs.writeFileSync(path.join(folder, 'threads.mjs'), THREADS);
    const options = { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' };
    execFileSync(
      'npm',
      ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs],
      options,
    );
    const [runtime, ...args] = command.length > 0 ? command : [process.execPath];
    execFileSync(runtime, [...args, 'use.mjs'], { cwd: folder, stdio: 'inherit' });
    // Other runtimes have worker threads of their own kinds.
    if (runtime === process.execPath)
      execFileSync(runtime, ['threads.mjs'], { cwd: folder, stdio: 'inherit' });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2));
