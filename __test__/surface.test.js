'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const binding = require('../binding.js');
const connect = require('..');
const { Headers, Response } = require('../lib/connect/http/response');
const {
  declaredBelow,
  declaredMembers,
  declaredSurface,
  differences,
  missing,
  runningBelow,
  runningSurface,
  sampleOf,
} = require('./types/support/surface');

// Three descriptions of the package have to agree: `index.d.ts`, the running package, and what Rust declares.

const root = path.join(__dirname, '..');
const declarations = fs.readFileSync(path.join(root, 'index.d.ts'), 'utf8');
const declared = declaredSurface(declarations);
const running = runningSurface(connect);
const rust = binding.surface();
const below = { declared: declaredBelow(declarations), running: runningBelow(rust, connect) };
const all = {
  declared: { ...declared, ...below.declared },
  running: { ...running, ...below.running },
};

test('index.d.ts and the package have the same classes, members and numbers of parameters', () => {
  expect(Object.keys(running).length).toBeGreaterThan(0);
  expect(differences(declared, running)).toEqual([]);
});

test('so have the resources that are below others', () => {
  expect(Object.keys(below.running).length).toBeGreaterThan(10);
  expect(differences(below.declared, below.running)).toEqual([]);
});

test('what Rust declares is in index.d.ts and in the package', () => {
  expect(rust.flatMap(({ methods }) => methods).length).toBeGreaterThan(0);
  expect(missing(rust, all.declared, all.running)).toEqual([]);
});

test('what Rust declares, its own classes have', () => {
  for (const { className, methods } of rust) {
    const own = Object.getOwnPropertyNames(binding[className].prototype);
    expect(own).toEqual(expect.arrayContaining(methods.map(({ name }) => name)));
  }
});

test('each resource of a client is of the class that Rust declares', () => {
  const client = sampleOf(connect.ConnectClient, connect);
  for (const { property, className } of rust) {
    if (property !== '') expect(client[property]).toBeInstanceOf(connect[className]);
  }
});

test('every method declares that it takes the options of a call', () => {
  const classes = [...declarations.matchAll(/^export class (\w+)[^{]*\{\n([\s\S]*?)^\}$/gm)];
  const silent = [];
  let count = 0;
  for (const [, name, body] of classes) {
    for (const [, method, parameters] of body.matchAll(/^ {2}(\w+)\(([^;]*?)\): Promise</gm)) {
      if (['fetch', 'closeMany'].includes(method) || /Adapter$|^ConnectClient$/.test(name)) continue;
      count += 1;
      if (!/options\??: (Call|Download)Options/.test(parameters)) silent.push(`${name}.${method}`);
    }
  }
  expect(count).toBeGreaterThan(100);
  expect(silent).toEqual([]);
});

test('index.mjs exports the names of index.js, and the same values', () => {
  // Jest cannot import a module of the other kind; Node can.
  const program = `
    const required = require('./index.js');
    import('./index.mjs').then((imported) => {
      const names = Object.keys(imported).sort();
      const same = names.every((name) => imported[name] === required[name]);
      console.log(JSON.stringify({ names, same }));
    });`;
  const output = execFileSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({ names: Object.keys(connect).sort(), same: true });
});

test.each([
  '',
  'lib/connect',
  'lib/connect/api',
  'lib/connect/ops',
  'lib/connect/http',
  'lib/connect/api/errors',
])('ES modules can import the names of cloudblue-connect-native/%s', (deep) => {
  const file = JSON.stringify(path.join(root, deep, deep.endsWith('errors') ? '../errors.js' : 'index.js'));
  const program = `
      const names = Object.keys(require(${file})).sort();
      import(${file}).then((imported) => {
        console.log(names.filter((name) => imported[name] !== require(${file})[name]).join());
      });`;
  expect(execFileSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })).toBe('\n');
});

