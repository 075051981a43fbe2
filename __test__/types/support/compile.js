'use strict';

const fs = require('fs');
const path = require('path');
const ts = require('typescript');

const folder = path.join(__dirname, '..');
const root = path.join(folder, '..', '..');

/** Parsing the standard library takes most of the time: it is done once. Our own files are read every time. */
const libraries = new Map();

function hostFor(options, readText) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, readFile } = host;
  host.readFile = (name) => readText(path.resolve(name)) ?? readFile(name);
  host.getSourceFile = (name, language, ...rest) => {
    const text = readText(path.resolve(name));
    if (text !== undefined) return ts.createSourceFile(name, text, language, true);
    if (!name.includes('/node_modules/')) return getSourceFile(name, language, ...rest);
    const key = JSON.stringify([name, language]);
    if (!libraries.has(key)) libraries.set(key, getSourceFile(name, language, ...rest));
    return libraries.get(key);
  };
  return host;
}

/** The options of `tsconfig.json`, with others over them in the notation of that file. */
function optionsWith(over) {
  const { config } = ts.readConfigFile(path.join(folder, 'tsconfig.json'), ts.sys.readFile);
  const compilerOptions = { ...config.compilerOptions, ...over };
  const { options, errors } = ts.parseJsonConfigFileContent({ ...config, compilerOptions }, ts.sys, folder);
  if (errors.length > 0) throw new Error(ts.flattenDiagnosticMessageText(errors[0].messageText, '\n'));
  return options;
}

/**
 * Compiles files of this folder against the repository's `index.d.ts`.
 *
 * @param {string[]} files Their names, or absolute paths.
 * @param {object} [over] Compiler options, as in `tsconfig.json`, over those that are there.
 * @param {Function} [change] `(text, path) => text` for every file that is neither library nor package.
 * @returns {{ file: string, line: number, code: number, text: string }[]} What the compiler objects to, in
 *   declaration files as well; lines count from 1.
 */
function compile(files, over, change = (text) => text) {
  const options = optionsWith(over);
  const readText = (name) => {
    if (name.includes(`${path.sep}node_modules${path.sep}`) || !fs.existsSync(name)) return undefined;
    return change(fs.readFileSync(name, 'utf8'), name);
  };
  const names = files.map((file) => path.resolve(folder, file));
  const program = ts.createProgram(names, options, hostFor(options, readText));
  return ts.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => ({
    file: file ? path.relative(folder, file.fileName) : '',
    line: file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0,
    code,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}

module.exports = { compile, folder, root };
