'use strict';

const fs = require('fs');
const path = require('path');

const folder = path.join(__dirname, '../../types');

/** Interfaces with what is JavaScript's of a class, and not in Rust's table. */
const MERGED = { UsageRecordResource: 'CloseMany', UsageChunkResource: 'CloseManyChunks' };

/** The types of arguments whose documentation names none, by the encoding of the body; the last one counts for the rest. */
const ARGUMENTS = {
  fields: ['string | null'],
  value: ['object'],
  valueOrField: ['object'],
  file: ['UploadFile', 'string | null'],
};

/** A type as TypeScript writes it: `[Item]` is a list in Rust. */
const typeScript = (type) => type.replace(/^\[(.+)\]$/, '$1[]');

/** The parts of a method's documentation: text, `@param`s by name, and the other tags. */
function parse(doc) {
  const [text, ...tags] = doc
    .split('\n')
    .map((line) => line.replace(/^ /, ''))
    .join('\n')
    .trim()
    .split(/^(?=@param\b)/m);
  const parameters = new Map();
  let rest = '';
  for (const tag of tags) {
    const [block, ...others] = tag.split(/^(?=@(?:returns|example)\b)/m);
    rest += others.join('');
    const parameter = /^@param (?:\{(.+?)\} )?(\[?)(\w+)\]? ([\s\S]*)$/.exec(block.trim());
    const [, type, bracket, name, said] = parameter;
    parameters.set(name, { type, isOptional: bracket !== '', said });
  }
  const [summary, ...others] = text.split(/^(?=@(?:returns|example)\b)/m);
  return { summary: summary.trim(), parameters, rest: `${others.join('')}${rest}`.trim() };
}

