'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Unavailable, base, obtain, perform } = require('./run');

/**
 * Debian's packages, of a release of our choice and of any architecture, from the archive that the machine itself uses. The
 * machine's own sources, lists and packages stay as they are: apt has a root of its own, and packages are only unpacked.
 */

const RELEASE = 'trixie';
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

const apt = path.join(base, 'apt');
const env = { ...process.env, APT_CONFIG: path.join(apt, 'apt.conf') };

/** Where the machine gets its own release from. */
function archive() {
  try {
    const [, codename] = /^VERSION_CODENAME=(\w+)$/m.exec(fs.readFileSync('/etc/os-release', 'utf8')) ?? [];
    const uris = execFileSync('apt-get', ['--print-uris', 'update'], { encoding: 'utf8' });
    const [, uri] = new RegExp(`^'(\\S+)/dists/${codename}/InRelease'`, 'm').exec(uris) ?? [];
    if (uri === undefined) throw new Error(`apt has no source of its release ${codename ?? ''}`.trim());
    fs.accessSync(KEYS);
    return uri;
  } catch (error) {
    throw new Unavailable(`this machine has no archive of Debian: ${error.message.split('\n')[0]}`);
  }
}

let prepared;
/** Downloads the lists, once a run. */
function prepare() {
  prepared ??= (async () => {
    const uri = archive();
    for (const folder of ['lists/partial', 'archives/partial', 'debs']) {
      fs.mkdirSync(path.join(apt, folder), { recursive: true });
    }
    // No package is installed in this root.
    fs.writeFileSync(path.join(apt, 'status'), '');
    const sources = {
      Types: 'deb',
      URIs: uri,
      Suites: `${RELEASE} ${RELEASE}-backports`,
      Components: 'main',
      Architectures: 'amd64 arm64',
      'Signed-By': KEYS,
    };
    const lines = Object.entries(sources).map(([name, value]) => `${name}: ${value}\n`);
    fs.writeFileSync(path.join(apt, 'platforms.sources'), lines.join(''));
    const settings = {
      'APT::Architecture': 'amd64',
      'APT::Architectures': 'amd64,arm64',
      'APT::Sandbox::User': process.getuid() === 0 ? 'root' : '',
      'Dir::Etc::SourceList': path.join(apt, 'platforms.sources'),
      'Dir::Etc::SourceParts': '/dev/null',
      'Dir::Etc::PreferencesParts': '/dev/null',
      'Dir::State': apt,
      'Dir::State::status': path.join(apt, 'status'),
      'Dir::Cache': apt,
    };
    const text = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
    fs.writeFileSync(env.APT_CONFIG, text.join(''));
    await obtain('apt', ['apt-get', 'update', '--quiet'], { env });
  })();
  return prepared;
}

/**
 * Unpacks packages into a folder. No script of theirs runs, and nothing is unpacked that they depend on.
 *
 * @param {string[]} packages Their names: `musl:arm64`, `rust-src=1.95.0`, where a version may be the beginning of one.
 * @param {string} folder Where to.
 * @param {string[]} [only] The paths that are wanted, if not all.
 */
async function unpack(packages, folder, only = []) {
  await prepare();
  const names = packages.map(exactly);
  const place = path.join(apt, 'debs');
  await obtain('apt', ['apt-get', 'download', '--quiet', ...names], { env, cwd: place });
  const uris = execFileSync('apt-get', ['download', '--print-uris', ...names], { env, encoding: 'utf8' });
  for (const [, file] of uris.matchAll(/^'[^']+' (\S+)/gm)) {
    const script = 'set -o pipefail; dpkg-deb --fsys-tarfile "$0" | tar -x -C "$@"';
    await perform('apt', ['bash', '-c', script, path.join(place, file), folder, ...only]);
    fs.rmSync(path.join(place, file));
  }
}

/** A name with the whole version, if it has the beginning of one. */
function exactly(name) {
  const [wanted, version] = name.split('=');
  if (version === undefined) return name;
  const lines = execFileSync('apt-cache', ['madison', wanted], { env, encoding: 'utf8' });
  const versions = lines.split('\n').map((line) => (line.split('|')[1] ?? '').trim());
  const found = versions.find((one) => one === version || one.startsWith(`${version}+`));
  if (found === undefined) throw new Unavailable(`Debian's ${RELEASE}-backports has no ${name}`);
  return `${wanted}=${found}`;
}

module.exports = { unpack };
