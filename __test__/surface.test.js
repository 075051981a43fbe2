'use strict';

const { execFileSync } = require('child_process');
const path = require('path');
const binding = require('../binding.js');
const connect = require('..');
const { Response } = require('../lib/internal/transport/response');
const { Headers } = require('../lib/internal/transport/responseHeaders');
const {
  declaredClasses,
  declaredFunctions,
  declaredNames,
  membersOf,
  runningClasses,
  runningMembers,
} = require('./types/support/surface');

// `index.d.ts`, the running package and what Rust declares have to agree.

const root = path.join(__dirname, '..');
const declared = declaredClasses();
const running = runningClasses(connect);
const client = new connect.ConnectClient('https://api.test', 'ApiKey SU-000-000:secret');

test('index.d.ts declares the classes and functions that the package exports', () => {
  const functions = declaredFunctions();
  expect([...Object.keys(declared), ...Object.keys(functions)].sort()).toEqual(Object.keys(connect).sort());
  expect(Object.keys(declared)).toEqual(expect.arrayContaining(Object.keys(running)));
  const lengths = Object.keys(functions).map((name) => [name, connect[name].length]);
  expect(Object.fromEntries(lengths)).toEqual(functions);
});

test.each(Object.keys(running))(
  '%s has the members, and the numbers of parameters, that are declared',
  (name) => {
    expect(running[name]).toEqual(declared[name]);
  },
);

describe('the resources below others', () => {
  const below = binding
    .metadata()
    .flatMap(({ className, property, children }) =>
      property === '' ? [] : children.map((child) => [`${className}.${child.name}`, property, child]),
    );

  test.each(below)('%s', (_, property, { name, className }) => {
    const { _client, _baseUri, ...members } = runningMembers(client[property][name]('X-1'));
    expect({ ...members, _client, _baseUri }).toEqual(membersOf(className));
  });
});

test('each resource of a client is of the class that Rust declares', () => {
  for (const { property, className } of binding.metadata()) {
    if (property !== '') expect(client[property]).toBeInstanceOf(connect[className]);
  }
});

test('index.mjs exports the names of index.js, and the same values; by default, all of it', () => {
  // Jest cannot import a module of the other kind; Node can.
  const program = `
    const required = require('./index.js');
    import('./index.mjs').then(({ default: all, ...imported }) => {
      const names = Object.keys(imported).sort();
      const same = all === required && names.every((name) => imported[name] === required[name]);
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
  expect(declaredNames('ConnectResponse')).toEqual([...prototypeMembers(Response), 'options'].sort());
  expect(declaredNames('ResponseHeaders')).toEqual(prototypeMembers(Headers));
  const response = new Response({ status: 200, headers: [], body: Buffer.from('x') });
  for (const name of ['getReader', 'pipeTo', 'pipeThrough', 'tee', 'cancel', 'pipe', 'on']) {
    expect(typeof response.body[name]).toBe('function');
  }
  expect(response.body.locked).toBe(false);
});

test('a client has the options that are declared', () => {
  const list = /known options: (.*)$/;
  const refuse = () => new connect.ConnectClient('https://api.test', 'key', { timeout: 1, invented: 1 });
  expect(refuse).toThrow(list);
  let known = '';
  try {
    refuse();
  } catch (error) {
    known = list.exec(error.message)[1];
  }
  const options = declaredNames('ClientOptions').filter((name) => name !== 'fetch');
  expect(known.split(', ').sort()).toEqual(options);
});