/** A documentation comment. */
function comment(...blocks) {
  const text = blocks.filter((block) => block !== '').join('\n\n');
  if (!text.includes('\n')) return `/** ${text} */`;
  return ['/**', ...text.split('\n').map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');
}

/** One method: its documentation and its signature, or two of them for a download. */
function method({ name, formOf, ids, arguments: others, encoding, response, result, doc }) {
  const { summary, parameters, rest } = parse(doc);
  const about = [];
  const signature = [];
  const add = (argument, fallback, isId) => {
    const known = parameters.get(argument) || { said: isId ? 'The id.' : '', isOptional: false };
    if (known.said !== '') about.push(`@param ${argument} ${known.said.trim()}`);
    signature.push(`${argument}${known.isOptional ? '?' : ''}: ${known.type || fallback}`);
  };
  for (const id of ids) add(id, 'Id', true);
  others.forEach((argument, at) => {
    const types = ARGUMENTS[encoding] || [];
    add(argument, types[Math.min(at, types.length - 1)], false);
  });
  const options = 'options?: CallOptions | null';
  const resolved = { json: 'any', nothing: 'void', bytes: 'NodeBuffer' }[response];
  const type = result === '' ? resolved : typeScript(result);
  const lines = [
    comment(summary, [...about, rest].filter(Boolean).join('\n')),
    `${formOf || name}(${[...signature, options].join(', ')}): Promise<${type}>;`,
  ];
  if (response === 'bytes') {
    lines.push(
      comment(
        `${summary.split('\n')[0].replace(/\.$/, '')} and saves it, in constant memory.`,
        about.join('\n'),
      ),
      `${name}(${[...signature, 'options: DownloadOptions & { to: string }'].join(', ')}): Promise<SavedFile>;`,
    );
  }
  return lines.join('\n');
}

/** A method that returns the resource below an object. */
function child({ name, id, class: className, doc }) {
  const { summary, parameters } = parse(doc);
  const said = parameters.get(id)?.said || 'The id of the object.';
  return [comment(summary, `@param ${id} ${said}`), `${name}(${id}: Id): ${className};`].join('\n');
}

/** An inherited method as the class has it: with its objects for `T`. */
function inherited(generic, name, [type]) {
  const method = generic.methods.find((one) => one.name === name);
  const own = (text) => text.replace(/\bT\b/g, type);
  return { ...method, doc: own(method.doc), result: own(method.result) };
}

/** The methods that are declared; the second form of a method precedes it. */
function declared({ types, methods }, generic) {
  const forms = methods.filter(({ formOf }) => formOf !== '');
  const own = methods.filter(({ isInternal }) => !isInternal);
  const others = forms
    .filter(({ formOf }) => !own.some(({ name }) => name === formOf))
    .map(({ formOf }) => inherited(generic, formOf, types));
  return [...others, ...own].flatMap((one) => [...forms.filter(({ formOf }) => formOf === one.name), one]);
}

/** The interfaces with what a class has besides the methods of its table. */
function merged({ class: className, types, states }) {
  const names = states.map(({ name }) => `'${name}'`).join(' | ');
  return [MERGED[className], names && `WaitFor<${types[0]}, ${names}>`].filter(Boolean);
}

/** The types of one resource. */
function resource(one, generic) {
  const { class: className, property, types, doc, children } = one;
  const members = [...declared(one, generic).map(method), ...children.map(child)].join('\n\n');
  const { summary, rest } = parse(doc);
  const head = comment(summary, rest);
  if (className === 'GenericResource') {
    return `${head}\nexport interface GenericMethods<T, F, D> {\n${members}\n}`;
  }
  const base = `extends GenericResource<${types.join(', ')}>`;
  if (property === '') return `${head}\nexport interface ${className} ${base} {\n${members}\n}`;
  const construct = '/** @param client The client to send with. */\nconstructor(client: ConnectClient);';
  const interfaces = merged(one);
  return [
    `${head}\nexport class ${className} ${base} {\n${construct}\n\n${members}\n}`,
    ...(interfaces.length > 0 ? [`export interface ${className} extends ${interfaces.join(', ')} {}`] : []),
  ].join('\n');
}

/** The properties of a client: a resource each, and the field that keeps it. */
function clientResources(api) {
  const members = api
    .filter(({ property }) => property !== '')
    .map(({ class: className, property, doc }) => {
      const [about] = parse(doc).summary.split('\n\n');
      const getter = `${comment(about)}\nget ${property}(): ${className};`;
      return `${getter}\n/** What \`${property}\` returns. */\n_${property}: ${className};`;
    });
  const head = comment('The properties of a client that hold its resources.');
  return `${head}\nexport interface ClientResources {\n${members.join('\n\n')}\n}`;
}

/** The imports of a text, by what the other files export. */
function imports(text) {
  const lines = [];
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.d.ts') && file !== 'resources.d.ts');
  for (const file of files.sort()) {
    const source = fs.readFileSync(path.join(folder, file), 'utf8');
    const names = [...source.matchAll(/^export (?:declare )?(?:class|interface|type) (\w+)/gm)]
      .map(([, name]) => name)
      .filter((name, at, all) => all.indexOf(name) === at && new RegExp(`\\b${name}\\b`).test(text));
    const from = `./${file.replace(/\.d\.ts$/, '')}`;
    // A class that is extended is a value.
    const kind = names.includes('GenericResource') ? 'import' : 'import type';
    if (names.length > 0) lines.push(`${kind} { ${names.sort().join(', ')} } from '${from}';`);
  }
  return lines;
}

/**
 * The types of all resources.
 *
 * @param {object[]} api Every resource, as `describe-api` prints it.
 * @returns {string} The text of types/resources.d.ts.
 */
function resourceTypes(api) {
  const body = [...api.map((one) => resource(one, api[0])), clientResources(api)].join('\n\n');
  const code = body.replace(/\/\*\*[\s\S]*?\*\//g, '');
  return [
    '// Written by `npm run docs` from src/core/resources; do not edit.',
    '// biome-ignore-all lint/suspicious/noExplicitAny: Connect does not document what it responds with.',
    '// biome-ignore-all lint/suspicious/noUnsafeDeclarationMerging: the members of the interface are there, too.',
    ...imports(code),
    '',
    body,
    '',
  ].join('\n');
}

module.exports = { resourceTypes };
