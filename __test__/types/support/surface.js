'use strict';

/**
 * Reads `index.d.ts` and the running package into the same form, so that they can be compared:
 * `{ [className]: { base, parameters, statics, members } }`, where `members` maps a name to
 * `method/<parameters>`, `get`, `get set` or `property`.
 */

const ts = require('typescript');

// ------------------------------------------------------------------------------- What index.d.ts declares

const has = (node, kind) => (ts.getModifiers(node) || []).some((modifier) => modifier.kind === kind);

/** The parameters that count for `length`: not the options of a call, which may follow those documented. */
function countParameters({ parameters }, source) {
  return parameters.filter(({ type }) => !/^(Call|Download)Options\b/.test(type?.getText(source) ?? ''))
    .length;
}

/** Adds what a member is to what is known of it: overloads and pairs of accessors come one by one. */
function addMember(members, member, source) {
  const name = member.name.getText(source);
  const known = members[name];
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) {
    const earlier = known === undefined ? 0 : Number(known.split('/')[1]);
    members[name] = `method/${Math.max(earlier, countParameters(member, source))}`;
  } else if (ts.isGetAccessorDeclaration(member)) members[name] = known === 'set' ? 'get set' : 'get';
  else if (ts.isSetAccessorDeclaration(member)) members[name] = known === 'get' ? 'get set' : 'set';
  else members[name] = 'property';
}

function declaredClass(node, source) {
  const heritage = (node.heritageClauses || []).find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const described = {
    base: heritage ? heritage.types[0].expression.getText(source) : null,
    parameters: undefined,
    statics: {},
    members: {},
    types: {},
  };
  for (const member of node.members) {
    if (ts.isConstructorDeclaration(member)) {
      described.parameters = Math.max(described.parameters ?? 0, countParameters(member, source));
    } else {
      addMember(
        has(member, ts.SyntaxKind.StaticKeyword) ? described.statics : described.members,
        member,
        source,
      );
      if (member.type) described.types[member.name.getText(source)] = member.type.getText(source);
    }
  }
  return described;
}

/** The classes that a text of declarations exports; other values are described by the word for their kind. */
function declaredSurface(text) {
  const source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true);
  const classes = {};
  for (const node of source.statements) {
    if (!has(node, ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isClassDeclaration(node)) classes[node.name.text] = declaredClass(node, source);
    else if (ts.isFunctionDeclaration(node)) classes[node.name.text] = 'function';
    else if (ts.isVariableStatement(node)) {
      for (const { name } of node.declarationList.declarations) classes[name.text] = 'value';
    }
  }
  for (const described of Object.values(classes)) {
    for (let at = described; described.parameters === undefined && at?.base; at = classes[at.base]) {
      described.parameters = classes[at.base]?.parameters;
    }
  }
  return classes;
}

/** The interfaces of the resources that are below others: they are no classes that a consumer could reach. */
function declaredBelow(text) {
  const source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true);
  const found = {};
  const isResource = ({ heritageClauses }) =>
    heritageClauses?.[0].types[0].expression.getText(source) === 'GenericResource';
  for (const node of source.statements.filter(ts.isInterfaceDeclaration).filter(isResource)) {
    // The constructor is nobody's business: the method of the resource above calls it.
    found[node.name.text] = { ...declaredClass(node, source), parameters: 1 };
  }
  return found;
}

/** The members of an exported interface and of those that it extends, in alphabetical order. */
function declaredMembers(text, name) {
  const source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  const bases = (found.heritageClauses || []).flatMap(({ types }) => types);
  const inherited = bases.flatMap(({ expression }) => declaredMembers(text, expression.getText(source)));
  const own = found.members
    .filter(({ name: own }) => own !== undefined)
    .map((member) => member.name.getText(source));
  return [...new Set([...inherited, ...own])].sort();
}

// ------------------------------------------------------------------------------------ What the package has

const details = {
  method: 'GET',
  path: '/x',
  attempts: 1,
  waitedMs: 1,
  maybeProcessed: true,
  retryAfter: '1',
  cause: new Error('x'),
};
const { retryAfter: _none, ...asked } = details;
const lost = {
  status: 502,
  ...asked,
  code: 'ECONNRESET',
  errno: 'ECONNRESET',
  type: 'system',
  maybeProcessed: true,
};

/** An instance of each class, with everything that it can have. */
const SAMPLES = {
  ConnectClient: (Class) => new Class('https://api.test', 'ApiKey SU-000-000:secret'),
  AbstractHttpAdapter: (Class) => new (class extends Class {})(async () => ({})),
  DefaultHttpAdapter: (Class) => new Class(),
  HttpError: (Class) => new Class(500, '{}', details),
  APIError: (Class) => new Class(500, '{}', details),
  ConnectionError: (Class) => new Class('lost', lost),
  TimeoutError: (Class) => new Class('late', lost),
  Error: (Class) => new Class('x'),
};

function sampleOf(Class, exported) {
  if (Object.hasOwn(SAMPLES, Class.name)) return SAMPLES[Class.name](Class);
  return new Class(SAMPLES.ConnectClient(exported.ConnectClient), '/x');
}

