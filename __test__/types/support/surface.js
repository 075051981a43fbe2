'use strict';

/**
 * Describes the classes of the package in one form, once as `index.d.ts` declares them and once as they run:
 * `{ base, parameters, statics, members }`, where `members` maps a name to `method/<parameters>`, `get`, `get set` or
 * `property`, inherited ones included.
 */

const path = require('path');
const ts = require('typescript');

const root = path.join(__dirname, '../../..');
const program = ts.createProgram([path.join(root, 'index.d.ts')], {
  strict: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
});
const checker = program.getTypeChecker();
const exported = new Map(
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path.join(root, 'index.d.ts'))))
    .map((symbol) => [
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ]),
);

const isOurs = ({ declarations = [] }) =>
  declarations.some((node) => !program.isSourceFileDefaultLibrary(node.getSourceFile()));

/** The parameters that count for a function's `length`: all but the options of a call, which may follow them. */
const countParameters = ({ parameters }) =>
  parameters.filter(({ type }) => !/^(Call|Download)Options\b/.test(type?.getText() ?? '')).length;

const most = (declarations) => Math.max(...declarations.map(countParameters));

function declaredKind({ declarations, flags }) {
  if (flags & ts.SymbolFlags.Method) return `method/${most(declarations)}`;
  if (!(flags & ts.SymbolFlags.Accessor)) return 'property';
  const kinds = [
    [ts.SymbolFlags.GetAccessor, 'get'],
    [ts.SymbolFlags.SetAccessor, 'set'],
  ];
  return kinds
    .filter(([flag]) => flags & flag)
    .map(([, word]) => word)
    .join(' ');
}

/** The members of a type that are declared by the package, by name. */
function declaredMembers(type) {
  const isNamed = ({ name }) => !name.startsWith('__@');
  const ours = checker.getPropertiesOfType(type).filter(isOurs).filter(isNamed);
  return Object.fromEntries(ours.map((symbol) => [symbol.name, declaredKind(symbol)]));
}

const isOnlyInterface = ({ flags }) => (flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Variable)) === 0;

function declaredClass(symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const [base] = checker.getBaseTypes(type);
  const constructors = checker.getTypeOfSymbol(symbol).getConstructSignatures();
  const statics = checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)).filter(isOurs);
  return {
    // What it only merges with is an interface.
    base: base === undefined || isOnlyInterface(base.symbol) ? null : base.symbol.name,
    parameters: most(constructors.map((signature) => signature.declaration ?? { parameters: [] })),
    statics: statics.map(({ name }) => name).filter((name) => name !== 'prototype'),
    members: declaredMembers(type),
  };
}

/** Every exported class as `index.d.ts` declares it, by name. */
function declaredClasses() {
  const classes = [...exported].filter(([, { flags }]) => flags & ts.SymbolFlags.Class);
  return Object.fromEntries(classes.map(([name, symbol]) => [name, declaredClass(symbol)]));
}

/** The names of the exported functions that are no classes, each with its number of parameters without options. */
function declaredFunctions() {
  const functions = [...exported].filter(([, { flags }]) => flags & ts.SymbolFlags.Function);
  const isOption = ({ name }) => name.getText() === 'options';
  return Object.fromEntries(
    functions.map(([name, { declarations }]) => [
      name,
      declarations[0].parameters.filter((parameter) => !isOption(parameter)).length,
    ]),
  );
}

/** The names of the members of an exported interface, in alphabetical order. */
function declaredNames(name) {
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(exported.get(name)))
    .map((symbol) => symbol.name.replace(/^__@(\w+)@.*/, '[Symbol.$1]'))
    .sort();
}

/** The declared members of an exported class or interface. */
const membersOf = (name) => declaredMembers(checker.getDeclaredTypeOfSymbol(exported.get(name)));

const details = {
  method: 'GET',
  path: '/x',
  attempts: 1,
  waitedMs: 1,
  maybeProcessed: true,
  cause: new Error('x'),
};
const lost = { ...details, object: {}, status: 502, code: 'ECONNRESET', errno: 'ECONNRESET', type: 'system' };

/** How to make an instance of each class that has everything it can have. Default: a resource. */
const SAMPLES = {
  ConnectClient: (Class) => new Class('https://api.test', 'ApiKey SU-000-000:secret'),
  AbstractHttpAdapter: (Class) => new (class extends Class {})(async () => ({})),
  DefaultHttpAdapter: (Class) => new Class(),
  HttpError: (Class) => new Class(500, '{}', { ...details, retryAfter: '1' }),
  APIError: (Class) => new Class(500, '{}', { ...details, retryAfter: '1' }),
  ConnectionError: (Class) => new Class('lost', lost),
  TimeoutError: (Class) => new Class('late', lost),
  StateError: (Class) => new Class('no', { object: {}, status: 'a', states: ['b'], detail: 'c' }),
  TableError: (Class) => new Class('wrong'),
};

const isClass = ([, value]) => /^class\b/.test(Function.prototype.toString.call(value));

function runningKind({ value, get, set }) {
  if (typeof value === 'function') return `method/${value.length}`;
  return [get && 'get', set && 'set'].filter(Boolean).join(' ') || 'property';
}

/** The members of an object by itself and by the package's own prototypes. */
function runningMembers(object) {
  const members = {};
  const add = (name, descriptor) => {
    if (typeof name === 'string' && name !== 'constructor') members[name] ??= runningKind(descriptor);
  };
  for (const name of Reflect.ownKeys(object)) {
    // V8's own of every error; and what is a method of the prototype as well (the resources below an object).
    const isKnown =
      object instanceof Error ? ['stack', 'message'].includes(name) : name in Object.getPrototypeOf(object);
    if (!isKnown) add(name, {});
  }
  for (let at = Object.getPrototypeOf(object); ![null, Object.prototype, Error.prototype].includes(at); ) {
    for (const name of Reflect.ownKeys(at)) add(name, Object.getOwnPropertyDescriptor(at, name));
    at = Object.getPrototypeOf(at);
  }
  return members;
}

/**
 * Every exported class as it runs, by name.
 *
 * @param {object} connect The package.
 */
function runningClasses(connect) {
  const client = SAMPLES.ConnectClient(connect.ConnectClient);
  const describe = ([name, Class]) => {
    const Base = Object.getPrototypeOf(Class.prototype).constructor;
    const sample = SAMPLES[name] ? SAMPLES[name](Class) : new Class(client, '/x');
    const statics = Object.keys(Object.getOwnPropertyDescriptors(Class));
    return [
      name,
      {
        base: Base === Object ? null : Base.name,
        parameters: Class.length,
        statics: statics.filter((key) => !['length', 'name', 'prototype'].includes(key)),
        members: runningMembers(sample),
      },
    ];
  };
  return Object.fromEntries(Object.entries(connect).filter(isClass).map(describe));
}

module.exports = {
  declaredClasses,
  declaredFunctions,
  declaredNames,
  membersOf,
  runningClasses,
  runningMembers,
};
