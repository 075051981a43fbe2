'use strict';

const fs = require('fs');
const path = require('path');
const { promisify } = require('util');
const {
  CJS,
  ESM,
  THREAD,
  THREADS,
  folder,
  isReady,
  lend,
  node,
  root,
  run,
  testPackage,
  tools,
  write,
} = require('./support/installed');

// The published package in bundles, and in other versions of Node, Bun and Deno.

testPackage('esbuild, with the package left outside', async () => {
  const bundle = path.join(folder, 'bundled/esbuild.cjs');
  const entry = write('bundle.js', CJS);
  const { buildSync } = require(path.join(tools, 'esbuild'));
  buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    outfile: bundle,
    external: ['cloudblue-connect-native', 'cloudblue-connect-native/*'],
  });
  expect(await node(bundle)).toBe('closed\n');
});

testPackage('esbuild, minified, with the addon copied beside the bundle', async () => {
  const bundle = path.join(folder, 'whole/esbuild.cjs');
  lend('node-fetch', path.join(root, 'node_modules'));
  const { build } = require(path.join(tools, 'esbuild'));
  const { errors, metafile } = await build({
    entryPoints: [write('bundle.js', CJS)],
    bundle: true,
    platform: 'node',
    outfile: bundle,
    loader: { '.node': 'copy' },
    // Classes lose their names by it.
    minify: true,
    metafile: true,
    logLevel: 'silent',
  });
  expect(errors).toEqual([]);
  // It is there for whoever wants it, and no dependency of ours.
  expect(Object.keys(metafile.inputs).filter((file) => file.includes('node-fetch'))).toEqual([]);
  expect(await node(bundle)).toBe('closed\n');
});

testPackage(
  '@vercel/nft, which serverless platforms pack with, takes the addon along and nothing of others',
  async () => {
    lend('node-fetch', path.join(root, 'node_modules'));
    const { nodeFileTrace } = require(path.join(tools, '@vercel/nft'));
    const { fileList } = await nodeFileTrace([write('bundle.js', CJS)], { base: '/' });
    const files = [...fileList];
    expect(files.filter((file) => file.endsWith('.node'))).toHaveLength(1);
    expect(files.filter((file) => file.includes('node-fetch'))).toEqual([]);
  },
);

testPackage('webpack, with the package left outside', async () => {
  const webpack = require(path.join(tools, 'webpack'));
  const stats = await promisify(webpack)({
    mode: 'production',
    target: 'node',
    context: folder,
    entry: write('bundle.js', CJS),
    output: { path: path.join(folder, 'bundled'), filename: 'webpack.cjs' },
    externals: [/^cloudblue-connect-native/],
    externalsType: 'commonjs',
  });
  expect(stats.compilation.errors).toEqual([]);
  expect(await node(path.join(folder, 'bundled/webpack.cjs'))).toBe('closed\n');
});

if (isReady && process.platform === 'linux' && process.arch === 'x64') {
  test.each([18, 20, 22, 24, 26])('Node %i', async (major) => {
    const bin = path.join(tools, `node${major}/bin/node`);
    expect(await run(bin, ['--version'])).toMatch(`v${major}.`);
    expect(await run(bin, [write('use.cjs', CJS)])).toBe('closed\n');
    expect(await run(bin, [write('use.mjs', ESM)])).toBe('closed\n');
    write('worker.cjs', THREAD);
    expect(await run(bin, [write('threads.cjs', THREADS)])).toBe('closed closed closed closed\n');
  });

  test.each([22, 24, 26])(
    'Node %i with permission for nothing but the two packages and addons',
    async (major) => {
      const file = write(
        'load.cjs',
        "console.log(typeof require('cloudblue-connect-native').ConnectClient);",
      );
      const modules = path.join(fs.realpathSync(folder), 'node_modules');
      const flags = [
        '--permission',
        '--allow-addons',
        `--allow-fs-read=${modules}/cloudblue-connect-native*`,
        `--allow-fs-read=${modules}/@cloudblue-connect-native*`,
        `--allow-fs-read=${file}`,
      ];
      expect(await run(path.join(tools, `node${major}/bin/node`), [...flags, file])).toBe('function\n');
    },
  );

  test('Bun', async () => {
    expect(await run(path.join(tools, '@oven/bun-linux-x64/bin/bun'), [write('use.mjs', ESM)])).toBe(
      'closed\n',
    );
  });

  test('Deno', async () => {
    const bin = path.join(tools, '@deno/linux-x64-glibc/deno');
    const args = ['run', '--allow-all', '--node-modules-dir=manual', write('use.mjs', ESM)];
    expect(await run(bin, args)).toBe('closed\n');
  });
}
