'use strict';

/**
 * Multipart forms whose files are read while they are sent, whatever they are: bytes, a blob, a stream, a file on
 * disk. Nothing is read into memory as a whole.
 */

const { closeStream, isReadable, readable, streamOf } = require('./streams');

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

function isBlob(value) {
  return ['[object Blob]', '[object File]'].includes(Object.prototype.toString.call(value));
}

function isBytes(value) {
  return (
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    Object.prototype.toString.call(value) === '[object ArrayBuffer]'
  );
}

/**
 * Whether a value is a file that can be uploaded.
 *
 * @param {*} value The value.
 * @returns {boolean} True for a Buffer, another view of bytes, a Blob, a stream of any kind, an async generator, or
 *   `{ path }`.
 */
function isFile(value) {
  if (typeof value !== 'object' || value === null) return false;
  return isBytes(value) || isBlob(value) || isReadable(value) || typeof value.path === 'string';
}

/** The last part of a path, with either kind of slash. */
function baseName(path) {
  return path.split(/[\\/]/).pop();
}

/** A file on disk: looked at before anything is sent, so that a missing one costs no request. */
async function fileOnDisk({ path, name = baseName(path), type = XLSX }) {
  const fs = require('fs');
  const stats = await fs.promises.stat(path);
  if (!stats.isFile()) throw new TypeError(`${path} is not a file that can be uploaded`);
  // Just so many bytes as were announced, should the file grow meanwhile.
  const open = () => (stats.size === 0 ? [] : fs.createReadStream(path, { end: stats.size - 1 }));
  return { name, type, size: stats.size, open };
}

/** What is known of a file: its name, type and size, and how to open it; or the stream that it is, of no known size. */
async function describe(key, value) {
  const name = `${key}.xlsx`;
  if (isBlob(value)) {
    const open = () =>
      typeof value.stream === 'function'
        ? readable(value.stream())
        : value.arrayBuffer().then((all) => [all]);
    return { name: value.name || name, type: value.type || XLSX, size: value.size, open };
  }
  if (isBytes(value)) return { name, type: XLSX, size: value.byteLength, open: () => [value] };
  if (isReadable(value)) {
    // It would be an empty file.
    if (value.readableEnded === true || value.destroyed === true) {
      throw new TypeError(`${key}: the stream has been read to its end already, or was destroyed`);
    }
    const path = typeof value.path === 'string' ? baseName(value.path) : name;
    return { name: path, type: XLSX, size: undefined, source: readable(value) };
  }
  return fileOnDisk(value);
}

/** A name within a header of a part, as browsers escape it. */
function quoted(name) {
  const escapes = { '"': '%22', '\r': '%0D', '\n': '%0A' };
  return `"${`${name}`.replace(/["\r\n]/g, (letter) => escapes[letter])}"`;
}

/** A chunk as bytes, for streams give text and views of any kind. */
function toBytes(chunk) {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return Buffer.from(chunk);
}

/** The pieces of a form in turn. */
async function* piecesOf(parts, end) {
  for (const part of parts) {
    yield part.head;
    part.source = part.source || (await part.open());
    for await (const chunk of part.source) yield toBytes(chunk);
    yield Buffer.from('\r\n');
  }
  yield end;
}

/** A part of a form: its head, how to read the rest, and its size, if that is known. */
async function partOf(boundary, key, value) {
  const start = `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(key)}`;
  if (!isFile(value)) {
    const text = Buffer.from(`${value}`);
    return { head: Buffer.from(`${start}\r\n\r\n`), size: text.length, open: () => [text] };
  }
  const { name, type, ...content } = await describe(key, value);
  const head = Buffer.from(`${start}; filename=${quoted(name)}\r\nContent-Type: ${type}\r\n\r\n`);
  return { head, ...content };
}

/** A random boundary: nothing in a file can be mistaken for it. */
function makeBoundary() {
  return `connect-${require('crypto').randomBytes(18).toString('hex')}`;
}

/**
 * Makes a form.
 *
 * @param {Array} fields `[key, value, ...]`; a value that is undefined is left out.
 * @returns {Promise<{ headers: object, body: object }>} What to send. Rejects where a file on disk cannot be
 *   read.
 */
async function formOf(fields) {
  const boundary = makeBoundary();
  const parts = [];
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i + 1] !== undefined) parts.push(await partOf(boundary, fields[i], fields[i + 1]));
  }
  const end = Buffer.from(`--${boundary}--\r\n`);
  const length = parts.reduce((sum, { head, size }) => sum + head.length + size + 2, end.length);
  const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  // Not a number where the size of one is not known.
  if (length >= 0) headers['Content-Length'] = `${length}`;
  const body = streamOf(piecesOf(parts, end), (reason) => {
    for (const { source } of parts) closeStream(source, reason);
  });
  // A file may fail while nobody reads it yet.
  for (const { source } of parts) source?.on?.('error', (error) => body.destroy(error));
  // Not a plain object, by which the adapter tells what to copy and to write as JSON (facts 25 and 27).
  Object.defineProperty(body, Symbol.toStringTag, { value: 'Form' });
  return { headers, body };
}

module.exports = { formOf, isBytes, isFile, toBytes };
