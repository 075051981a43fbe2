'use strict';

/** @import { Readable } from 'stream' */

const { isStream } = require('../copies.js');

/** Streams of every kind, read and closed as Node's. */

/** Whether a value gives its content in chunks: a stream of any kind, or an async generator. */
function isReadable(value) {
  if (typeof value !== 'object' || value === null) return false;
  return [value.pipe, value.getReader, value[Symbol.asyncIterator]].some((one) => typeof one === 'function');
}

/** A chunk as bytes; streams may give text and views of any kind. */
function toBytes(chunk) {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return Buffer.from(chunk);
}

/** The chunks of a web stream's reader; not every web stream can be iterated. */
async function* chunksOf(reader) {
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value;
}

/**
 * Creates a stream from chunks. Closing it early closes their source too, even while the next chunk is awaited.
 *
 * @param {AsyncIterable} chunks The chunks.
 * @param {Function} close Closes the source; gets the reason, if there is one.
 * @returns {Readable} The stream.
 */
function streamOf(chunks, close) {
  const { Readable } = require('stream');
  const stream = Readable.from(chunks, { objectMode: false });
  const destroy = stream._destroy;
  stream._destroy = (reason, callback) => {
    close(reason || undefined);
    destroy.call(stream, reason, callback);
  };
  return stream;
}

function fromWeb(stream) {
  const reader = stream.getReader();
  return streamOf(chunksOf(reader), (reason) => {
    // Fails if the stream has failed, which its reader has been told.
    reader.cancel(reason).catch(() => undefined);
  });
}

/** The error of a stream that was closed before its end. */
function prematureClose() {
  const error = new Error('the stream was closed before it ended');
  return Object.assign(error, { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}

/** Pipes a stream that cannot be iterated. `Readable.wrap` would drop what is still unread when the source closes. */
function fromPipe(source) {
  const { PassThrough } = require('stream');
  const stream = new PassThrough();
  if (typeof source.on === 'function') {
    let hasEnded = false;
    source.on('error', (error) => stream.destroy(error));
    source.on('end', () => {
      hasEnded = true;
    });
    source.on('close', () => {
      if (!hasEnded) stream.destroy(prematureClose());
    });
  }
  stream.once('close', () => closeStream(source));
  source.pipe(stream);
  return stream;
}

/**
 * Makes a stream that can be iterated and closed.
 *
 * @param {object} source A stream of Node's, of the web's, or of an old kind that has only `pipe` and events; or an
 *   async generator.
 * @returns {Readable} The source itself, or a stream of its content that fails and ends as it does.
 */
function readable(source) {
  const isIterable = typeof source[Symbol.asyncIterator] === 'function';
  if (!isStream(source)) {
    if (typeof source.getReader === 'function') return fromWeb(source);
    return streamOf(source, () => undefined);
  }
  // It may fail before anybody reads it. Whoever does then gets the error; without a listener it would end the
  // process.
  source.on?.('error', () => undefined);
  return isIterable ? source : fromPipe(source);
}

/**
 * Closes a stream that nobody reads any more.
 *
 * @param {*} stream The stream; anything else is ignored.
 * @param {*} [reason] Why.
 */
function closeStream(stream, reason) {
  if (typeof stream?.getReader === 'function' && !isStream(stream)) {
    // Fails if the stream has failed.
    if (!stream.locked) stream.cancel(reason).catch(() => undefined);
    return;
  }
  if (!isStream(stream)) return;
  if (typeof stream.destroy !== 'function' || stream.destroyed) return;
  // An error without a listener would end the process.
  stream.on?.('error', () => undefined);
  stream.destroy(reason);
}

module.exports = { chunksOf, closeStream, isReadable, prematureClose, readable, streamOf, toBytes };
