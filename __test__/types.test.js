'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { compile, folder, root } = require('./types/support/compile');

jest.setTimeout(120000);

const nodeTypes = { types: ['node'], typeRoots: [path.join(root, 'node_modules', '@types')] };
const dom = { lib: ['es2020', 'dom', 'dom.iterable'] };

const RESOLUTIONS = [
  ['node16', { module: 'node16', moduleResolution: 'node16' }],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ['node10', { module: 'commonjs', moduleResolution: 'node10' }],
];

const PLATFORMS = [
  ['the bare language', {}, ['use.ts', 'refuse.ts']],
  ['the bare language of 2018', { lib: ['es2018'], target: 'es2018' }, ['use.ts', 'refuse.ts']],
  ['@types/node', nodeTypes, ['use.ts', 'refuse.ts', 'node.ts']],
  ['the DOM library', dom, ['use.ts', 'refuse.ts', 'dom.ts']],
  ['both', { ...dom, ...nodeTypes }, ['use.ts', 'refuse.ts', 'node.ts', 'dom.ts']],
];

describe.each(RESOLUTIONS)('with moduleResolution %s', (_name, resolution) => {
  // An unused `@ts-expect-error` is an error: what is to be refused and is not fails here, too.
  test.each(PLATFORMS)(
    'and %s, what is right compiles and what is wrong does not',
    (_platform, over, files) => {
      expect(compile(files, { ...resolution, ...over })).toEqual([]);
    },
  );
});

test('compiles with the strictest options that are not part of --strict', () => {
  const stricter = {
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
  };
  expect(compile(['use.ts'], stricter)).toEqual([]);
});

test('compiles with the newest TypeScript, whose compiler is another program', () => {
  // Its own configuration: the files of `tsconfig.json` with and without the types of Node.
  const tsc = path.join(root, 'node_modules', 'typescript7', 'bin', 'tsc');
  for (const more of [[], ['--types', 'node', '--typeRoots', path.join(root, 'node_modules', '@types')]]) {
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder, ...more], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  }
  const { status } = spawnSync(process.execPath, [tsc, '-p', folder, '--types', 'missing'], {
    encoding: 'utf8',
  });
  expect(status).not.toBe(0);
});

/** Which errors a file announces, as `// @ts-expect-error 2345: why` before the line. */
function announced(file) {
  const lines = fs.readFileSync(path.join(folder, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (!line.includes('@ts-expect-error')) return [];
    const code = /@ts-expect-error (\d+): ./.exec(line);
    return [{ file, line: index + 2, code: code === null ? NaN : Number(code[1]) }];
  });
}

// `@ts-expect-error` is content with any error, a misspelt name in the test for example. So the errors are
// looked at without it.
test.each([
  ['refuse.ts', {}],
  ['node.ts', nodeTypes],
  ['dom.ts', dom],
])('%s is refused for the reasons that it gives', (file, over) => {
  const show = (text, name) => (name.endsWith('.d.ts') ? text : text.replaceAll('@ts-expect-error', ''));
  const found = compile([file], over, show).map(({ text, ...where }) => where);
  expect(announced(file).length).toBeGreaterThan(0);
  expect(found).toEqual(announced(file));
});

// The proof that these tests can fail: types that lie are found.
describe.each([
  ['an id that may be anything', 'export type Id = string | number | bigint;', 'export type Id = any;', 2578],
  [
    'a filter with any operator',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a type.
    '[field: `${Initial | Uppercase<Initial>}${string}`]: FieldFilter;',
    '[field: string]: any;',
    2578,
  ],
  ['an operator less', '  $ilike?: string | null | undefined;', '', 2353],
  ['a method less', '  get(id: Id, options?: CallOptions | null): Promise<T>;', '', 2339],
  ['a Buffer of Node, unguarded', '  buffer(): Promise<NodeBuffer>;', '  buffer(): Promise<Buffer>;', 2591],
  ['a Blob of the DOM, unguarded', '  blob(): Promise<PlatformBlob>;', '  blob(): Promise<Blob>;', 2304],
])('a declaration with %s', (_what, right, wrong, code) => {
  test('does not pass', () => {
    let changed = 0;
    const found = compile(['use.ts', 'refuse.ts'], {}, (text, name) => {
      if (!name.startsWith(path.join(root, 'types')) || !text.includes(right)) return text;
      changed += 1;
      return text.replace(right, wrong);
    });
    expect(changed).toBeGreaterThan(0);
    expect(found.map((error) => error.code)).toContain(code);
  });
});

describe('an installed package', () => {
  let project;

  beforeAll(() => {
    project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'connect-types-')));
    fs.mkdirSync(path.join(project, 'node_modules'));
    fs.symlinkSync(root, path.join(project, 'node_modules', 'cloudblue-connect-native'), 'junction');
    const program = [
      "import { ConnectClient } from 'cloudblue-connect-native';",
      "const client = new ConnectClient('https://api.test', 'ApiKey SU-000-000:secret');",
      "export const status: Promise<string | null | undefined> = client.usageRecords.get('UR-1').then((r) => r.status);",
      '// @ts-expect-error: it is not `any` for want of types.',
      'client.nothingOfThatName();',
    ];
    for (const name of ['cjs.cts', 'esm.mts', 'plain.ts']) {
      fs.writeFileSync(path.join(project, name), program.join('\n'));
    }
  });

  afterAll(() => fs.rmSync(project, { recursive: true, force: true }));

  test.each(RESOLUTIONS)('is found with its types by moduleResolution %s', (_name, resolution) => {
    const files = ['cjs.cts', 'esm.mts', 'plain.ts'].map((name) => path.join(project, name));
    expect(compile(files, { ...resolution, paths: {} })).toEqual([]);
  });
});
