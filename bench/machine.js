'use strict';

/** What was measured, and on what. */

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { root } = require('./processes');

const PEERS = ['sdk22', 'undici', 'node-fetch', 'axios', 'got'];

function versionOf(name) {
  const file = path.join(root, 'node_modules', name, 'package.json');
  return JSON.parse(fs.readFileSync(file, 'utf8')).version;
}

/** The size of the addon that this machine uses, in bytes. */
function addonBytes() {
  const [addon] = fs.readdirSync(root).filter((file) => file.endsWith('.node'));
  return fs.statSync(path.join(root, addon)).size;
}

/** The machine and the versions, as they go into the results. */
function describe() {
  const rustc = execFileSync('rustc', ['--version'], { encoding: 'utf8' }).split(' ')[1];
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: os.cpus()[0].model.trim(),
    cores: os.cpus().length,
    memoryGb: Math.round(os.totalmem() / (1 << 30)),
    system: `${os.type()} ${os.release().split('-')[0]} ${os.arch()}`,
    node: process.versions.node,
    globalFetch: process.versions.undici ?? null,
    rust: rustc,
    ours: require('../package.json').version,
    ...Object.fromEntries(PEERS.map((name) => [name, versionOf(name)])),
  };
}

module.exports = { addonBytes, describe };