function kindOf({ value, get, set }) {
  if (typeof value === 'function') return `method/${value.length}`;
  return [get && 'get', set && 'set'].filter(Boolean).join(' ') || 'property';
}

function runningClass(Class, exported) {
  const Base = Object.getPrototypeOf(Class.prototype).constructor;
  const base = Base === Object ? null : Base.name;
  const inherited = base === null ? [] : Reflect.ownKeys(sampleOf(Base, exported));
  const described = { base, parameters: Class.length, statics: {}, members: {} };
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(Class))) {
    if (!['length', 'name', 'prototype'].includes(name)) described.statics[name] = kindOf(property);
  }
  for (const name of Reflect.ownKeys(sampleOf(Class, exported))) {
    // What is kept under a symbol is nobody's business.
    if (typeof name === 'string' && !inherited.includes(name)) described.members[String(name)] = 'property';
  }
  for (const name of Reflect.ownKeys(Class.prototype)) {
    const property = Object.getOwnPropertyDescriptor(Class.prototype, name);
    if (name !== 'constructor') described.members[String(name)] = kindOf(property);
  }
  return described;
}

function runningSurface(exported) {
  const isClass = (value) => typeof value === 'function' && /^class\b/.test(String(value));
  const describe = (value) => {
    if (isClass(value)) return runningClass(value, exported);
    return typeof value === 'function' ? 'function' : 'value';
  };
  return Object.fromEntries(Object.entries(exported).map(([name, value]) => [name, describe(value)]));
}

// ----------------------------------------------------------------------------------------- What differs

/** One sentence for each name that two maps do not share or do not describe alike. */
function compareMaps(where, declared, running) {
  const names = [...new Set([...Object.keys(declared), ...Object.keys(running)])];
  return names
    .filter((name) => declared[name] !== running[name])
    .map((name) => `${where}${name}: declared ${declared[name]}, running ${running[name]}`);
}

function compareClass(name, declared, running) {
  const { base, parameters } = declared;
  return [
    ...compareMaps(`${name} `, { base, parameters }, { base: running.base, parameters: running.parameters }),
    ...compareMaps(`static ${name}.`, declared.statics, running.statics),
    ...compareMaps(`${name}.`, declared.members, running.members),
  ];
}

/** The classes of the resources that are below others, in the form of `runningSurface`. */
function runningBelow(rust, exported) {
  const found = {};
  const look = (resource, { children }) => {
    for (const { name, className } of children) {
      const child = resource[name]('X-1');
      found[className] = runningClass(child.constructor, exported);
      look(
        child,
        rust.find((other) => other.className === className),
      );
    }
  };
  const client = SAMPLES.ConnectClient(exported.ConnectClient);
  for (const declared of rust) if (declared.property !== '') look(client[declared.property], declared);
  return found;
}

/** What `index.d.ts` and the package do not agree about. */
function differences(declared, running) {
  const kind = (described) => (typeof described === 'object' ? 'class' : described);
  const kinds = (all) => Object.fromEntries(Object.entries(all).map(([name, d]) => [name, kind(d)]));
  const shared = Object.keys(declared).filter(
    (name) => kind(declared[name]) === 'class' && kind(running[name]) === 'class',
  );
  return [
    ...compareMaps('', kinds(declared), kinds(running)),
    ...shared.flatMap((name) => compareClass(name, declared[name], running[name])),
  ];
}

/** What Rust declares and `index.d.ts` or the package lacks. */
function missing(rust, declared, running) {
  const lacks = [];
  const need = (where, name, wanted, found) => {
    if (wanted !== found) lacks.push(`${where} ${name}: Rust declares ${wanted}, found ${found}`);
  };
  const answers = { void: 'nothing', D: 'nothing', NodeBuffer: 'bytes', SavedFile: 'bytes' };
  for (const { className, property, methods: all, children = [] } of rust) {
    const methods = all.filter(({ isInternal }) => !isInternal);
    for (const { name, className: child } of children) {
      need('index.d.ts', `${className}.${name}`, child, declared[className]?.types[name]);
      need('package', `${className}.${name}`, 'method/1', running[className]?.members[name]);
    }
    for (const { name, arity, answer } of methods) {
      const full = `${className}.${name}`;
      need('index.d.ts', full, `method/${arity}`, declared[className]?.members[name]);
      need('package', full, `method/${arity}`, running[className]?.members[name]);
      const promised = /^Promise<(.*)>$/s.exec(declared[className]?.types[name]);
      need('index.d.ts', `${full} answer`, answer, promised && (answers[promised[1]] || 'json'));
    }
    if (property === '') continue;
    need('index.d.ts', `ConnectClient.${property}`, className, declared.ConnectClient?.types[property]);
    need('package', `ConnectClient.${property}`, 'get', running.ConnectClient?.members[property]);
  }
  return lacks;
}

module.exports = {
  declaredBelow,
  declaredMembers,
  declaredSurface,
  differences,
  missing,
  runningBelow,
  runningSurface,
  sampleOf,
};
