'use strict';

/**
 * Multipart forms. A file (bytes, a blob, a stream, a file on disk) is read while it is sent, never into memory as a
 * whole.
 */

const { closeStream, isReadable, readable, streamOf, toBytes } = require('./streams.js');

/** The content type of a file that names none. */
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

/** The last segment of a path, with slashes of either kind. */
function baseName(path) {
  return path.split(/[\\/]/).pop();
}

/** Describes a file on disk. It is looked up before anything is sent, so that a missing file costs no request. */
async function fileOnDisk({ path, name = baseName(path), type = XLSX }) {
  const fs = require('fs');
  const stats = await fs.promises.stat(path);
  if (!stats.isFile()) throw new TypeError(`${path} is not a regular file and cannot be uploaded`);
  // Exactly the announced size, even if the file grows meanwhile.
  const open = () => (stats.size === 0 ? [] : fs.createReadStream(path, { end: stats.size - 1 }));
  return { name, type, size: stats.size, open };
}

/**
 * Describes a file.
 *
 * @returns {Promise<object>} Its `name`, `type` and `size`, and how to `open` it; for a stream its `source` instead,
 *   without a size.
 */
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
    // It would be sent as an empty file.
    if (value.readableEnded === true || value.destroyed === true) {
      throw new TypeError(`${key}: the stream has already ended or was destroyed`);
    }
    const path = typeof value.path === 'string' ? baseName(value.path) : name;
    return { name: path, type: XLSX, size: undefined, source: readable(value) };
  }
  return fileOnDisk(value);
}

/** A name as browsers quote it in the headers of a part. */
function quoted(name) {
  const escapes = { '"': '%22', '\r': '%0D', '\n': '%0A' };
  return `"${`${name}`.replace(/["\r\n]/g, (letter) => escapes[letter])}"`;
}

/** The body of a form, in chunks. */
async function* chunksOf(parts, end) {
  for (const part of parts) {
    yield part.head;
    part.source = part.source || (await part.open());
    for await (const chunk of part.source) yield toBytes(chunk);
    yield Buffer.from('\r\n');
  }
  yield end;
}

/**
 * A part of a form: its `head`, how to `open` its content (or the `source` itself), and the `size` of that if it is
 * known.
 */
async function createPart(boundary, key, value) {
  const start = `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(key)}`;
  if (!isFile(value)) {
    const text = Buffer.from(`${value}`);
    return { head: Buffer.from(`${start}\r\n\r\n`), size: text.length, open: () => [text] };
  }
  const { name, type, ...content } = await describe(key, value);
  const head = Buffer.from(`${start}; filename=${quoted(name)}\r\nContent-Type: ${type}\r\n\r\n`);
  return { head, ...content };
}

/** A boundary that is random, so that no file contains it. */
function createBoundary() {
  return `connect-${require('crypto').randomBytes(18).toString('hex')}`;
}

/**
 * Creates a form.
 *
 * @param {Array} fields `[key, value, ...]`; undefined and null are left out.
 * @returns {Promise<{ headers: object, body: object }>} What to send; rejects if a file on disk cannot be read.
 */
async function createForm(fields) {
  const boundary = createBoundary();
  const parts = [];
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1];
    if (value !== undefined && value !== null) parts.push(await createPart(boundary, fields[i], value));
  }
  const end = Buffer.from(`--${boundary}--\r\n`);
  const length = parts.reduce((sum, { head, size }) => sum + head.length + size + 2, end.length);
  const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  // NaN if a part has no known size.
  if (length >= 0) headers['Content-Length'] = `${length}`;
  const body = streamOf(chunksOf(parts, end), (reason) => {
    for (const { source } of parts) closeStream(source, reason);
  });
  // A source may fail before it is read.
  for (const { source } of parts) source?.on?.('error', (error) => body.destroy(error));
  // Not a plain object, which the adapter would copy and send as JSON.
  Object.defineProperty(body, Symbol.toStringTag, { value: 'Form' });
  return { headers, body };
}

module.exports = { createForm, isFile };
