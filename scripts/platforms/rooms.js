'use strict';

const fs = require('fs');
const path = require('path');
const debian = require('./debian');
const { Unavailable, base, obtain, once, perform, root, run, tail } = require('./run');

/**
 * The folders in which the addon runs. Each is the root of all that runs in it (chroot), with nothing of this machine but the
 * checkout, at its usual path, and Linux' own file systems. Mounts and processes have namespaces of their own: when the
 * command ends, however it ends, they are gone.
 */

const QEMU = { packages: ['qemu-user'], only: ['./usr/bin/qemu-aarch64'] };
const SHELL = { packages: ['busybox-static'], only: ['./usr/bin/busybox'] };
/** Node, for the programs that tests start as well. */
const EMULATED = '#!/bin/sh\nexec /usr/bin/qemu-aarch64 "$CONNECT_NODE" "$@"\n';

/** WINEPATH: Debian's wine finds its zlib1.dll by way of a link that a script of its package makes. */
const WINE = `#!/bin/sh
export WINEPREFIX=/root/prefix WINEARCH=win64 WINEDLLOVERRIDES='mscoree,mshtml=' WINEPATH='Z:\\usr\\x86_64-w64-mingw32\\lib'
export WINEDEBUG=-all PATH=/usr/lib/wine:/usr/bin
if [ ! -e "$WINEPREFIX.made" ]; then
  wine64 wineboot --init && wineserver -w && : >"$WINEPREFIX.made" || exit 1
fi
wine64 "$CONNECT_NODE" "$@"
status=$?
wineserver -k
wineserver -w
exit "$status"
`;

/**
 * - parts: what is unpacked into it, each with the paths that are wanted, if not all
 * - start: the script that starts Node, if it is not started directly
 * - exec: whether the script is what programs call Node by
 */
const ROOMS = {
  'musl-x64': { parts: [{ packages: ['musl'] }] },
  'glibc-arm64': {
    parts: [QEMU, { packages: ['libc6:arm64', 'libstdc++6:arm64', 'libgcc-s1:arm64'] }],
    start: EMULATED,
    isExecPath: true,
  },
  'musl-arm64': { parts: [QEMU, { packages: ['musl:arm64'] }], start: EMULATED, isExecPath: true },
  // Of wine's dependencies only what a program without windows needs.
  'wine-x64': {
    parts: [
      { packages: ['wine64', 'libwine', 'libz-mingw-w64', 'libc6', 'libgcc-s1', 'libunwind8', 'liblzma5'] },
    ],
    start: WINE,
  },
};

const START = '/usr/bin/start-node';

/** As on Alpine, where `ldd` is musl's: from it the loader (binding.js) knows that this is musl. */
const MUSL_LDD = '#!/bin/sh\nexec /lib/ld-musl-*.so.1 --list -- "$@"\n';

/** Makes a room, and returns its folder. */
function prepareRoom(name) {
  const recipe = ROOMS[name];
  return once(path.join(base, 'rooms', name), recipe, async (room) => {
    for (const { packages, only } of [SHELL, ...recipe.parts]) await debian.unpack(packages, room, only);
    for (const folder of ['bin', 'lib', 'lib64']) fs.symlinkSync(`usr/${folder}`, path.join(room, folder));
    for (const folder of ['dev', 'etc', 'proc', 'root', 'tmp', 'usr/bin']) {
      fs.mkdirSync(path.join(room, folder), { recursive: true });
    }
    fs.symlinkSync('busybox', path.join(room, 'usr/bin/sh'));
    fs.writeFileSync(path.join(room, 'etc/hosts'), '127.0.0.1 localhost\n');
    fs.writeFileSync(path.join(room, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    const write = (file, text) => fs.writeFileSync(path.join(room, file), text, { mode: 0o755 });
    if (name.startsWith('musl')) write('usr/bin/ldd', MUSL_LDD);
    if (recipe.start) write(START, recipe.start);
  });
}

/**
 * Mounts what a room needs, and runs a command in it. The checkout's place is made each time: it can be below /tmp, and was
 * another one if the folder was moved. `$0` is the room, `$1` the checkout, `$2` the working folder.
 */
const ENTER = `set -e
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mount -t tmpfs tmpfs "$0/tmp"
mkdir -p "$0$1"
mount --bind "$1" "$0$1"
folder=$2; shift 2
exec unshare --root="$0" --wd="$folder" -- "$@"`;

/**
 * Runs Node in a room.
 *
 * @param {string} name The room's name.
 * @param {string} room Its folder.
 * @param {string} node The path of its Node.
 * @param {string[]} args Node's arguments.
 * @param {{ folder: string, log: string, minutes: number }} options Where it runs, and its log.
 */
function runNode(name, room, node, args, { folder, log, minutes }) {
  const { start, isExecPath } = ROOMS[name];
  const env = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    CI: 'true',
    NODE_ENV: 'test',
    CONNECT_NODE: node,
    // Compiling takes long where it is emulated.
    NODE_COMPILE_CACHE: path.join(base, 'compiled', name),
    ...(isExecPath && {
      CONNECT_EXEC_PATH: START,
      // In quotation marks, as the folder's name may have a space.
      NODE_OPTIONS: `--require=${JSON.stringify(path.join(__dirname, 'exec-path.js'))}`,
    }),
  };
  const unshare = ['unshare', '--mount', '--propagation=private', '--pid', '--fork', '--kill-child'];
  const enter = ['sh', '-c', ENTER, room, root, folder];
  return run(log, [...unshare, ...enter, start ? START : node, ...args], { env, minutes });
}

/** Whether this machine lets us mount and change the root. */
async function needRooms() {
  const result = await run('rooms', [
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    'mount',
    '-t',
    'proc',
    'proc',
    '/proc',
  ]);
  if (result !== 0) throw new Unavailable(`mounting needs root: ${tail('rooms', 1)}`);
}

/** Obtains a Node, and returns its path. */
async function prepareNode({ from, name, version, platform, bin }) {
  const folder = path.join(base, 'nodes', platform ?? name);
  await once(folder, [name, version], async () => {
    if (from === 'npm') {
      await obtain('nodes', ['npm', 'pack', '--silent', '--pack-destination', folder, `${name}@${version}`]);
      await perform('nodes', ['sh', '-c', 'tar -xzf ./*.tgz && rm ./*.tgz'], { cwd: folder });
    } else {
      const pip = ['python3', '-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
      const only = ['--only-binary=:all:', '--platform', platform, '--dest', folder];
      await obtain('nodes', [...pip, ...only, `${name}==${version}`]);
      await perform('nodes', ['sh', '-c', 'python3 -m zipfile -e ./*.whl . && rm ./*.whl'], { cwd: folder });
    }
    fs.chmodSync(path.join(folder, bin), 0o755);
  });
  return path.join(folder, bin);
}

module.exports = { needRooms, prepareNode, prepareRoom, runNode };
