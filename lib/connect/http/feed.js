'use strict';

const binding = require('../../../binding.js');
const { toBytes } = require('./form');

/** Feeds a stream to the engine, piece by piece, no faster than it is sent. */
async function feedAll(stream, feed) {
  // Whoever closes it says why.
  const pieces = typeof stream.iterator === 'function' ? stream.iterator({ destroyOnReturn: false }) : stream;
  for await (const chunk of pieces) {
    // Nobody sends any more: the answer came early, or the request has failed.
    if (!(await feed.push(toBytes(chunk)))) return;
  }
  feed.end();
}

/**
 * Sends a request whose body is a stream.
 *
 * @param {Readable} stream The body.
 * @param {object} abort Calls the request off: it may wait for a connection, and would learn of a failure only then.
 * @param {Function} send Sends the request, given the engine's end of the body.
 * @returns {Promise<object>} What `send` resolves to; rejects with the stream's own error if that fails.
 */
async function pump(stream, abort, send) {
  const feed = new binding.BodyFeed();
  let broken;
  const feeding = feedAll(stream, feed).catch((error) => {
    broken = { error };
    feed.abandon();
    abort.abort();
  });
  const outcome = await send(feed);
  if (broken === undefined) return outcome;
  await feeding;
  throw broken.error;
}

module.exports = { pump };