/** Everything that instances of a class of the package's own have by its prototype, in alphabetical order. */
function prototypeMembers(Class) {
  const name = (key) => (typeof key === 'symbol' ? `[${key.description}]` : key);
  return Reflect.ownKeys(Class.prototype)
    .map(name)
    .filter((key) => key !== 'constructor' && key !== '[nodejs.util.inspect.custom]')
    .sort();
}

test('a response and its headers have the members that are declared', () => {
  // The adapter sets `options` on the response.
  expect(declaredMembers(declarations, 'ConnectResponse')).toEqual(
    [...prototypeMembers(Response), 'options'].sort(),
  );
  expect(declaredMembers(declarations, 'ResponseHeaders')).toEqual(prototypeMembers(Headers));
  const response = new Response({ status: 200, headers: [], body: Buffer.from('x') });
  for (const name of ['getReader', 'pipeTo', 'pipeThrough', 'tee', 'cancel', 'pipe', 'on']) {
    expect(typeof response.body[name]).toBe('function');
  }
  expect(response.body.locked).toBe(false);
});

test('a client has the options that are declared', () => {
  const list = /there are (.*)$/;
  const refuse = () => new connect.ConnectClient('https://api.test', 'key', { timeout: 1, invented: 1 });
  expect(refuse).toThrow(list);
  let known = '';
  try {
    refuse();
  } catch (error) {
    known = list.exec(error.message)[1];
  }
  const options = declaredMembers(declarations, 'ClientOptions').filter((name) => name !== 'fetch');
  expect(known.split(', ').sort()).toEqual(options);
});

