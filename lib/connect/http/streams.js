'use strict';

/** Streams of any kind, as Node's that can be read and closed. */

/** Whether a value is a stream of Node's, or one like it. */
function isStream(value) {
  return typeof value === 'object' && value !== null && typeof value.pipe === 'function';
}

/** The chunks of a web stream; Node 18 iterates them itself, older sandboxes may not. */
async function* chunksOf(reader) {
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value;
}

/**
 * Makes a stream of pieces. Closed early, it closes what they come from, even while that is waited for.
 *
 * @param {AsyncIterable} pieces The pieces.
 * @param {Function} close Closes their source, given the reason, if there is one.
 * @returns {Readable} The stream.
 */
function streamOf(pieces, close) {
  const { Readable } = require('stream');
  const stream = Readable.from(pieces, { objectMode: false });
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
    // It fails where the stream has failed, of which its reader has heard.
    reader.cancel(reason).catch(() => undefined);
  });
}

/** What a stream has failed with that was closed before its end. */
function prematureClose() {
  const error = new Error('the stream was closed before its end');
  return Object.assign(error, { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}

/** A stream that is piped. Not `Readable.wrap`: that drops what is still to be read of one that is closed after its end. */
function ofOlderKind(stream) {
  const { PassThrough } = require('stream');
  const passed = new PassThrough();
  if (typeof stream.on === 'function') {
    let isWhole = false;
    stream.on('error', (error) => passed.destroy(error));
    stream.on('end', () => {
      isWhole = true;
    });
    // Closed without an end: what there is of it is not all.
    stream.on('close', () => {
      if (!isWhole) passed.destroy(prematureClose());
    });
  }
  // Who reads no further lets go of the source as well.
  passed.once('close', () => closeStream(stream));
  stream.pipe(passed);
  return passed;
}

/** Whether a value gives its content piece by piece: a stream of any kind, or an async generator. */
function isReadable(value) {
  if (typeof value !== 'object' || value === null) return false;
  return [value.pipe, value.getReader, value[Symbol.asyncIterator]].some((one) => typeof one === 'function');
}

/**
 * A stream that can be iterated and closed, of whatever kind it is.
 *
 * @param {object} source A stream of Node's, of the web's, or of the older kind, which has only `pipe`, and events; or an
 *   async generator.
 * @returns {Readable} The stream itself, or one that carries on what it gives, its errors and its end.
 */
function readable(source) {
  const isIterable = typeof source[Symbol.asyncIterator] === 'function';
  if (!isStream(source)) {
    if (typeof source.getReader === 'function') return fromWeb(source);
    return streamOf(source, () => undefined);
  }
  // It may fail before anybody reads it; who reads it is told then.
  source.on?.('error', () => undefined);
  return isIterable ? source : ofOlderKind(source);
}

/**
 * Closes a stream that is not read any more, and what it holds open.
 *
 * @param {object} stream The stream; anything else is left alone.
 * @param {*} [reason] Why.
 */
function closeStream(stream, reason) {
  if (typeof stream?.getReader === 'function' && !isStream(stream)) {
    // It fails where the stream has failed already.
    if (!stream.locked) stream.cancel(reason).catch(() => undefined);
    return;
  }
  if (!isStream(stream)) return;
  if (typeof stream.destroy !== 'function' || stream.destroyed) return;
  // An error that nobody listens for ends the process.
  stream.on?.('error', () => undefined);
  stream.destroy(reason);
}

module.exports = { chunksOf, closeStream, isReadable, isStream, prematureClose, readable, streamOf };
