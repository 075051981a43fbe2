'use strict';

/** @import { Readable } from 'stream' */

const binding = require('../../../binding.js');
const { toBytes } = require('./streams.js');

/** Hands a stream to the engine, chunk by chunk, no faster than it is sent. */
async function pushAll(stream, body) {
  // Iterating does not close the stream; the code that closes it passes the error.
  const chunks = typeof stream.iterator === 'function' ? stream.iterator({ destroyOnReturn: false }) : stream;
  for await (const chunk of chunks) {
    // The engine takes no more: the server answered early, or the request has failed.
    if (!(await body.push(toBytes(chunk)))) return;
  }
  body.end();
}

/**
 * Sends a request of the engine whose body is a stream.
 *
 * @param {Readable} stream The body.
 * @param {object} abort The request's abort handle: a request that waits for a connection would not notice that the
 *   stream fails.
 * @param {Function} send Sends the request; gets the engine's end of the body.
 * @returns {Promise<object>} What `send` resolves to; rejects with the stream's own error if it fails.
 */
async function sendWithStream(stream, abort, send) {
  const body = new binding.StreamingBody();
  /** @type {{ error: * } | undefined} */
  let failure;
  const pushing = pushAll(stream, body).catch((error) => {
    failure = { error };
    body.abandon();
    abort.abort();
  });
  const result = await send(body);
  if (failure === undefined) return result;
  await pushing;
  throw failure.error;
}

module.exports = { sendWithStream };