describe('the comparison can fail', () => {
  const OPTIONS = '    options?: CallOptions | null,\n';
  const NOTE = '    externalBillingNote?: string | null,\n';
  const close = `close(\n    id: Id,\n    externalBillingId?: string | null,\n${NOTE}${OPTIONS}`;

  test.each([
    [
      'a class less',
      'export class TimeoutError',
      'declare class TimeoutError',
      'TimeoutError: declared undefined, running class',
    ],
    [
      'a class more',
      'export class TimeoutError',
      'export class Invented {}\nexport class TimeoutError',
      'Invented: declared class, running undefined',
    ],
    [
      'a function for a class',
      'export class TimeoutError',
      'export function Invented(): void;\nexport class TimeoutError',
      'Invented: declared function, running undefined',
    ],
    [
      'another base',
      'UsageRecordResource extends GenericResource<',
      'UsageRecordResource extends HttpError<',
      'UsageRecordResource base: declared HttpError, running GenericResource',
    ],
    [
      'no base',
      'class HttpError extends Error',
      'class HttpError',
      'HttpError base: declared null, running Error',
    ],
    [
      'a method renamed',
      close,
      close.replace('close', 'shut'),
      'UsageChunkResource.shut: declared method/3, running undefined',
    ],
    [
      'a method less',
      close,
      close.replace('close', 'shut'),
      'UsageChunkResource.close: declared undefined, running method/3',
    ],
    [
      'a parameter less',
      close,
      close.replace(NOTE, ''),
      'UsageChunkResource.close: declared method/2, running method/3',
    ],
    [
      'a parameter more',
      close,
      close.replace(OPTIONS, `    more?: string,\n${OPTIONS}`),
      'UsageChunkResource.close: declared method/4, running method/3',
    ],
    [
      'a method for an accessor',
      'get baseUri(): string',
      'baseUri(): string',
      'GenericResource.baseUri: declared method/0, running get',
    ],
    [
      'a setter more',
      'get baseUri(): string;',
      'get baseUri(): string;\n  set baseUri(uri: string);',
      'GenericResource.baseUri: declared get set, running get',
    ],
    [
      'a property for an accessor',
      'get json(): any',
      'readonly json: any',
      'APIError.json: declared property, running get',
    ],
    [
      'a property more',
      '_baseUri: string',
      '_baseUri: string;\n  invented: string',
      'GenericResource.invented: declared property, running undefined',
    ],
    [
      'a property less',
      '  attempts?: number;',
      '',
      'HttpError.attempts: declared undefined, running property',
    ],
    [
      'a static method',
      '_baseUri: string',
      '_baseUri: string;\n  static of(id: Id): void',
      'static GenericResource.of: declared method/1, running undefined',
    ],
    [
      'a parameter more of a constructor',
      'constructor(client: ConnectClient);',
      'constructor(client: ConnectClient, more: 1);',
      'AccountResource parameters: declared 2, running 1',
    ],
    [
      'a constructor less',
      /(class AccountResource .*)\n.*\n {2}constructor\(client: ConnectClient\);/,
      '$1',
      'AccountResource parameters: declared 2, running 1',
    ],
  ])('for types with %s', (_what, right, wrong, difference) => {
    const changed = declarations.replace(right, wrong);
    expect(changed).not.toBe(declarations);
    expect(differences(declaredSurface(changed), running)).toContain(difference);
  });

  test.each([
    [
      'a class more',
      () => ({ ...connect, Invented: class Invented {} }),
      'Invented: declared undefined, running class',
    ],
    ['a value more', () => ({ ...connect, VERSION: '1' }), 'VERSION: declared undefined, running value'],
    ['a class less', () => ({ ...connect, APIError: undefined }), 'APIError: declared class, running value'],
    [
      'another class in its place',
      () => ({ ...connect, APIError: class APIError extends connect.HttpError {} }),
      'APIError.errorCode: declared get, running undefined',
    ],
  ])('for a package with %s', (_what, change, difference) => {
    expect(differences(declared, runningSurface(change()))).toContain(difference);
  });

  test.each([
    [
      'a field',
      (Class) =>
        class extends Class {
          extra = 1;
        },
      'GenericResource.extra: declared undefined, running property',
    ],
    [
      'a method',
      (Class) =>
        class extends Class {
          extra(_a, _b) {}
        },
      'GenericResource.extra: declared undefined, running method/2',
    ],
    [
      'a static method',
      (Class) =>
        class extends Class {
          static extra() {}
        },
      'static GenericResource.extra: declared undefined, running method/0',
    ],
  ])('for a class with %s of its own', (_what, extend, difference) => {
    const Extended = Object.defineProperty(extend(connect.GenericResource), 'name', {
      value: 'GenericResource',
    });
    const found = differences(declared, runningSurface({ ...connect, GenericResource: Extended }));
    expect(found).toContain(difference);
  });

  test('for Rust with a method, a resource or an answer more than the others know', () => {
    const method = { name: 'reopen', arity: 2, answer: 'json', verb: 'POST', path: '/{}/reopen' };
    const changed = rust.map((resource) => ({ ...resource, methods: [...resource.methods, method] }));
    const invented = { className: 'InventedResource', property: 'invented', path: '/x', methods: [method] };
    const found = missing([...changed, invented], all.declared, all.running);
    expect(found).toContain('index.d.ts UsageRecordResource.reopen: Rust declares method/2, found undefined');
    expect(found).toContain('package UsageRecordResource.reopen: Rust declares method/2, found undefined');
    expect(found).toContain('package ConnectClient.invented: Rust declares get, found undefined');
    expect(found).toContain(
      'index.d.ts ConnectClient.invented: Rust declares InventedResource, found undefined',
    );
    const silent = rust.map((r) => ({ ...r, methods: r.methods.map((m) => ({ ...m, answer: 'nothing' })) }));
    expect(missing(silent, all.declared, all.running)).toContain(
      'index.d.ts UsageRecordResource.close answer: Rust declares nothing, found json',
    );
  });

  test('but not for the options of a call, which follow the documented parameters', () => {
    const text = declarations.replace(close, close.replace(OPTIONS, ''));
    expect(text).not.toBe(declarations);
    expect(differences(declaredSurface(text), running)).toEqual([]);
  });
});
